/** The page's second script: the conversation's engine, libsodium, and the screens behind the button. */
import sodium from "libsodium-wrappers-sumo";

import { clinicName } from "./charter";
import { Line } from "./line";
import { provideWebAssembly } from "./libsodium";
import { redraw } from "./photo";
import { provideSodium } from "./protocol/primitives";
import { type View, problemOf } from "./screen";
import { Vault, eraseEverything } from "./vault";
import { LineScreen } from "./view/line_screen";

const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

async function openLine(changed: (view: View) => void): Promise<Line> {
  const [store] = await Promise.all([Vault.open(), sodium.ready]);
  provideSodium(sodium);
  return Line.open({ store, random, now: Date.now, changed });
}

/** What the shell may use of it. Errors that it throws are told apart here: the shell has no classes in common with it. */
export const engine = { LineScreen, clinicName, eraseEverything, openLine, problemOf, provideWebAssembly, redraw, sodiumReady: sodium.ready };
export type Engine = typeof engine;

Object.assign(globalThis, { sealdeskEngine: engine });
