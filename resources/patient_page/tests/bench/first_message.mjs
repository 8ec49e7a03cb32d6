// From the link to the first message on the clinic's relay and on a desk, on a slow phone and a slow third-generation network: the
// page as the relay serves it, cold, a real relay, a real desk, and a person who loses no time. Milliseconds, medians, as JSON.
import { existsSync } from "node:fs";

import { chromium } from "playwright";

import { BIRTH_DATE, Clinic } from "../support/clinic.ts";
import { SLOW_NETWORK, median } from "./slow.mjs";

const RUNS = 3;
const SLOWDOWNS = [4, 6];

const clinic = await Clinic.found("Harbour Clinic", ["Ana"]);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((place) => existsSync(place));
const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath, args: [...root, "--disable-gpu", "--disable-background-networking", "--disable-sync"] });

/** Milliseconds from the link: when the consent stood there, when a message could be written, and when it was sent and delivered. */
async function visit(slowdown) {
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
  await page.goto(link, { waitUntil: "commit" });
  await at("start").click();
  await at("consent-tick").check();
  const consent = since();
  await at("consent-continue").click();
  await at("code").fill(code);
  await at("birth-date").fill(BIRTH_DATE);
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
  return { consent, composer, sent, delivered };
}

const figures = {};
for (const slowdown of SLOWDOWNS) {
  const visits = [];
  while (visits.length < RUNS) visits.push(await visit(slowdown));
  for (const step of ["consent", "composer", "sent", "delivered"]) {
    figures[`first message: ${step}, ms, slow 3G, processor ${slowdown}x slower`] = median(visits.map((one) => one[step]));
  }
}
await browser.close();
await clinic.end();
process.stdout.write(`${JSON.stringify(figures)}\n`);
