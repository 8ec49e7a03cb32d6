// From the link to the first message on the clinic's relay and on a desk, on a slow phone and a slow third-generation network: the
// page as the relay serves it, cold, a real relay, a real desk, and a person who loses no time. Milliseconds, medians, as JSON.
//
// Arguments, if any, are folders of builds to compare: their visits take turns, so that what else the machine does falls on all of
// them alike. RUNS sets how many; TIMELINE=1 writes each request of the first visits to standard error.
import { cp, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";

import { BORN, Clinic } from "../support/clinic.ts";
import { launch } from "./chromium.mjs";
import { SLOW_NETWORK, median } from "./slow.mjs";

const RUNS = Number(process.env.RUNS ?? 3);
const SLOWDOWNS = (process.env.SLOWDOWNS ?? "4 6").split(" ").map(Number);
const STEPS = ["button", "consent", "composer", "sent", "delivered"];
const OF_THE_CLINIC = new Set(["config.json", "charter.bin"]);
const builds = process.argv.slice(2);

const clinic = await Clinic.found("Harbour Clinic", ["Ana"]);
const browser = await launch("--disable-background-networking", "--disable-sync");

async function serve(build) {
  const old = (await readdir(clinic.page)).filter((name) => !OF_THE_CLINIC.has(name));
  for (const name of old) await rm(join(clinic.page, name), { recursive: true });
  await cp(build, clinic.page, { recursive: true });
}

function tell(page, since) {
  page.on("requestfinished", async (request) => {
    const { pathname } = new URL(request.url());
    const end = Math.round(since());
    const { requestBodySize, responseBodySize } = await request.sizes().catch(() => ({}));
    const begun = Math.round(end - request.timing().responseEnd);
    process.stderr.write(`  ${begun} to ${end} ms  ${request.method()} ${pathname}  ${requestBodySize} up, ${responseBodySize} down\n`);
  });
}

/** Milliseconds from the link: when the button was there, the consent, when a message could be written, and when it was sent and delivered. */
async function visit(slowdown, isTold) {
  const { link, code } = await clinic.invite("Ana");
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const at = (name) => page.locator(`[data-test="${name}"]`);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", SLOW_NETWORK);
  const begun = performance.now();
  const since = () => performance.now() - begun;
  if (isTold) tell(page, since);
  await page.goto(link, { waitUntil: "commit" });
  await at("start").waitFor();
  const button = since();
  await at("start").click();
  await at("consent-tick").check();
  const consent = since();
  await at("consent-continue").click();
  await at("code").fill(code);
  for (const [part, number] of Object.entries(BORN)) await at(`birth-${part}`).fill(number);
  await at("check-continue").click();
  await at("composer").fill("hello");
  const composer = since();
  await at("send").click();
  const reached = async (...steps) => {
    await page.locator(steps.map((step) => `[data-test="message"][data-delivery="${step}"]`).join(", ")).waitFor();
    return since();
  };
  const sent = await reached("accepted", "delivered", "read");
  const delivered = await reached("delivered", "read");
  await context.close();
  return { button, consent, composer, sent, delivered };
}

const figures = {};
for (const slowdown of SLOWDOWNS) {
  const visits = new Map((builds.length === 0 ? [""] : builds).map((build) => [build, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const [build, made] of visits) {
      if (build !== "") await serve(build);
      made.push(await visit(slowdown, process.env.TIMELINE !== undefined && run === 0));
    }
  }
  for (const [build, made] of visits) {
    for (const step of STEPS) {
      const name = `${build === "" ? "first message" : basename(build)}: ${step}, ms, slow 3G, processor ${slowdown}x slower`;
      const times = made.map((one) => Math.round(one[step]));
      figures[name] = builds.length === 0 ? median(times) : `${median(times)} (${Math.min(...times)} to ${Math.max(...times)})`;
    }
  }
}
await browser.close();
await clinic.end();
process.stdout.write(`${JSON.stringify(figures, null, 1)}\n`);
