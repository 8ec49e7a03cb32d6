/** Every screen, in both languages and both themes, at the narrowest width: what it says, what it offers, and that anybody can use it. */
import "../support/sodium";
import "../../src/page.css";

import axe from "axe-core";
import { render } from "preact";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cdp, page as browser } from "vitest/browser";

import type { Page, Stage } from "../../src/page";
import { FILE } from "../../src/protocol/limits";
import { PushBlocked, PushUnfit } from "../../src/push";
import { Unreachable } from "../../src/relay";
import type { View } from "../../src/screen";
import type { MessageView } from "../../src/transcript";
import { VaultError } from "../../src/storage";
import { birthDateOf, orderOf } from "../../src/view/birth_date";
import { type Language, TABLES, language } from "../../src/words";
import { HOSTILE, NOW, SCENES, type Scene, VIEW, draw, message } from "./scenes";
import { SAVED_WORDS } from "../../src/view/saved_words";
import { ATTACH_WORDS } from "../../src/view/attach_words";
import { LONG } from "../../src/view/start";
import { NOTICE_WORDS } from "../../src/view/notice_words";

let root: HTMLElement;
let page: Page;

function show(scene: Scene): void {
  page = draw(scene, root);
}

const find = (name: string): HTMLElement | null => root.querySelector(`[data-test="${name}"]`);

function need(name: string): HTMLElement {
  const found = find(name);
  if (found === null) throw new Error(`no ${name}`);
  return found;
}

/** As a browser hands it over: through the driver 25 MB take a quarter of a minute. */
function choose(name: string, file: File): void {
  need("attach").click();
  const [given, input] = [new DataTransfer(), need(name) as HTMLInputElement];
  given.items.add(file);
  input.files = given.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

const theme = (scheme: "light" | "dark"): Promise<unknown> =>
  (cdp() as unknown as { send: (method: string, parameters: object) => Promise<unknown> }).send("Emulation.setEmulatedMedia", {
    features: [{ name: "prefers-color-scheme", value: scheme }],
  });

beforeEach(async () => {
  await browser.viewport(320, 640);
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
  await theme("light");
});

/** By its types, so that a new screen is no screen before it stands here, and then is drawn. */
const EVERY: Readonly<Record<Exclude<Stage["kind"], "ready"> | View["screen"], true>> = {
  opening: true, "in-app": true, "second-tab": true, locked: true, erased: true, problem: true,
  start: true, joining: true, consent: true, check: true, checking: true, refused: true, chat: true, erasing: true,
};

test("no screen is left out of what follows", () => {
  const drawn = SCENES.map(({ stage, view }) => stage?.kind ?? view?.screen ?? VIEW.screen);
  expect(new Set(drawn)).toEqual(new Set(Object.keys(EVERY)));
});

describe.for(["en", "es"] as const)("in %s", (spoken: Language) => {
  describe.for(["light", "dark"] as const)("%s", (scheme) => {
    test.for(SCENES)("$name fits 320 pixels, has no inline style and passes axe", async (scene) => {
      await theme(scheme);
      expect(matchMedia("(prefers-color-scheme: dark)").matches).toBe(scheme === "dark");
      language.value = spoken;
      show(scene);
      expect(root.textContent).not.toContain("undefined");
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(320);
      expect(root.querySelectorAll("[style], style, script, iframe")).toHaveLength(0);
      const { violations } = await axe.run(root, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] });
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    });
  });
});

