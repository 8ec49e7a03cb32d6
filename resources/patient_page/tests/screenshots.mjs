// Pictures of every screen: `npm run screenshots [FOLDER]`, docs/screenshots/page unless another is named. Each is
// NAME-SIZE-THEME-LANGUAGE.png. No clock runs: the same source gives the same picture.
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright";

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = process.argv[2] ?? here("../../../docs/screenshots/page");

const { outputFiles } = await build({
  entryPoints: [here("view/gallery.tsx")],
  bundle: true,
  write: false,
  format: "esm",
  platform: "browser",
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  external: ["node:*"],
  define: { PINNED_CLINIC: '""' },
  logLevel: "error",
});
const files = {
  "/": ["text/html", '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Secure chat</title><link rel="stylesheet" href="page.css"><div id="page"></div><script type="module" src="gallery.js"></script>'],
  "/gallery.js": ["text/javascript", outputFiles[0].contents],
  "/page.css": ["text/css", await readFile(here("../src/page.css"))],
};
const server = createServer(({ url }, response) => {
  const [type, content] = files[url] ?? [];
  return void response.writeHead(type === undefined ? 404 : 200, { "Content-Type": type ?? "text/plain" }).end(content);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((place) => existsSync(place));
const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath, args: [...root, "--disable-gpu", "--disable-background-networking", "--disable-sync"] });
await mkdir(folder, { recursive: true });
const made = new Set();
const LOCALES = { en: "en-US", es: "es-ES" };
for (const [spoken, locale] of Object.entries(LOCALES)) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    // A phone is worked by the finger, and offers its camera.
    const context = await browser.newContext({ locale, viewport, hasTouch: size === "phone", timezoneId: "UTC", reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => globalThis.shotNames !== undefined);
    const brief = new Set(await page.evaluate(() => globalThis.briefShots));
    for (const name of await page.evaluate(() => globalThis.shotNames)) {
      if (brief.has(name) && size !== "phone") continue;
      await page.evaluate(([shot, language]) => globalThis.show(shot, language), [name, spoken]);
      await page.waitForFunction(() => [...document.images].every(({ complete }) => complete) && document.querySelector("span.placeholder") === null);
      for (const colorScheme of brief.has(name) ? ["light"] : ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        const file = `${name}-${size}-${colorScheme}-${spoken}.png`;
        await page.screenshot({ path: join(folder, file), caret: "hide" });
        made.add(file);
      }
    }
    await context.close();
  }
}
await browser.close();
server.close();
const stale = (await readdir(folder)).filter((file) => file.endsWith(".png") && !made.has(file));
await Promise.all(stale.map((file) => rm(join(folder, file))));
