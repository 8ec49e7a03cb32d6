import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { EngineKind } from "./browser";
import { Phone } from "./phone";
import { Wire } from "./wire";
import type { Clinic } from "../support/clinic";

/** One patient's whole way. Each step goes on from the one before it. */
export class Journey {
  readonly #clinic: Clinic;
  readonly #profile: string;
  readonly #kind: EngineKind;
  readonly #program: string;
  readonly #wire: Wire;
  #phone: Phone;
  #conversation = "";
  readonly #complaints: string[] = [];

  private constructor(clinic: Clinic, kind: EngineKind, program: string, profile: string, wire: Wire, phone: Phone) {
    [this.#clinic, this.#kind, this.#program, this.#profile, this.#wire, this.#phone] = [clinic, kind, program, profile, wire, phone];
  }

  static async start(clinic: Clinic, kind: EngineKind, program: string, profile: string): Promise<Journey> {
    const wire = await Wire.lay();
    return new Journey(clinic, kind, program, profile, wire, new Phone(await kind.launch(program, { profile, proxy: wire.port })));
  }

  /** Each engine's patient says it in words of their own. */
  #own(text: string): string {
    return `${text}, from ${this.#kind.name}`;
  }

  async writeAndRead(): Promise<void> {
    const [question, answer] = [this.#own("good morning"), this.#own("how are you")];
    await this.#phone.begin(await this.#clinic.invite("Ana"));
    await this.#phone.say(question);
    await this.#phone.reads(question, "delivered");
    this.#conversation = await this.#clinic.heard("Ana", question);
    await this.#clinic.ask("read", { desk: "Ana", conversation: this.#conversation });
    await this.#phone.reads(question, "read");
    await this.#clinic.ask("send", { desk: "Ana", conversation: this.#conversation, text: answer });
    await this.#phone.reads(answer, "received");
    await this.#clinic.ask("delivery", { desk: "Ana", text: answer, wanted: "read" });
  }

  /** How many pixels wide it is shown. */
  async sendPhoto(): Promise<number> {
    const { browser } = this.#phone;
    const taken = join(this.#profile, "taken.png");
    await mkdir(this.#profile, { recursive: true });
    await writeFile(taken, await browser.photograph());
    await browser.attach('[data-test="photo"]', taken);
    await this.#phone.sees("message", "", '[data-kind="file"][data-delivery="delivered"]');
    await this.#phone.sees("photo-shown");
    return browser.run(() => document.querySelector<HTMLImageElement>('[data-test="photo-shown"]')?.naturalWidth ?? 0);
  }

  /** How many messages it finds. */
  async comeBack(): Promise<number> {
    if (this.#kind.remembers) {
      await this.#close();
      this.#phone = new Phone(await this.#kind.launch(this.#program, { profile: this.#profile, proxy: this.#wire.port }));
    }
    await this.#phone.browser.open(this.#clinic.founded.origin);
    await this.#phone.reads(this.#own("good morning"), "read");
    return (await this.#phone.seen("message")).length;
  }

  /** What is written in it waits, and leaves when it ends. */
  async passTunnel(): Promise<void> {
    const [written, meanwhile] = [this.#own("in the tunnel"), this.#own("meanwhile")];
    this.#wire.cut();
    await this.#phone.say(written);
    await this.#phone.reads(written, "queued");
    await this.#phone.sees("offline");
    await this.#clinic.ask("send", { desk: "Ana", conversation: this.#conversation, text: meanwhile });
    this.#wire.mend();
    await this.#phone.reads(written, "delivered");
    await this.#phone.reads(meanwhile, "received");
  }

  /** What is left in each of the places where a page can keep something. */
  async erase(): Promise<readonly unknown[]> {
    await this.#phone.press("menu");
    await this.#phone.press("erase");
    await this.#phone.press("erase-confirm");
    await this.#phone.sees("erased");
    const left = await this.#phone.browser.run(async () => [await indexedDB.databases(), await caches.keys(), localStorage.length, sessionStorage.length]);
    await this.#phone.browser.open(this.#clinic.founded.origin);
    await this.#phone.sees("start");
    return left;
  }

  get asked(): readonly URL[] {
    return this.#wire.asked;
  }

  /** Addresses that are neither the page's origin nor the relay's: one here; elsewhere.node.test.ts has them apart. */
  get askedElsewhere(): readonly string[] {
    const { origin: home } = this.#clinic.founded;
    return this.asked.filter(({ origin, hostname }) => origin !== home && this.#kind.own?.test(hostname) !== true).map(({ href }) => href);
  }

  get complaints(): readonly string[] {
    return [...this.#complaints, ...this.#phone.browser.complaints];
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
