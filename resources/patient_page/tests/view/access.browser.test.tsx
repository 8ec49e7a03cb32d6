/** That everybody can use every screen: enlarged, mirrored, without motion, in forced colours, by ear and by keyboard. */
import "../support/sodium";
import "../../src/page.css";

import axe from "axe-core";
import { render } from "preact";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cdp, page as browser, userEvent } from "vitest/browser";

import { eraseEverything } from "../../src/erasure";
import { Vault } from "../../src/vault";
import { plugIn } from "../support/authenticator";
import { PASSKEY_LOCK, PIN_LOCK, SCENES, type Scene, VIEW, draw, message } from "./scenes";
import type { Lock } from "../../src/lock";
import type { Page } from "../../src/page";
import { language, words } from "../../src/words";

let root: HTMLElement;

interface Feature {
  readonly name: string;
  readonly value: string;
}

const prefer = (...features: readonly Feature[]): Promise<unknown> =>
  (cdp() as unknown as { send: (method: string, parameters: object) => Promise<unknown> }).send("Emulation.setEmulatedMedia", { features });

beforeEach(() => {
  document.documentElement.lang = "en";
  document.title = "Secure chat";
  language.value = "en";
  root = document.createElement("div");
  root.id = "page";
  document.body.append(root);
});
afterEach(async () => {
  render(null, root);
  root.remove();
  document.documentElement.removeAttribute("dir");
  document.documentElement.style.removeProperty("font-size");
  await prefer();
  await (cdp() as unknown as { send: (method: string) => Promise<unknown> }).send("WebAuthn.disable");
});

const all = (selector: string): readonly HTMLElement[] => [...root.querySelectorAll<HTMLElement>(selector)];
const CHAT: Scene = { name: "chat", view: {} };
const CONTROLS = "button:not(dialog *), a[href], input, textarea";

/** Controls that a person cannot bring into sight, or whose text is cut off. */
function outOfReach(controls = CONTROLS): readonly string[] {
  return all(controls)
    .filter((control) => {
      control.scrollIntoView({ block: "nearest" });
      const { left, right, top, bottom, height } = control.getBoundingClientRect();
      const isOff = left < 0 || right > innerWidth || top < -1 || bottom > innerHeight + 1;
      // A field that holds much scrolls within itself.
      const isCut = control.tagName === "BUTTON" && control.scrollWidth > control.clientWidth + 1;
      return (isOff && height < innerHeight) || isCut;
    })
    .map((control) => control.outerHTML);
}

/** What is wrong with any of the screens, each named. */
async function faults(look: () => readonly string[] | Promise<readonly string[]>): Promise<readonly string[]> {
  const found: string[] = [];
  for (const scene of SCENES) {
    draw(scene, root);
    found.push(...(await look()).map((fault) => `${scene.name}: ${fault}`));
    render(null, root);
  }
  return found;
}

function tooWide(): readonly string[] {
  const { scrollWidth } = document.documentElement;
  return scrollWidth > innerWidth ? [`${scrollWidth} pixels wide`] : [];
}

const axed = async (shown: Element = root): Promise<readonly string[]> => (await axe.run(shown)).violations.map(({ id }) => id);
const moves = (): readonly string[] =>
  all("*").filter((shown) => {
    const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(shown);
    return animationName !== "none" || transitionDuration !== "0s" || scrollBehavior !== "auto";
  }).map((shown) => shown.outerHTML);
const borderless = (): readonly string[] =>
  all(".button, .retry, .send, .field input, textarea, .bubble, .card, .notice, .place, .number span, .dialog").filter((shown) => Number.parseFloat(getComputedStyle(shown).borderTopWidth) === 0).map((shown) => shown.className);

describe.for(["en", "es"] as const)("in %s", (spoken) => {
  // 1280 by 1024 at 400 percent, WCAG 1.4.10; and a phone whose owner reads at 200, 1.4.4.
  test.for([
    ["at 400 percent", 320, 256, ""],
    ["with letters twice as large", 390, 844, "200%"],
  ] as const)("everything can be reached %s", async ([, width, height, size]) => {
    await browser.viewport(width, height);
    document.documentElement.style.fontSize = size === "" ? "" : "36px";
    language.value = spoken;
    expect(await faults(() => [...tooWide(), ...outOfReach()])).toEqual([]);
  });

  test("a script that runs from right to left mirrors every screen", async () => {
    await browser.viewport(320, 640);
    document.documentElement.dir = "rtl";
    language.value = spoken;
    expect(await faults(async () => [...tooWide(), ...outOfReach(), ...(await axed())])).toEqual([]);
  });
});

