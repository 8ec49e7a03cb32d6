// Runs bench.ts in Chromium and prints its figures as one JSON object.
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("bench.ts", import.meta.url))],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  platform: "browser",
  external: ["node:*"],
  logLevel: "error",
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync),
  // Root, as in a container, has no user namespace to sandbox with.
  args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-gpu"],
});
try {
  const page = await browser.newPage();
  await page.addScriptTag({ content: outputFiles[0].text });
  const figures = await page.evaluate(() => globalThis.measure());
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await browser.close();
}