describe("the chat", () => {
  test("shows what others wrote as they wrote it, and as nothing else", () => {
    show({ name: "chat", view: {} });
    expect(root.querySelectorAll("img, b")).toHaveLength(0);
    const theirs = root.querySelectorAll('[data-delivery="received"]')[0];
    expect(theirs?.textContent).toContain(HOSTILE);
  });

  test("names each tick in a word", () => {
    show({ name: "chat", view: {} });
    const said = [...root.querySelectorAll('[data-test="message"]')].map((row) => [row.getAttribute("data-delivery"), row.querySelector(".state")?.textContent ?? ""]);
    expect(said).toContainEqual(["read", "Read"]);
    expect(said).toContainEqual(["delivered", "Delivered"]);
    expect(said).toContainEqual(["failed", "Not sent"]);
    expect(said).toContainEqual(["received", ""]);
  });

  test("offers a retry where something was not sent, and while it cannot be", () => {
    show({ name: "chat", view: {} });
    expect(root.querySelectorAll('[data-test="retry"]')).toHaveLength(1);
    show({ name: "chat", view: { connection: "offline" } });
    expect(root.querySelectorAll('[data-test="retry"]')).toHaveLength(2);
  });

  test("says where messages are missing, and how many", () => {
    show({ name: "chat", view: {} });
    expect(need("gap").dataset["count"]).toBe("2");
    expect(need("gap").textContent).toContain("call the clinic");
  });

  test("offers to tell of something new only after the clinic's first answer, and only once", () => {
    const unasked = { sound: false, push: "unasked" } as const;
    show({ name: "chat", view: { notices: unasked, rows: [message("1", {})] } });
    expect(find("offer")).toBeNull();
    expect(find("notices-push")).toBeNull();
    show({ name: "chat", view: { notices: unasked } });
    expect(need("offer").textContent).toContain(NOTICE_WORDS.en.push);
    for (const push of ["on", "off"] as const) {
      show({ name: "chat", view: { notices: { sound: false, push } } });
      expect(find("offer")).toBeNull();
      expect((need("notices-push") as HTMLInputElement).checked).toBe(push === "on");
    }
  });

  test.for([
    [new PushBlocked(), () => NOTICE_WORDS.en.blocked],
    [new PushUnfit(), () => NOTICE_WORDS.en.unfit],
    [new Unreachable(""), () => TABLES.en.problems.unreachable.text],
  ] as const)("says what to do where telling does not work: %s", async ([error, sentence]) => {
    show({ name: "chat", view: { notices: { sound: false, push: "unasked" } } });
    vi.spyOn(page, "notify").mockRejectedValue(error);
    need("offer-yes").click();
    await expect.poll(() => need("offer-wrong").textContent).toBe(sentence());
    expect(find("composer")).not.toBeNull();
  });

  test("sends nothing that is empty", async () => {
    show({ name: "chat", view: {} });
    await expect.element(browser.getByRole("button", { name: "Send" })).toBeDisabled();
    await browser.getByRole("textbox", { name: "Write a message" }).fill("  ");
    await expect.element(browser.getByRole("button", { name: "Send" })).toBeDisabled();
    await browser.getByRole("textbox", { name: "Write a message" }).fill("hello");
    await expect.element(browser.getByRole("button", { name: "Send" })).toBeEnabled();
  });

  test("gives back what could not be kept, and says what to do", async () => {
    show({ name: "chat", view: {} });
    vi.spyOn(page, "send").mockRejectedValue(new VaultError("denied"));
    const box = browser.getByRole("textbox", { name: "Write a message" });
    await box.fill("my only draft");
    await browser.getByRole("button", { name: "Send" }).click();
    await expect.element(browser.getByRole("alert")).toHaveTextContent(TABLES.en.problems["storage-denied"].text);
    await expect.element(box).toHaveValue("my only draft");
  });

  test("shows what was chosen, and how large it is, before anything leaves; and again where it could not be kept", async () => {
    show({ name: "chat", view: {} });
    const sent = vi.spyOn(page, "sendFile").mockRejectedValue(new VaultError("denied"));
    const letter = new File([new Uint8Array(1_234_567)], "lab results.pdf", { type: "application/pdf" });
    choose("file", letter);
    await expect.poll(() => find("chosen")?.textContent).toBe("lab results.pdf, 1.2 MB");
    expect(sent).not.toHaveBeenCalled();
    need("chosen-send").click();
    await expect.poll(() => find("attach-wrong")?.textContent).toBe(TABLES.en.problems["storage-denied"].text);
    expect(sent.mock.calls.map(([{ name, mediaType, bytes }]) => [name, mediaType, bytes.length])).toEqual([["lab results.pdf", "application/pdf", 1_234_567]]);
    need("chosen-drop").click();
    await expect.poll(() => find("chosen")).toBeNull();
    expect(need("photo")).not.toBeNull();
    expect(sent).toHaveBeenCalledTimes(1);
  });

  test("comes back with what was not kept, also to whoever closed it meanwhile", async () => {
    show({ name: "chat", view: {} });
    const refusals: ((why: Error) => void)[] = [];
    vi.spyOn(page, "sendFile").mockReturnValue(new Promise((_, reject) => refusals.push(reject)));
    choose("file", new File(["%PDF"], "letter.pdf", { type: "application/pdf" }));
    await expect.poll(() => find("chosen-send")).not.toBeNull();
    need("chosen-send").click();
    need("attach-close").click();
    await expect.poll(() => find("photo")).not.toBeNull();
    for (const refuse of refusals) refuse(new VaultError("full"));
    await expect.poll(() => root.querySelector("dialog[open] [data-test='attach-wrong']")?.textContent).toBe(TABLES.en.problems["storage-full"].text);
    expect(need("chosen").textContent).toBe("letter.pdf, 1 kB");
  });

  test("never shows what was chosen before in the place of what was chosen after it", async () => {
    show({ name: "chat", view: {} });
    const readings: ((bytes: ArrayBuffer) => void)[] = [];
    const content = new Promise<ArrayBuffer>((resolve) => readings.push(resolve));
    const asked = vi.spyOn(File.prototype, "arrayBuffer").mockReturnValueOnce(content);
    choose("file", new File(["%PDF"], "slow.pdf", { type: "application/pdf" }));
    await expect.poll(() => asked.mock.calls.length).toBe(1);
    need("attach-close").click();
    await expect.poll(() => find("file")).not.toBeNull();
    choose("file", new File(["%PDF"], "second.pdf", { type: "application/pdf" }));
    await expect.poll(() => find("chosen")?.textContent).toBe("second.pdf, 1 kB");
    for (const read of readings) read(new ArrayBuffer(4));
    await content;
    await new Promise((resolve) => setTimeout(resolve));
    expect(need("chosen").textContent).toBe("second.pdf, 1 kB");
  });

  test.for([
    ["large", new File([new Uint8Array(FILE.value + 1)], "scan.pdf", { type: "application/pdf" })],
    ["empty", new File([], "scan.pdf", { type: "application/pdf" })],
    ["unreadable", new File(["no photo"], "photo.heic", { type: "image/heic" })],
  ] as const)("says why a file that is %s cannot be sent, and sends nothing", async ([why, file]) => {
    show({ name: "chat", view: {} });
    const sent = vi.spyOn(page, "sendFile");
    choose("file", file);
    await expect.poll(() => find("attach-wrong")?.textContent).toBe(ATTACH_WORDS.en.wrong[why]("26.2 MB"));
    expect([find("chosen-send"), sent.mock.calls.length]).toEqual([null, 0]);
  });

  test("says of each level what is true of it, and no more", () => {
    const said = [0, 1, 2].map((level) => {
      show({ name: "chat", view: { level } });
      return need("level").textContent;
    });
    expect(said).toEqual(["Not checked yet", "Came by the clinic’s link", "Your code was right"]);
  });

  test.for([
    ["results.pdf", "application/pdf", "Load results.pdf (9 MB)"],
    ["photo.jpg", "image/jpeg", "Show photo (9 MB)"],
  ] as const)("%s of many megabytes is loaded when it is asked for, by its own name", async ([name, mediaType, said]) => {
    const file = { kind: "file", name, mediaType, size: 9_000_000, caption: "" } as unknown as NonNullable<MessageView["file"]>;
    show({ name: "chat", view: { rows: [] } });
    const asked = vi.spyOn(page, "file").mockResolvedValue(new TextEncoder().encode("%PDF-1.7"));
    page.view.value = { ...VIEW, rows: [message("9", { kind: "file", file, text: "", mine: false, delivery: "received" })] };
    const button = browser.getByRole("button", { name: said });
    await expect.element(button).toBeVisible();
    expect(asked).not.toHaveBeenCalled();
    await button.click();
    await expect.element(browser.getByRole("link", { name: `Save ${name} (1 kB)` })).toBeVisible();
  });

  test("a file that does not come is told in a sentence, and a picture that is none is called damaged", async () => {
    const file = { kind: "file", name: "x.png", mediaType: "image/png", size: 10, caption: "" } as unknown as NonNullable<MessageView["file"]>;
    const rows = [message("9", { kind: "file", file, text: "", mine: false, delivery: "received" })];
    const made = vi.spyOn(URL, "createObjectURL");
    const revoked = vi.spyOn(URL, "revokeObjectURL");
    show({ name: "chat", view: { rows: [] } });
    const asked = vi.spyOn(page, "file").mockRejectedValue(new Error("no network"));
    page.view.value = { ...VIEW, rows };
    await expect.element(browser.getByText(TABLES.en.photoAbsent)).toBeVisible();
    const header = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 9, 0, 0, 0, 9];
    asked.mockResolvedValue(Uint8Array.from(header));
    await browser.getByRole("button", { name: /^Show photo/u }).click();
    await expect.element(browser.getByText(TABLES.en.fileDamaged)).toBeVisible();
    const [drawn] = made.mock.results.map(({ value }) => value as string);
    // An earlier test's may be given back as late as here.
    await expect.poll(() => revoked.mock.calls.map(([url]) => url)).toContain(drawn);
    expect(made).toHaveBeenCalledOnce();
    vi.restoreAllMocks();
  });

  test("asks once more before it erases", async () => {
    show({ name: "chat", view: {} });
    await browser.getByRole("button", { name: "Menu" }).click();
    expect(find("erase-confirm")).toBeNull();
    await browser.getByRole("button", { name: "End and erase" }).click();
    await expect.element(browser.getByRole("heading", { name: "End and erase this chat?" })).toBeVisible();
    expect(find("erase-confirm")).not.toBeNull();
    await browser.getByRole("button", { name: "Keep my chat" }).click();
    expect(find("erase-confirm")).toBeNull();
  });

  test.for(["en", "es"] as const)("offers the file of the conversation, and says in %s what it lacks", async (spoken) => {
    const file = { kind: "file", name: HOSTILE, mediaType: "image/png", size: 10, caption: "" } as unknown as NonNullable<MessageView["file"]>;
    language.value = spoken;
    page = draw({ name: "chat", view: { rows: [] } }, root);
    vi.spyOn(page, "file").mockRejectedValue(new Error("no network"));
    page.view.value = { ...VIEW, rows: [message("9", { kind: "file", file, mine: false, delivery: "received" })] };
    need("menu").click();
    need("save").click();
    await expect.poll(() => find("save-file")?.getAttribute("download")).toMatch(/^chat-.*\.html$/);
    expect(need("save-missing").textContent).toBe(SAVED_WORDS[spoken].missing(1));
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(320);
    const { violations } = await axe.run(root, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] });
    expect(violations).toEqual([]);
    vi.restoreAllMocks();
  });

  test("shows the safety number in groups", async () => {
    show({ name: "chat", view: {} });
    await browser.getByRole("button", { name: "Menu" }).click();
    await browser.getByRole("button", { name: "Safety number" }).click();
    expect(need("safety-number-digits").textContent?.trim()).toBe(VIEW.safetyNumber.join(" "));
  });
});

