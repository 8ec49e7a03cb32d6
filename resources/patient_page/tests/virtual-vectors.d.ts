/** Made by vitest.config.ts. A key is the file's path in its folder, without `.json`. */
declare module "virtual:vectors" {
  export const vectors: Readonly<Record<string, unknown>>;
  /** Empty when the folder is absent; never in CI. */
  export const wycheproof: Readonly<Record<string, unknown>>;
}
