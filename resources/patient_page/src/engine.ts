/** The page's second script: the conversation's engine, libsodium, and the screens behind the button. */
import sodium from "libsodium-wrappers-sumo";

import { Attention } from "./attention";
import { clinicName } from "./charter";
import { Line } from "./line";
import { provideWebAssembly } from "./libsodium";
import { MemoryStore } from "./memory_store";
import { redraw } from "./photo";
import { renewPush, switchPush } from "./push";
import { provideSodium } from "./protocol/primitives";
import { type View, problemOf } from "./screen";
import { type Store, Vault, eraseEverything } from "./vault";
import { LineScreen } from "./view/line_screen";

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

let attention: Attention | undefined;

/** What a device that keeps nothing may have been given before the person said so is taken away first. */
async function openStore(keeps: boolean): Promise<Store> {
  if (keeps) return Vault.open();
  await eraseEverything();
  return new MemoryStore();
}

async function openLine(changed: (view: View) => void, keeps: boolean): Promise<Line> {
  const [store] = await Promise.all([openStore(keeps), sodium.ready]);
  provideSodium(sodium);
  attention ??= new Attention();
  const told = attention;
  const show = (view: View): void => {
    changed(view);
    told.see(view);
  };
  return Line.open({ store, random, now: Date.now, changed: show });
}

/** Within the person's gesture. Throws what `switchPush` does. */
async function notify(line: Line, kind: "sound" | "push", on: boolean): Promise<void> {
  if (kind === "push") return switchPush(line, on);
  if (on) void attention?.sample().catch(() => undefined);
  await line.keepNotices({ sound: on });
}

/** What the shell may use of it. Errors that it throws are told apart here: the shell has no classes in common with it. */
export const engine = { LineScreen, clinicName, eraseEverything, notify, openLine, problemOf, provideWebAssembly, redraw, renewPush, sodiumReady: sodium.ready };
export type Engine = typeof engine;

Object.assign(globalThis, { sealdeskEngine: engine });