describe("the doors", () => {
  test("a screen's heading has the focus", async () => {
    show({ name: "consent", view: { screen: "consent" } });
    await expect.poll(() => document.activeElement?.tagName).toBe("H1");
  });

  test("nobody goes on without agreeing", async () => {
    show({ name: "consent", view: { screen: "consent" } });
    await expect.element(browser.getByRole("button", { name: "Continue" })).toBeDisabled();
    await browser.getByRole("checkbox").click();
    await expect.element(browser.getByRole("button", { name: "Continue" })).toBeEnabled();
  });

  test("a date that no calendar has is told before the clinic is asked", async () => {
    show({ name: "check", view: { screen: "check" } });
    await browser.getByLabelText("Code from the clinic").fill("123456");
    await browser.getByLabelText("Month").fill("2");
    await browser.getByLabelText("Day").fill("3x");
    await expect.element(browser.getByLabelText("Day")).toHaveValue("3");
    await browser.getByLabelText("Day").fill("31");
    await browser.getByLabelText("Year").fill("1984");
    await browser.getByRole("button", { name: "Continue" }).click();
    await expect.element(browser.getByRole("alert")).toHaveTextContent(TABLES.en.birthDateWrong);
  });

  test.for([
    ["en-US", "month day year"],
    ["en-GB", "day month year"],
    ["es", "day month year"],
    ["sv", "year month day"],
    ["fa-IR", "year month day"],
  ] as const)("in %s a date is asked for as %s", ([tag, order]) => {
    expect(orderOf(tag).join(" ")).toBe(order);
  });

  test.for([
    ["29 2 1984", "1984-02-29"],
    ["09 02 1984", "1984-02-09"],
    ["29 2 1983", undefined],
    ["31 4 1984", undefined],
    ["1 13 1984", undefined],
    ["0 1 1984", undefined],
    ["1 1 2099", undefined],
    ["1 1 84", undefined],
    ["1 1 0084", undefined],
    ["1 1 ", undefined],
  ] as const)("the day, month and year %s are %s", ([typed, born]) => {
    const [day = "", month = "", year = ""] = typed.split(" ");
    expect(birthDateOf({ day, month, year }, NOW)).toBe(born);
  });

  test("whoever waits long for the storage is told what to do", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    show({ name: "opening", stage: { kind: "opening" } });
    const reload = vi.spyOn(page, "reload").mockReturnValue();
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
    vi.advanceTimersByTime(LONG - 1);
    expect(find("again")).toBeNull();
    vi.advanceTimersByTime(1);
    vi.useRealTimers();
    await browser.getByRole("button", { name: TABLES.en.again }).click();
    expect(need("working").textContent).toContain(TABLES.en.openingLong);
    expect(reload).toHaveBeenCalledOnce();
  });

  test("says that it cannot copy where the app does not let it", async () => {
    show({ name: "in app", stage: { kind: "in-app" } });
    vi.spyOn(page, "copyLink").mockRejectedValue(new DOMException("no", "NotAllowedError"));
    await browser.getByRole("button", { name: "Copy the link" }).click();
    await expect.element(browser.getByRole("status")).toHaveTextContent(TABLES.en.notCopied);
  });

  test("says of answers that have not left only that they wait", () => {
    show({ name: "checking", view: { screen: "checking", connection: "offline" } });
    expect(root.textContent).toContain(TABLES.en.offline);
    expect(root.textContent).not.toContain(TABLES.en.checkingText);
  });

  test("whoever is refused is given the number to call", () => {
    show({ name: "refused", view: { screen: "refused" } });
    expect(need("call").getAttribute("href")).toBe("tel:+493012345");
  });

  test("the language changes by hand, and everything with it", async () => {
    show({ name: "start", view: { screen: "start" } });
    await browser.getByRole("button", { name: "Español" }).click();
    await expect.element(browser.getByRole("button", { name: "Empezar el chat seguro" })).toBeVisible();
    expect(document.documentElement.lang).toBe("es");
    localStorage.clear();
  });
});