const LOCKED = (lock: Lock): Scene => ({ name: "locked", stage: { kind: "locked", lock } });
/** What stands over the chat or takes a screen's place once something is pressed, and whether it takes the focus. */
const PRESSED: readonly (readonly [string, Scene, readonly string[]])[] = [
  ["the menu", CHAT, ["menu"]],
  ["what can be sent beside words", CHAT, ["attach"]],
  ["the safety number", CHAT, ["menu", "safety-number"]],
  ["the file of the conversation", CHAT, ["menu", "save"]],
  ["the question before all is erased", CHAT, ["menu", "erase"]],
  ["what a lock is, and the offer of one", CHAT, ["menu", "lock"]],
  ["a new PIN that is too short", CHAT, ["menu", "lock", "lock-pin", "lock-save"]],
  ["the menu with a lock", { ...CHAT, lock: PIN_LOCK }, ["menu"]],
  ["what can be done with a PIN", { ...CHAT, lock: PIN_LOCK }, ["menu", "lock"]],
  ["the change of a PIN", { ...CHAT, lock: PIN_LOCK }, ["menu", "lock", "lock-change", "pin-words", "lock-save"]],
  ["the end of a PIN", { ...CHAT, lock: PIN_LOCK }, ["menu", "lock", "lock-remove"]],
  ["what can be done with a passkey", { ...CHAT, lock: PASSKEY_LOCK }, ["menu", "lock"]],
  ["the end of a passkey", { ...CHAT, lock: PASSKEY_LOCK }, ["menu", "lock", "lock-remove"]],
  ["a PIN that is forgotten", LOCKED(PIN_LOCK), ["cannot-open"]],
  ["a passkey that is gone, before all is erased", LOCKED(PASSKEY_LOCK), ["cannot-open", "erase"]],
];

test("every place that the menu leads to is among them", () => {
  draw(CHAT, root);
  root.querySelector<HTMLElement>('[data-test="menu"]')?.click();
  const places = all("dialog button.second").map(({ dataset }) => dataset["test"]);
  expect(places.length).toBeGreaterThan(3);
  expect(new Set(places)).toEqual(new Set(PRESSED.filter(([, scene, [first]]) => scene === CHAT && first === "menu").flatMap(([, , [, second]]) => second ?? [])));
});

describe.for([["light", "en"], ["dark", "es"]] as const)("%s, in %s", ([value, spoken]) => {
  test.for(PRESSED)("%s passes axe, can be reached when narrow, enlarged or mirrored, and has the focus", async ([name, scene, presses]) => {
    await prefer({ name: "prefers-color-scheme", value });
    await browser.viewport(320, 640);
    await plugIn(cdp());
    language.value = spoken;
    draw(scene, root);
    for (const pressed of presses) await userEvent.click(root.querySelector(`[data-test="${pressed}"]`) ?? root);
    const dialog = root.querySelector("dialog[open]");
    await expect.poll(() => document.activeElement !== document.body && (dialog ?? root).contains(document.activeElement)).toBe(true);
    const offered = name === "what a lock is, and the offer of one" ? 1 : 0;
    await expect.poll(() => all('[data-test="lock-passkey"]').length).toBe(offered);
    const within = dialog === null ? CONTROLS : "dialog[open] :is(button, a[href], input)";
    const reached = (): readonly string[] => [...tooWide(), ...outOfReach(within)];
    expect([...reached(), ...(await axed(dialog ?? root))]).toEqual([]);
    document.documentElement.dir = "rtl";
    expect(reached()).toEqual([]);
    await browser.viewport(390, 844);
    document.documentElement.style.fontSize = "36px";
    expect(reached()).toEqual([]);
  });
});

