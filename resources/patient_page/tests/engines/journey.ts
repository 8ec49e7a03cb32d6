import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { EngineKind } from "./browser";
import { Phone } from "./phone";
import { Wire } from "./wire";
import type { Clinic, Invited } from "../support/clinic";
import type { Host } from "../support/host";
import { LOCK_WORDS } from "../../src/view/lock_words";
import { type Language, TABLES } from "../../src/words";

const PIN = "402718";

/** One patient's whole way. Each step goes on from the one before it. */
export class Journey {
  readonly #clinic: Clinic;
  readonly #host: Host;
  readonly #profile: string;
  readonly #kind: EngineKind;
  readonly #program: string;
  readonly #wire: Wire;
  /** Places that this patient comes by, beside the page's and the relay's. */
  readonly visited = new Set<string>();
  #phone: Phone;
  #conversation = "";
  readonly #complaints: string[] = [];

  private constructor(clinic: Clinic, host: Host, kind: EngineKind, program: string, profile: string, wire: Wire, phone: Phone) {
    [this.#clinic, this.#host] = [clinic, host];
    [this.#kind, this.#program, this.#profile, this.#wire, this.#phone] = [kind, program, profile, wire, phone];
  }

  static async start(clinic: Clinic, host: Host, kind: EngineKind, program: string, profile: string): Promise<Journey> {
    const wire = await Wire.lay();
    return new Journey(clinic, host, kind, program, profile, wire, await pickUp(kind, program, profile, wire));
  }

  /** Each engine's patient says it in words of their own. */
  own(text: string): string {
    return `${text}, from ${this.#kind.name}`;
  }

  get phone(): Phone {
    return this.#phone;
  }

  get clinic(): Clinic {
    return this.#clinic;
  }

  get wire(): Wire {
    return this.#wire;
  }

  get kind(): EngineKind {
    return this.#kind;
  }

  /** Where the page is. */
  get home(): string {
    return this.#host.origin;
  }

  async invited(): Promise<Invited> {
    const invited = await this.#clinic.invite("Ana");
    return { ...invited, link: this.#host.linkHere(invited.link) };
  }

  /** Until the clinic has it; in which conversation. */
  async tell(text: string): Promise<string> {
    await this.#phone.say(text);
    await this.#phone.reads(text, "delivered");
    return this.#clinic.heard("Ana", text);
  }

  /** From the link to the first word. */
  async talk(text: string, isShared = false): Promise<string> {
    await this.#phone.begin(await this.invited(), isShared);
    this.#conversation = await this.tell(text);
    return this.#conversation;
  }

  /** Ana writes, and it is read. */
  async hear(text: string): Promise<void> {
    await this.#clinic.ask("send", { desk: "Ana", conversation: this.#conversation, text });
    await this.#phone.reads(text, "received");
  }

  /** From nothing that was left by what came before. */
  async beginAnew(): Promise<void> {
    const { browser } = this.#phone;
    this.#wire.mend();
    this.#wire.lie = undefined;
    const [kept = "", ...others] = await browser.tabs();
    await browser.useTab(kept);
    for (const other of others) await browser.closeTab(other);
    for (const origin of [this.#clinic.founded.origin, this.home]) await this.loseEverything(origin);
    // A browser asks for the icon of what is no page, and may be told that there is none.
    this.takeComplaints();
  }

  /** How the page is drawn, and whether it has Web Push to offer once somebody has answered. */
  async screen(): Promise<{ readonly width: number; readonly overflows: boolean; readonly pushes: boolean }> {
    if (this.#kind.pushes) await this.#phone.sees("offer");
    const drawn = await this.#phone.browser.run(() => ({ width: innerWidth, overflows: document.documentElement.scrollWidth > innerWidth }));
    return { ...drawn, pushes: (await this.#phone.seen("offer")).length > 0 };
  }

  /** Nobody sees the page, until what is returned brings them back: it tells what has stood in the title meanwhile. */
  async lookAway(): Promise<() => Promise<readonly string[]>> {
    const { browser } = this.#phone;
    await browser.run(() => {
      const titles = new Set<string>();
      new MutationObserver(() => document.hidden && titles.add(document.title)).observe(document.head, { subtree: true, childList: true, characterData: true });
      Object.assign(globalThis, { titles });
    });
    const show = this.#kind.hides ? await this.#coverTab() : await this.#pretendHidden();
    return async () => {
      await show();
      return browser.run(() => [...(globalThis as unknown as { readonly titles: ReadonlySet<string> }).titles]);
    };
  }

  async #coverTab(): Promise<() => Promise<void>> {
    const { browser } = this.#phone;
    const [here = ""] = await browser.tabs();
    const other = await browser.openTab();
    await browser.useTab(other);
    return async () => {
      await browser.useTab(here);
      await browser.closeTab(other);
    };
  }

  /** Where every tab shows at once, the page is told that it does not. */
  async #pretendHidden(): Promise<() => Promise<void>> {
    const hide = (hidden: boolean): Promise<void> =>
      this.#phone.browser.run((now) => {
        Object.defineProperties(document, {
          hidden: { configurable: true, get: () => now },
          visibilityState: { configurable: true, get: () => (now ? "hidden" : "visible") },
        });
        document.dispatchEvent(new Event("visibilitychange"));
      }, hidden);
    await hide(true);
    return () => hide(false);
  }

  /** The middle of the button that the clinic's website draws. */
  placeOfWidget(): Promise<readonly [number, number]> {
    return this.#phone.browser.run(() => {
      const [link] = [...document.querySelectorAll("*")].flatMap(({ shadowRoot }) => shadowRoot?.querySelector("a") ?? []);
      if (link === undefined) throw new Error("no button");
      const { x, y, width, height } = link.getBoundingClientRect();
      return [x + width / 2, y + height / 2] as const;
    });
  }

  async writeAndRead(): Promise<void> {
    const [question, answer] = [this.own("good morning"), this.own("how are you")];
    await this.talk(question);
    await this.#phone.sees("queue");
    await this.#clinic.ask("read", { desk: "Ana", conversation: this.#conversation });
    await this.#phone.reads(question, "read");
    await this.hear(answer);
    await this.#clinic.ask("delivery", { desk: "Ana", text: answer, wanted: "read" });
  }

  async choosePhoto(): Promise<void> {
    const { browser } = this.#phone;
    const taken = join(this.#profile, "taken.png");
    await mkdir(this.#profile, { recursive: true });
    await writeFile(taken, await browser.photograph());
    await this.#phone.press("attach");
    await browser.attach(`[data-test="${this.#kind.touches ? "camera" : "photo"}"]`, taken);
    await this.#phone.sees("chosen-photo");
    await this.#phone.press("chosen-send");
  }

  /** How many pixels wide it is shown. */
  async sendPhoto(): Promise<number> {
    const { browser } = this.#phone;
    await this.choosePhoto();
    await this.#phone.sees("message", "", '[data-kind="file"][data-delivery="delivered"]');
    await this.#phone.sees("photo-shown");
    return browser.run(() => document.querySelector<HTMLImageElement>('[data-test="photo-shown"]')?.naturalWidth ?? 0);
  }

  /** The first screen as the relay itself serves it, under the headers that only it sends, up to where engine and libsodium have run. */
  async startAtTheRelay(): Promise<void> {
    await this.#phone.open((await this.#clinic.invite("Ana")).link);
    await this.#phone.press("start");
    await this.#phone.sees("consent-tick");
  }

  /** In which language the first screen speaks: as it comes, after a press on the other, and when it comes again. */
  async languages(): Promise<readonly (Language | undefined)[]> {
    const spoken = async (): Promise<Language | undefined> => {
      const said = (await this.#phone.seen("start"))[0];
      return (["en", "es"] as const).find((one) => TABLES[one].start === said);
    };
    const open = (): Promise<void> => this.#phone.open(this.#host.origin);
    await open();
    await this.#phone.sees("start");
    const first = await spoken();
    await this.#phone.press("language");
    const chosen = await spoken();
    await open();
    await this.#phone.sees("start");
    return [first, chosen, await spoken()];
  }

  /** How many messages it finds. */
  async comeBack(): Promise<number> {
    if (this.#kind.remembers) {
      await this.#close();
      this.#phone = await pickUp(this.#kind, this.#program, this.#profile, this.#wire);
    }
    await this.#phone.open(this.#host.origin);
    await this.#phone.reads(this.own("good morning"), "read");
    return (await this.#phone.seen("message")).length;
  }

  /** Sets a PIN, and comes back to the chat by it: at once, and after the page was loaded anew. */
  async lock(): Promise<void> {
    const written = this.own("good morning");
    await this.setPin();
    await this.#phone.press("lock-now");
    await this.unlock(written);
    await this.#phone.open(this.#host.origin);
    await this.unlock(written);
  }

  /** In the language that the page speaks now. */
  async lockWords(): Promise<typeof LOCK_WORDS.en> {
    return LOCK_WORDS[await this.#phone.browser.run(() => document.documentElement.lang as Language)];
  }

  /** One that is easy to guess first, which will not do. */
  async setPin(): Promise<void> {
    const phone = this.#phone;
    for (const pressed of ["menu", "lock", "lock-pin"]) await phone.press(pressed);
    await phone.write("pin-new", "123456");
    await phone.press("lock-save");
    await phone.sees("lock-wrong", (await this.lockWords()).easy);
    await phone.rewrite("pin-new", PIN);
    await phone.write("pin-again", PIN);
    for (const pressed of ["lock-save", "lock-back"]) await phone.press(pressed);
  }

  /** Until the message with that text shows. */
  async unlock(written: string): Promise<void> {
    await this.#phone.unlock(PIN);
    await this.#phone.sees("message", written);
  }

  async removePin(): Promise<void> {
    for (const pressed of ["menu", "lock", "lock-remove"]) await this.#phone.press(pressed);
    await this.#phone.write("pin-old", PIN);
    for (const pressed of ["lock-save", "lock-back"]) await this.#phone.press(pressed);
  }

  /** What is written in it waits, and leaves when it ends. */
  async passTunnel(): Promise<void> {
    const [written, meanwhile] = [this.own("in the tunnel"), this.own("meanwhile")];
    this.#wire.cut();
    await this.#phone.say(written);
    await this.#phone.reads(written, "queued");
    await this.#phone.sees("offline");
    await this.#clinic.ask("send", { desk: "Ana", conversation: this.#conversation, text: meanwhile });
    this.#wire.mend();
    await this.#phone.reads(written, "delivered");
    await this.#phone.reads(meanwhile, "received");
  }

  /** It sleeps, and the line dies without a word to anybody. How long after it is looked at again it shows what it missed, in milliseconds. */
  async wakeUp(): Promise<number> {
    const missed = this.own("while it slept");
    const lookBack = await this.lookAway();
    if (this.#wire.hush() === 0) throw new Error("no line that could die");
    await this.#clinic.ask("send", { desk: "Ana", conversation: this.#conversation, text: missed });
    await this.#clinic.heard("Ana", missed);
    await lookBack();
    const since = Date.now();
    await this.#phone.reads(missed, "received");
    return Date.now() - since;
  }

  /** Ana, who has answered so far, hands the conversation to a colleague. */
  async meetColleague(): Promise<void> {
    const [conversation, text] = [this.#conversation, this.own("it is Ben now")];
    await this.#clinic.ask("claim", { desk: "Ana", conversation });
    await this.#clinic.ask("transfer", { desk: "Ana", conversation, to: "Ben" });
    await this.#phone.sees("joined", "Ben");
    await this.#clinic.ask("send", { desk: "Ben", conversation, text });
    await this.#phone.reads(text, "received");
  }

  /** The clinic types, closes the conversation, and hears what the patient writes all the same. */
  async goOnAfterTheClose(): Promise<void> {
    const [desk, conversation, again] = ["Ben", this.#conversation, this.own("one more thing")];
    // Key after key: what is true only for the moment is dropped where a message is on its way, and said again.
    const keys = setInterval(() => void this.#clinic.ask("typing", { desk, conversation, on: true }), 300);
    await this.#phone.sees("typing", "Ben").finally(() => clearInterval(keys));
    await this.#clinic.ask("typing", { desk, conversation, on: false });
    await this.#clinic.ask("close", { desk, conversation });
    await this.#phone.say(again);
    await this.#phone.reads(again, "delivered");
    await this.#clinic.heard("Ana", again);
  }

  /** As Safari does after seven days without a visit. What is left after it. */
  async loseEverything(origin = this.home): Promise<readonly unknown[]> {
    await this.#phone.open(`${origin}/icon.svg`);
    await this.#phone.browser.run(async () => {
      localStorage.clear();
      for (const { name } of await indexedDB.databases()) {
        await new Promise((resolve) => indexedDB.deleteDatabase(name ?? "").addEventListener("success", resolve));
      }
    });
    return this.#phone.kept();
  }

  /** A new link, an agent's check, and what was said on the earlier phone, sealed anew by a desk. How many messages there are. */
  async comeAsNew(): Promise<number> {
    const [earlier, before] = [this.#conversation, this.own("in the tunnel")];
    await this.#phone.open(this.home);
    await this.#phone.sees("come-back");
    const conversation = await this.talk(this.own("it is me again"));
    await this.#clinic.ask("check", { desk: "Ana", conversation });
    await this.#clinic.ask("send_history", { desk: "Ana", conversation, earlier });
    await this.#phone.sees("mark-earlier");
    await this.#phone.sees("message", before);
    await this.hear(this.own("good to have you back"));
    return (await this.#phone.seen("message")).length;
  }

  /** What is left in each of the places where a page can keep something. */
  async erase(): Promise<readonly unknown[]> {
    await this.#phone.erase();
    const left = await this.#phone.kept();
    await this.#phone.open(this.#host.origin);
    await this.#phone.sees("start");
    return left;
  }

  get asked(): readonly URL[] {
    return this.#wire.asked;
  }

  /** Addresses that are neither the page's origin nor the relay's. */
  get askedElsewhere(): readonly string[] {
    const known = new Set([this.#host.origin, this.#clinic.founded.origin, ...this.visited]);
    return this.asked.filter(({ origin, hostname }) => !known.has(origin) && this.#kind.own?.test(hostname) !== true).map(({ href }) => href);
  }

  /** Those that have come since they were last taken. */
  takeComplaints(): readonly string[] {
    return [...this.#complaints.splice(0), ...this.#phone.browser.complaints.splice(0)];
  }

  async #close(): Promise<void> {
    this.#complaints.push(...this.#phone.browser.complaints);
    await this.#phone.browser.end();
  }

  async end(): Promise<void> {
    await this.#close();
    this.#wire.end();
  }
}

async function pickUp({ launch, speaks, slow }: EngineKind, program: string, profile: string, wire: Wire): Promise<Phone> {
  return new Phone(await launch(program, { profile, proxy: wire.port, language: speaks, slow: slow === true }));
}
