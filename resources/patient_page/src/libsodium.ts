/**
 * libsodium with its WebAssembly in a file of its own: a third smaller than as text within a script. build.mjs takes the
 * text out and gives this module to libsodium's wrappers in the place of "libsodium-sumo".
 */
import instantiate, { type Module } from "libsodium-sumo";

let compile: (bytes: BufferSource) => void = () => undefined;
const compiled = new Promise<WebAssembly.Module>((resolve) => {
  compile = (bytes) => resolve(WebAssembly.compile(bytes));
});

/** The wrappers begin when they are loaded, and wait for this. */
export const provideWebAssembly = (bytes: BufferSource): void => compile(bytes);

export default async function libsodium(module: Module): Promise<Module> {
  const code = await compiled;
  return instantiate({
    ...module,
    instantiateWasm: (imports, received) => {
      void WebAssembly.instantiate(code, imports).then(received);
    },
  });
}
