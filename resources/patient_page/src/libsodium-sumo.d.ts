/** Emscripten's module, as far as libsodium.ts goes into it. */
declare module "libsodium-sumo" {
  export interface Module {
    instantiateWasm?: (imports: WebAssembly.Imports, received: (instance: WebAssembly.Instance) => void) => void;
  }
  export default function instantiate(module: Module): Promise<Module>;
}
