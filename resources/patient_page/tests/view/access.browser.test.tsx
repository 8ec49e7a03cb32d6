/** That everybody can use every screen: enlarged, mirrored, without motion, in forced colours, by ear and by keyboard. */
import "../support/sodium";
import "../../src/page.css";

import axe from "axe-core";
import { render } from "preact";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cdp, page as browser, userEvent } from "vitest/browser";

import { SCENES, VIEW, draw, message } from "./scenes";
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
});

const all = (selector: string): readonly HTMLElement[] => [...root.querySelectorAll<HTMLElement>(selector)];
const CONTROLS = "button:not(dialog *), a[href], input, textarea";

/** Controls that a person cannot bring into sight, or whose text is cut off. */
function outOfReach(): readonly string[] {
  return all(CONTROLS)
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

const axed = async (): Promise<readonly string[]> => (await axe.run(root)).violations.map(({ id }) => id);
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

describe.for(["light", "dark"] as const)("%s", (value) => {
  test.for([["menu"], ["menu", "safety-number"], ["menu", "lock"], ["menu", "lock", "lock-pin"], ["menu", "erase"]])("what stands over the chat, by %j, passes axe at 320 pixels and takes the focus", async (presses) => {
    await prefer({ name: "prefers-color-scheme", value });
    await browser.viewport(320, 640);
    draw({ name: "chat", view: {} }, root);
    for (const name of presses) await userEvent.click(root.querySelector(`[data-test="${name}"]`) ?? root);
    expect([...tooWide(), ...(await axed())]).toEqual([]);
    expect(document.activeElement?.closest("dialog[open]")).not.toBeNull();
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
      const marked = focused.dataset["test"] === "photo" ? focused.parentElement ?? focused : focused;
      if (getComputedStyle(marked).outlineStyle === "none") unmarked.push(focused.outerHTML);
      names.push(focused.dataset["test"] ?? focused.getAttribute("role") ?? "");
      if (names.at(-1) === "composer") await userEvent.keyboard("hello");
    }
    expect(names).toEqual(["menu", "log", "retry", "photo", "composer", "send"]);
    expect(unmarked).toEqual([]);
  });
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