describe("the chat", () => {
  beforeEach(() => browser.viewport(390, 844));

  test("sets each message in the direction that it is written in, and mirrors the sides with the page", () => {
    const rows = [message("1", { text: "صباح الخير" }), message("2", { text: "Good morning", mine: false, delivery: "received" })];
    draw({ name: "chat", view: { rows } }, root);
    const [arabic, english] = all(".words");
    expect([arabic, english].map((text) => text && getComputedStyle(text).direction)).toEqual(["rtl", "ltr"]);
    const [mine, theirs] = all(".bubble").map((bubble) => bubble.getBoundingClientRect());
    expect(mine?.right).toBeGreaterThan(theirs?.right ?? 999);
    document.documentElement.dir = "rtl";
    const [mirrored, opposite] = all(".bubble").map((bubble) => bubble.getBoundingClientRect());
    expect(mirrored?.left).toBeLessThan(opposite?.left ?? 0);
  });

  test("scrolls its messages and not the page, however many there are", () => {
    const rows = Array.from({ length: 40 }, (_, i) => message(`${i}`, { text: `number ${i}`, mine: i % 2 === 0, delivery: i % 2 === 0 ? "read" : "received" }));
    draw({ name: "chat", view: { rows } }, root);
    const log = root.querySelector('[role="log"]');
    expect(log?.scrollHeight).toBeGreaterThan(log?.clientHeight ?? 99_999);
    expect(document.documentElement.scrollHeight).toBe(innerHeight);
  });

  test("is read in the order in which it is used: who, what was said, what is true now, what can be written", () => {
    draw({ name: "chat", view: { typing: "Ana", place: { ahead: 2, minutes: 4 }, connection: "offline" } }, root);
    const order = ["h1", '[data-test="level"]', '[data-test="menu"]', '[data-test="offline"]', '[role="log"]', '[data-test="queue"]', '[data-test="typing"]', '[data-test="composer"]', '[data-test="send"]'];
    const places = order.map((selector) => root.querySelector(selector));
    expect(places).not.toContain(null);
    const sorted = places.toSorted((a, b) => ((a?.compareDocumentPosition(b ?? document) ?? 0) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    expect(places.map((place) => sorted.indexOf(place))).toEqual(order.map((_, index) => index));
    // What looks one way and reads another is the trap of grids.
    const tops = all("h1, [role=log], [data-test=composer]").map((shown) => shown.getBoundingClientRect().top);
    expect(tops).toEqual(tops.toSorted((a, b) => a - b));
  });

  test("says what is new in regions that stand before the news does, and says each once", async () => {
    const page = draw({ name: "chat", view: { typing: null, place: null, connection: "online" } }, root);
    const [log, ...status] = [root.querySelector('[role="log"]'), ...all('[role="status"]')];
    expect(log?.getAttribute("aria-live")).toBe("polite");
    expect(status.map((region) => region?.textContent)).toEqual(["", ""]);
    page.view.value = { ...VIEW, typing: "Ana", place: { ahead: 1, minutes: null }, connection: "offline" };
    await expect.poll(() => all('[role="status"]').map((region) => region.textContent)).toEqual([words().offline, "1 person aheadAna is typing…"]);
  });

  test("is worked by the keyboard alone, each control with a name and a mark that it has the focus", async () => {
    draw({ name: "chat", view: {} }, root);
    await expect.poll(() => document.activeElement?.tagName).toBe("H1");
    const names: string[] = [];
    const unmarked: string[] = [];
    for (let step = 0; step < 12 && names.at(-1) !== "send"; step += 1) {
      await userEvent.tab();
      const focused = document.activeElement as HTMLElement;
      if (getComputedStyle(focused).outlineStyle === "none") unmarked.push(focused.outerHTML);
      names.push(focused.dataset["test"] ?? focused.getAttribute("role") ?? "");
      if (names.at(-1) === "composer") await userEvent.keyboard("hello");
    }
    expect(names).toEqual(["menu", "log", "retry", "attach", "composer", "send"]);
    expect(unmarked).toEqual([]);
  });
});

const focused = (): string => (document.activeElement as HTMLElement | null)?.dataset["test"] ?? "";

/** Goes there as somebody without a pointer does, once it is shown, and presses. */
async function press(name: string, key = "{Enter}"): Promise<void> {
  await expect.poll(() => all(`[data-test="${name}"]`).filter((shown) => shown.checkVisibility()).length).toBe(1);
  for (let step = 0; step < 30 && focused() !== name; step += 1) await userEvent.tab();
  if (focused() !== name) throw new Error(`no key leads to ${name}`);
  await userEvent.keyboard(key);
}

async function says(name: string, text: string): Promise<void> {
  await expect.poll(() => all(`[data-test="${name}"]`).map((shown) => shown.textContent)).toEqual([text]);
}

/** A heading takes the focus after the screen is painted: a key that comes before would be told to it. */
async function beginAtHeading(scene: Scene): Promise<Page> {
  const page = draw(scene, root);
  await expect.poll(() => document.activeElement?.tagName).toBe("H1");
  return page;
}

describe("by the keyboard alone", () => {
  test("the lock is set, changed and taken off", async () => {
    await eraseEverything();
    const vault = await Vault.open();
    (await beginAtHeading(CHAT)).vault.value = vault;
    for (const name of ["menu", "lock", "lock-pin"]) await press(name);
    await press("pin-new", "402718");
    await press("pin-again", "402718{Enter}");
    await says("lock-done", "The lock is on.");
    for (const name of ["lock-back", "lock", "lock-change"]) await press(name);
    await press("pin-old", "402718");
    await press("pin-words", " ");
    await press("pin-new", "a blue door");
    await press("pin-again", "a blue door{Enter}");
    await says("lock-done", "The lock is on.");
    for (const name of ["lock-back", "lock", "lock-remove"]) await press(name);
    await press("pin-old", "a blue door{Enter}");
    await says("lock-done", "The lock is off.");
    await userEvent.keyboard("{Escape}");
    await expect.poll(() => focused()).toBe("menu");
    vault.close();
    await eraseEverything();
  });

  test("a lock that cannot be opened is erased, or kept after all", async () => {
    await beginAtHeading(LOCKED(PIN_LOCK));
    for (const name of ["cannot-open", "erase", "erase-keep"]) await press(name);
    await expect.poll(() => focused()).toBe("erase");
    await press("erase");
    await expect.poll(() => focused()).toBe("erase-here");
  });
});

test.for([
  ["a photo", "photo", "image/png", "light", "en"],
  ["a file with a long name", "file", "application/pdf", "dark", "es"],
] as const)("%s can be looked at, sent or not sent on the narrowest screen, with its focus, and passes axe", async ([, input, type, value, spoken]) => {
  await prefer({ name: "prefers-color-scheme", value });
  language.value = spoken;
  await browser.viewport(320, 256);
  draw(CHAT, root);
  root.querySelector<HTMLElement>('[data-test="attach"]')?.click();
  const canvas = new OffscreenCanvas(900, 1_600);
  canvas.getContext("2d")?.fillRect(0, 0, 9, 9);
  const content = type === "image/png" ? await canvas.convertToBlob() : new Blob(["%PDF-1.7"]);
  await userEvent.upload(root.querySelector(`[data-test="${input}"]`) ?? root, new File([content], `${"results ".repeat(30)}.pdf`, { type }));
  await expect.poll(() => all('[data-test="chosen-send"]').length).toBe(1);
  await expect.poll(() => document.activeElement?.id).toBe("attach-title");
  await expect.poll(() => all('[data-test="chosen-photo"]').length).toBe(input === "photo" ? 1 : 0);
  const dialog = root.querySelector("dialog[open]") ?? root;
  expect([...tooWide(), ...outOfReach("dialog[open] button"), ...(await axed(dialog))]).toEqual([]);
  document.documentElement.dir = "rtl";
  expect([...tooWide(), ...outOfReach("dialog[open] button")]).toEqual([]);
});

test("whoever wants no motion sees none", async () => {
  await prefer({ name: "prefers-reduced-motion", value: "reduce" });
  expect(await faults(moves)).toEqual([]);
});

test("in forced colours, which take every background away, whatever was told by one has a border", async () => {
  await prefer({ name: "forced-colors", value: "active" });
  await browser.viewport(390, 844);
  expect(new Set(await faults(borderless))).toEqual(new Set());
});
