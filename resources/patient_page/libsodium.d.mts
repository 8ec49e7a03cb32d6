export interface Libsodium {
  readonly wrappers: string;
  readonly loader: string;
  readonly wasm: Uint8Array;
}

export function libsodium(): Promise<Libsodium>;
