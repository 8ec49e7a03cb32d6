/** The button on a clinic's own website, whose policy allows this one script and nothing else. */
import { existsSync } from "node:fs";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { type Browser, type Page, chromium } from "playwright";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { Clinic } from "./support/clinic";

let clinic: Clinic;
let site: Server;
let home: string;
let browser: Browser;
let page: Page;
let html = "";
let complaints: string[] = [];
let requests: string[] = [];

beforeAll(async () => {
  clinic = await Clinic.found("Harbour Clinic", ["Ana"]);
  site = createServer((request, response) => {
    const policy = `default-src 'none'; script-src ${clinic.founded.origin}/widget.js; require-trusted-types-for 'script'; trusted-types 'none'`;
    if (request.url !== "/") response.writeHead(204).end();
    else response.writeHead(200, { "Content-Type": "text/html", "Content-Security-Policy": policy, "Cross-Origin-Embedder-Policy": "require-corp" }).end(html);
  });
  await new Promise<void>((resolve) => site.listen(0, "localhost", resolve));
  home = `http://localhost:${(site.address() as AddressInfo).port}/`;
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((place) => existsSync(place));
  if (executablePath === undefined) throw new Error("Chromium is not installed: run packaging/system-packages");
  browser = await chromium.launch({ executablePath, args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), "--disable-gpu"] });
});
afterAll(async () => {
  await browser.close();
  site.close();
  await clinic.end();
});
beforeEach(async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  context.setDefaultTimeout(60_000);
  page = await context.newPage();
  [complaints, requests] = [[], []];
  context.on("request", (request) => requests.push(request.url()));
  page.on("console", (line) => line.type() === "error" && complaints.push(line.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
});

async function visit(attributes: string, language = "en"): Promise<void> {
  html = `<!doctype html><html lang="${language}"><title>Harbour Clinic</title><main><h1>Welcome</h1><script defer src="${clinic.founded.origin}/widget.js" ${attributes}></script></main>`;
  await page.goto(home);
}

const looks = (): Promise<Readonly<Record<string, string>>> =>
  page.getByRole("link").evaluate((link) => {
    const { backgroundColor, color, position, left } = getComputedStyle(link);
    return { backgroundColor, color, position, left };
  });

test("draws the button under a policy that allows it alone, and opens the chat as a page of its own", async () => {
  await visit("");
  const button = page.getByRole("link", { name: "Secure chat (opens in a new tab)" });
  const box = await button.boundingBox();
  expect(box?.height).toBeGreaterThanOrEqual(44);
  expect((box?.x ?? 999) + (box?.width ?? 999)).toBeLessThanOrEqual(390 - 15);
  expect((box?.y ?? 999) + (box?.height ?? 999)).toBeLessThanOrEqual(844 - 15);
  expect(await looks()).toMatchObject({ backgroundColor: "rgb(11, 107, 93)", color: "rgb(255, 255, 255)", position: "fixed" });
  expect(requests).toEqual([home, `${clinic.founded.origin}/widget.js`]);
  expect(complaints).toEqual([]);
  await page.keyboard.press("Tab");
  const [chat] = await Promise.all([page.context().waitForEvent("page"), page.keyboard.press("Enter")]);
  await chat.locator('[data-test="start"]').click();
  await chat.locator('[data-test="consent-tick"]').waitFor();
  expect(await chat.evaluate(() => [globalThis.opener === null, document.referrer, globalThis.top === globalThis.self])).toEqual([true, "", true]);
  expect(requests.filter((url) => ![home, `${clinic.founded.origin}/`].some((origin) => url.startsWith(origin)))).toEqual([]);
});

test("speaks the site's language, and takes a colour, a side and a place", async () => {
  await visit('data-color="#ffd400" data-side="left"', "es-MX");
  await page.getByRole("link", { name: "Chat seguro (se abre en otra pestaña)" }).waitFor();
  expect(await looks()).toMatchObject({ backgroundColor: "rgb(255, 212, 0)", color: "rgb(0, 0, 0)", left: "16px" });
  await visit('data-place="here" data-label="Write to us" data-language="en"', "es");
  await page.getByRole("link", { name: "Write to us (opens in a new tab)" }).waitFor();
  expect(await looks()).toMatchObject({ position: "static" });
  expect(await page.locator("main > div").count()).toBe(1);
});

test("takes nothing else that the tag says", async () => {
  await visit(`data-color="red;}*{display:none}" data-side="0;top:0" data-place="top" data-language="<b>" data-label="${"&lt;b&gt;".repeat(30)}"`);
  await page.getByRole("link").waitFor();
  expect(await page.getByRole("link").locator("span").first().textContent()).toBe("<b>".repeat(30).slice(0, 40));
  expect(await looks()).toMatchObject({ backgroundColor: "rgb(11, 107, 93)", position: "fixed" });
  expect(await page.getByRole("link").locator("b").count()).toBe(0);
  expect(complaints).toEqual([]);
});
