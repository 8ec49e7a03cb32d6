/** The page's second script: the conversation's engine, libsodium, and the screens behind the button. */
import sodium from "libsodium-wrappers-sumo";

import { Attention } from "./attention";
import { clinicName } from "./charter";
import { Line } from "./line";
import { provideWebAssembly } from "./libsodium";
import { MemoryStore } from "./memory_store";
import { renewPush, switchPush } from "./push";
import { provideSodium } from "./protocol/primitives";
import { type View, problemOf } from "./screen";
import { eraseEverything } from "./erasure";
import { type Store, Vault, findLock } from "./vault";
import { Erased } from "./view/erased";
import { LineScreen } from "./view/line_screen";
import { LockScreen } from "./view/lock_screen";

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

let attention: Attention | undefined;

const openVault = (): Promise<Vault> => Vault.open();

const openMemory = (): Store => new MemoryStore();

/** What a device that keeps nothing may have been given before the person said so is taken away first. */
async function openNothing(): Promise<Store> {
  await eraseEverything();
  return openMemory();
}

const sodiumReady = sodium.ready.then(() => provideSodium(sodium));

/** `changed`: whether it is shown; the last words of a line that was left are not, and are then told to nobody. */
async function openLine(changed: (view: View) => boolean, store: Store): Promise<Line> {
  await sodiumReady;
  attention ??= new Attention();
  const told = attention;
  const show = (view: View): void => {
    if (changed(view)) told.see(view);
  };
  return Line.open({ store, random, now: Date.now, changed: show });
}

const lookAway = (): void => attention?.lookAway();

/** Within the person's gesture. Throws what `switchPush` does. */
async function notify(line: Line, kind: "sound" | "push", on: boolean): Promise<void> {
  if (kind === "push") return switchPush(line, on);
  if (on) void attention?.sample().catch(() => undefined);
  await line.keepNotices({ sound: on });
}

/** What the shell may use of it. Errors that it throws are told apart here: the shell has no classes in common with it. */
export const engine = {
  Erased, LineScreen, LockScreen, clinicName, eraseEverything, findLock, lookAway, notify, openLine, openMemory, openNothing, openVault, problemOf, provideWebAssembly, renewPush, sodiumReady,
};
export type Engine = typeof engine;

Object.assign(globalThis, { sealdeskEngine: engine });
