/** The page on a host that knows nothing of the relay, as a clinic's own web space: files, no headers, another origin. */
import { existsSync } from "node:fs";

import { type Browser, type Page, chromium } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";

import { BORN, Clinic } from "./support/clinic";
import { Host } from "./support/host";

let host: Host;
let clinic: Clinic;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  host = await Host.open();
  clinic = await Clinic.found("Harbour Clinic", ["Ana"], [host.origin]);
  host.folder = clinic.page;
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((place) => existsSync(place));
  if (executablePath === undefined) throw new Error("Chromium is not installed: run packaging/system-packages");
  browser = await chromium.launch({ executablePath, args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-gpu"] });
  page = await browser.newPage();
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
});
afterAll(async () => {
  await browser.close();
  await clinic.end();
  host.close();
});

const at = (name: string) => page.locator(`[data-test="${name}"]`);

test("carries a conversation and a photo to a relay of another origin, under the policy that it brings along", async () => {
  const invited = await clinic.invite("Ana");
  await page.goto(host.linkHere(invited.link));
  await at("start").click();
  await at("consent-tick").check();
  await at("consent-continue").click();
  await at("code").fill(invited.code);
  for (const [part, number] of Object.entries(BORN)) await at(`birth-${part}`).pressSequentially(number);
  await at("check-continue").click();
  await at("composer").fill("from elsewhere");
  await at("send").click();
  const conversation = await clinic.heard("Ana", "from elsewhere");
  await clinic.ask("send", { desk: "Ana", conversation, text: "and back" });
  await at("message").filter({ hasText: "and back" }).waitFor();
  await at("attach").click();
  await at("photo").setInputFiles({ name: "x.png", mimeType: "image/png", buffer: await page.screenshot() });
  await at("chosen-send").click();
  await page.locator('[data-kind="file"][data-delivery="delivered"] [data-test="photo-shown"]').waitFor();
  expect(complaints).toEqual([]);
  const strict = await page.evaluate(async () => {
    const seen: string[] = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => seen.push(effectiveDirective));
    const script = document.createElement("script");
    try {
      script.src = "https://elsewhere.example/x.js";
    } catch (error) {
      seen.push((error as Error).name);
    }
    try {
      document.body.insertAdjacentHTML("beforeend", "<b>x</b>");
    } catch (error) {
      seen.push((error as Error).name);
    }
    await fetch("http://elsewhere.example/", { mode: "no-cors" }).catch(() => undefined);
    const image = new Image();
    const failed = new Promise((resolve) => image.addEventListener("error", resolve));
    image.src = "https://elsewhere.example/x.png";
    await failed;
    return seen;
  });
  expect(new Set(strict)).toEqual(new Set(["TypeError", "require-trusted-types-for", "connect-src", "img-src"]));
});
