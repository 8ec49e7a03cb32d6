// From the link to the button, on a slow phone: the page as it is built, packed by brotli, from a server on this machine, cold, with
// the processor slowed down four times, and once more on a slow third-generation network. Milliseconds, medians, as JSON.
import { createServer } from "node:http";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { launch } from "./chromium.mjs";
import { SLOW_NETWORK, median } from "./slow.mjs";

const RUNS = 5;
const SLOWDOWN = 4;
const TYPES = { html: "text/html", js: "text/javascript", css: "text/css", svg: "image/svg+xml", wasm: "application/wasm", json: "application/json" };

const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const files = new Map(await Promise.all((await readdir(dist)).map(async (name) => [name, await readFile(join(dist, name))])));
const figures = {};
for (const [ending, packing] of [[".br", "brotli"], [".gz", "gzip"]]) {
  const weights = [...files].filter(([name]) => name.endsWith(ending)).map(([name, { length }]) => [name.slice(0, -ending.length), length]);
  for (const [name, length] of weights) figures[`${name}, bytes with ${packing}`] = length;
  figures[`all of it, bytes with ${packing}`] = weights.reduce((sum, [, length]) => sum + length, 0);
}

const server = createServer((request, response) => {
  const name = request.url === "/" ? "index.html" : (request.url ?? "").slice(1);
  const bytes = files.get(`${name}.br`);
  if (bytes === undefined) return void response.writeHead(404).end();
  const type = TYPES[name.split(".").at(-1)];
  return void response.writeHead(200, { "Content-Type": type, "Content-Encoding": "br" }).end(bytes);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${server.address().port}/`;

const browser = await launch("--disable-background-networking", "--disable-sync");

/** When the button could be pressed, and when libsodium was ready for what the press begins. */
async function visit(network) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  if (network !== null) {
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", network);
  }
  await page.addInitScript(() => {
    const seen = new MutationObserver(() => {
      if (globalThis.pressable !== undefined || document.querySelector('[data-test="start"]:enabled') === null) return;
      globalThis.pressable = performance.now();
    });
    seen.observe(document, { childList: true, subtree: true });
    let engine;
    Object.defineProperty(globalThis, "sealdeskEngine", {
      get: () => engine,
      set: (loaded) => {
        engine = loaded;
        const { provideWebAssembly, sodiumReady } = loaded;
        loaded.provideWebAssembly = (bytes) => {
          provideWebAssembly(bytes);
          void sodiumReady.then(() => (globalThis.ready = performance.now()));
        };
      },
    });
  });
  await page.goto(address, { waitUntil: "commit" });
  await page.waitForFunction(() => globalThis.pressable !== undefined && globalThis.ready !== undefined, undefined, { timeout: 60_000 });
  const measured = await page.evaluate(() => [globalThis.pressable, globalThis.ready]);
  await context.close();
  return measured;
}

async function measure(where, network) {
  const visits = [];
  while (visits.length < RUNS) visits.push(await visit(network));
  figures[`button, ms, processor 4x slower${where}`] = median(visits.map(([pressable]) => pressable));
  figures[`cryptography ready, ms, processor 4x slower${where}`] = median(visits.map(([, ready]) => ready));
}

await measure("", null);
await measure(", slow 3G", SLOW_NETWORK);
await browser.close();
server.close();
process.stdout.write(`${JSON.stringify(figures)}\n`);
