// libsodium with what the page calls and nothing else: of 700 functions some 40, and a third of the bytes. Nothing is compiled anew
// and no instruction is changed: what nobody can reach is left out, and what is left is libsodium's own to the byte. A part that does
// not look as expected here fails the build.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { pruned } from "./webassembly.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const LOADER = join(root, "node_modules/libsodium-sumo/dist/modules-sumo-esm/libsodium-sumo.mjs");
const WRAPPERS = join(root, "node_modules/libsodium-wrappers-sumo/dist/modules-sumo-esm/libsodium-wrappers.mjs");
const PRIMITIVES = join(root, "src/protocol/primitives.ts");

/** The one match, or the build fails. */
function only(text, pattern, what) {
  const found = [...text.matchAll(pattern)];
  if (found.length !== 1) throw new Error(`libsodium does not hold ${what} as this build expects`);
  return found[0];
}

/** The names in the type `Sodium`, since TypeScript lets the page call no others, and those by which the wrappers try themselves out. */
async function usedNames(wrappers) {
  const [, names] = only(await readFile(PRIMITIVES, "utf8"), /export type Sodium = Pick<([^;]*)>;/g, "its list of names");
  const own = wrappers.matchAll(/\bt\.((?:crypto|randombytes|sodium)_\w+)/g);
  return new Set([...names.matchAll(/"(\w+)"/g), ...own].map(([, name]) => name));
}

/** The wrappers register their functions in two lists, side by side, and their constants in two more. */
function prunedWrappers(text, used) {
  const [functions, names, values] = only(text, /var e=(\["crypto_[^\]]*\]),a=\[([\w$,]*)\]/g, "its list of functions");
  const idents = values.split(",");
  const kept = JSON.parse(names).map((name, i) => [name, idents[i]]).filter(([name]) => used.has(name));
  const [constants, numbers] = only(text, /var n=(\["SODIUM_[^\]]*\])/g, "its list of constants");
  const [texts] = only(text, /var s=\["SODIUM_VERSION[^\]]*\]/g, "its list of texts");
  return text
    .replace(functions, `var e=${JSON.stringify(kept.map(([name]) => name))},a=[${kept.map(([, ident]) => ident)}]`)
    .replace(constants, `var n=${JSON.stringify(JSON.parse(numbers).filter((name) => used.has(name)))}`)
    .replace(texts, "var s=[]");
}

/** What the wrappers that are left call by name, and the functions that their constants come from. */
async function calledNames(wrappers, used) {
  const options = { stdin: { contents: wrappers }, bundle: true, write: false, format: "esm", external: ["libsodium-sumo"], logLevel: "error" };
  const { outputFiles } = await build(options);
  const named = [...outputFiles[0].text.matchAll(/\._(\w+)\b/g)].map(([, name]) => name);
  return new Set([...named, ...[...used].map((name) => name.toLowerCase())]);
}

/** Takes the WebAssembly, which stands there as text, and the exports that nobody calls. */
function prunedLoader(text, called) {
  const [quoted, wasm] = only(text, /"(AGFzbQ[A-Za-z0-9+/=]*)"/g, "its WebAssembly");
  const script = text.replace(quoted, '""').replaceAll(/g\._(\w+)=A\.[\w$]+,/g, (assignment, name) => (called.has(name) ? assignment : ""));
  const exports = new Set([...script.matchAll(/\bA\.([\w$]+)/g)].map(([, name]) => name));
  return { script, wasm: pruned(Buffer.from(wasm, "base64"), exports) };
}

/** `wrappers` and `loader` are modules' texts, of which the first imports the second as "libsodium-sumo". */
export async function libsodium() {
  const text = await readFile(WRAPPERS, "utf8");
  const used = await usedNames(text);
  const wrappers = prunedWrappers(text, used);
  const { script, wasm } = prunedLoader(await readFile(LOADER, "utf8"), await calledNames(wrappers, used));
  return { wrappers, loader: script, wasm };
}
