/**
 * What the engine's script takes from the shell's, so that it is loaded once and there is one of each: build.mjs puts
 * these in the place of its imports. Every other module that both scripts hold must keep no state.
 */
import * as signals from "@preact/signals";
import * as preact from "preact";
import * as hooks from "preact/hooks";
import * as jsx from "preact/jsx-runtime";
import * as words from "./words";

Object.assign(globalThis, {
  sealdeskShared: { preact, "preact/hooks": hooks, "preact/jsx-runtime": jsx, "@preact/signals": signals, words },
});
