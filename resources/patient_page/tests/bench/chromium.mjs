// The distribution's Chromium, and what is measured in it as one script: how every bench begins.
import { build } from "esbuild";
import { existsSync } from "node:fs";

import { chromium } from "playwright";

export const launch = (...more) =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((place) => existsSync(place)),
    // Root, as in a container, has no user namespace to sandbox with.
    args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-gpu", ...more],
  });

/** `source` as esbuild takes it: `entryPoints` or `stdin`. */
export async function bundled(source) {
  const { outputFiles } = await build({
    ...source,
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    external: ["node:*"],
    logLevel: "error",
  });
  return outputFiles[0].text;
}
