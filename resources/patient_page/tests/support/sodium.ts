/** Imported first by every test of the protocol: libsodium, which the page gets from a script of its own. */
import sodium from "libsodium-wrappers-sumo";

import { provideSodium } from "../../src/protocol/primitives";

await sodium.ready;
provideSodium(sodium);

/** Bytes that nobody can foresee. */
export const systemRandom = (count: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(count));
