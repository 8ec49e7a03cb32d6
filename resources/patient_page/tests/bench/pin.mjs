// What a PIN costs on a slow phone: Argon2id with the page's own parameters and some cheaper ones, in Chromium, with the processor as
// it is and slowed down, in turns. By the main thread's own time, in which Chromium's slowing down counts and other programs' work
// does not: on a machine of its own, the time on the clock. Milliseconds, medians, as JSON.
import { fileURLToPath } from "node:url";

import { bundled, launch } from "./chromium.mjs";
import { median } from "./slow.mjs";

const ROUNDS = 5;
const SLOWDOWNS = [1, 4, 6];
/** Passes and MiB; the page's first. */
const COSTS = [[3, 64], [2, 64], [3, 32], [2, 19]];

const content = await bundled({
  stdin: {
    contents: `
      import sodium from "libsodium-wrappers-sumo";
      import { argon2id, provideSodium } from "../../src/protocol/primitives";
      globalThis.ready = sodium.ready.then(() => provideSodium(sodium));
      globalThis.derive = (passes, memory) => void argon2id(new TextEncoder().encode("402718"), new Uint8Array(16), passes, memory * 1024 * 1024);`,
    resolveDir: fileURLToPath(new URL(".", import.meta.url)),
  },
});
const browser = await launch();
const times = new Map();
try {
  const page = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const threadTime = async () => {
    const { metrics } = await devtools.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "ThreadTime").value * 1_000;
  };
  const derive = async (rate, passes, memory) => {
    await devtools.send("Emulation.setCPUThrottlingRate", { rate });
    const before = await threadTime();
    await page.evaluate(([count, size]) => globalThis.derive(count, size), [passes, memory]);
    return (await threadTime()) - before;
  };
  await page.addScriptTag({ content });
  await page.evaluate(() => globalThis.ready);
  // Compiles it.
  await derive(1, 1, 64);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [passes, memory] of COSTS) {
      for (const rate of SLOWDOWNS) {
        const name = `PIN, ${passes} passes, ${memory} MiB, ms, ${rate}x slower`;
        times.set(name, [...(times.get(name) ?? []), await derive(rate, passes, memory)]);
      }
    }
  }
} finally {
  await browser.close();
}
process.stdout.write(`${JSON.stringify(Object.fromEntries([...times].map(([name, all]) => [name, median(all)])))}\n`);
