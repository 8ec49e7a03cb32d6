/** A patient before a browser: what they see and do, by the names that the page gives its parts. */
import type { Browser } from "./browser";
import { BORN, type Invited } from "../support/clinic";

/** The smallest phone: as wide as a page of 1,280 pixels is at 400 % (WCAG 1.4.10). */
export const VIEWPORT = { width: 320, height: 568 } as const;

/** What a page can keep in a browser, and how much of it is there. */
const LEFT = async (): Promise<readonly unknown[]> => [await indexedDB.databases(), await caches.keys(), localStorage.length, sessionStorage.length];

const [PATIENCE, GLANCE] = [60_000, 40];

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, GLANCE));

export class Phone {
  readonly browser: Browser;

  constructor(browser: Browser) {
    this.browser = browser;
  }

  /** An address that differs from this one in its fragment alone would load nothing. */
  async open(url: string): Promise<void> {
    await this.browser.open("about:blank");
    await this.browser.open(url);
  }

  /** The texts of what shows under this name. */
  seen(name: string, more = ""): Promise<string[]> {
    return this.browser.run(
      (selector) => [...document.querySelectorAll<HTMLElement>(selector)].filter((shown) => shown.checkVisibility()).map((shown) => shown.innerText),
      `[data-test="${name}"]${more}`,
    );
  }

  /** Until something under this name shows, with that text in it. */
  async sees(name: string, text = "", more = ""): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    while (!(await this.seen(name, more)).some((shown) => shown.includes(text))) {
      if (Date.now() > deadline) throw new Error(`no ${name}${more} with "${text}" on this screen: ${await this.browser.run(() => document.body.innerText)}`);
      await pause();
    }
  }

  async press(name: string): Promise<void> {
    const selector = await this.#aim(name);
    // The page may have drawn it anew or moved it meanwhile: then the finger comes down where it is now.
    await this.browser.press(selector).catch(async () => this.browser.press(await this.#aim(name)));
  }

  /** When it is in sight and has stopped moving: a finger waits for that too. */
  async #aim(name: string): Promise<string> {
    await this.sees(name, "", ":enabled");
    const selector = `[data-test="${name}"]`;
    await this.browser.run((at) => document.querySelector(at)?.scrollIntoView({ block: "nearest" }), selector);
    const place = (): Promise<string> => this.browser.run((at) => JSON.stringify(document.querySelector(at)?.getBoundingClientRect()), selector);
    for (let [before, now] = ["", await place()]; before !== now; [before, now] = [now, await place()]) await pause();
    return selector;
  }

  async write(name: string, text: string): Promise<void> {
    await this.press(name);
    await this.browser.type(text);
  }

  /** In the place of what stands there. */
  async rewrite(name: string, text: string): Promise<void> {
    await this.press(name);
    await this.browser.run((selector) => document.querySelector<HTMLInputElement>(selector)?.select(), `[data-test="${name}"]`);
    await this.browser.type(text);
  }

  /** What stands in a field. */
  value(name: string): Promise<string | undefined> {
    return this.browser.run((selector) => document.querySelector<HTMLInputElement>(selector)?.value, `[data-test="${name}"]`);
  }

  /** Until nothing under this name shows. */
  async misses(name: string): Promise<void> {
    for (const deadline = Date.now() + PATIENCE; (await this.seen(name)).length > 0; await pause()) {
      if (Date.now() > deadline) throw new Error(`${name} still shows`);
    }
  }

  async begin({ link, code }: Invited, isShared = false): Promise<void> {
    await this.open(link);
    if (isShared) await this.press("shared");
    await this.admit(code);
  }

  /** From the first screen to the chat. */
  async admit(code: string): Promise<void> {
    await this.agree();
    await this.answer(code);
  }

  async answer(code: string): Promise<void> {
    await this.write("code", code);
    for (const [part, number] of Object.entries(BORN)) await this.write(`birth-${part}`, number);
    await this.press("check-continue");
    await this.sees("composer");
  }

  /** From the first screen past what is agreed to. */
  async agree(): Promise<void> {
    await this.press("start");
    await this.consent();
  }

  async consent(): Promise<void> {
    await this.press("consent-tick");
    await this.press("consent-continue");
  }

  async unlock(pin: string): Promise<void> {
    await this.sees("locked");
    await this.rewrite("pin", pin);
    await this.press("unlock");
  }

  /** In each of the places where a page can keep something. */
  kept(): Promise<readonly unknown[]> {
    return this.browser.run(LEFT);
  }

  async erase(): Promise<void> {
    for (const pressed of ["menu", "erase", "erase-confirm"]) await this.press(pressed);
    await this.sees("erased");
  }

  async say(text: string): Promise<void> {
    await this.write("composer", text);
    await this.press("send");
  }

  /** Until the message with that text stands at that tick. */
  reads(text: string, delivery: string): Promise<void> {
    return this.sees("message", text, `[data-delivery="${delivery}"]`);
  }
}
