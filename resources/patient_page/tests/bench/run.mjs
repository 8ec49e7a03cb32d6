// Runs bench.ts in Chromium and prints its figures as one JSON object.
import { fileURLToPath } from "node:url";

import { bundled, launch } from "./chromium.mjs";

const content = await bundled({ entryPoints: [fileURLToPath(new URL("bench.ts", import.meta.url))] });
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.addScriptTag({ content });
  const figures = await page.evaluate(() => globalThis.measure());
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await browser.close();
}
