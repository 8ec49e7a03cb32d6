/** A patient without a screen: presses, answers, writes, and waits for what the page would show. */
import { parseLink } from "../../src/protocol/invitation";
import { parsePageConfig } from "../../src/transparency/page_config";
import { Line } from "../../src/line";
import type { View } from "../../src/screen";
import type { MessageView, RowView } from "../../src/transcript";
import { TABLES } from "../../src/words";
import { BIRTH_DATE, type Clinic, type Invited } from "./clinic";
import { MemoryStore } from "./memory_store";
import { systemRandom } from "./sodium";

export const PATIENCE = 60_000;

export class Patient {
  store: MemoryStore;
  views: View[] = [];
  #line: Line | undefined;
  #waiting: (() => void)[] = [];
  #now: () => number;

  constructor(store = new MemoryStore(), now: () => number = Date.now) {
    this.store = store;
    this.#now = now;
  }

  get line(): Line {
    if (this.#line === undefined) throw new Error("the page is not open");
    return this.#line;
  }

  get view(): View {
    return this.line.view;
  }

  async openPage(): Promise<void> {
    const changed = (view: View): void => {
      this.views.push(view);
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const look of waiting) look();
    };
    this.#line = await Line.open({ store: this.store, random: systemRandom, now: this.#now, changed });
  }

  /** The tab is closed; what is on the disk stays. */
  async closePage(): Promise<void> {
    await this.line.close();
  }

  async reload(): Promise<void> {
    await this.closePage();
    this.store = this.store.copy();
    await this.openPage();
  }

  async press(clinic: Clinic, link: string | null): Promise<void> {
    const parsed = link === null ? null : parseLink(new URL(link).hash);
    await this.line.start(parsed, parsePageConfig(clinic.founded.config));
  }

  agree(): Promise<void> {
    return this.line.consent(1, TABLES.en.consent);
  }

  async until<T>(what: string, look: (view: View) => T | false | null | undefined): Promise<T> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const found = look(this.view);
      if (found !== false && found !== null && found !== undefined) return found;
      await new Promise<void>((resolve, reject) => {
        const late = (): void => reject(new Error(`${what}; the view is ${JSON.stringify(this.view)}`));
        const timer = setTimeout(late, Math.max(0, deadline - Date.now()));
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  screen(name: View["screen"]): Promise<boolean> {
    return this.until(`the screen "${name}"`, (view) => view.screen === name);
  }

  message(text: string, delivery: MessageView["delivery"]): Promise<MessageView> {
    return this.until(`"${text}" ${delivery}`, ({ rows }) =>
      rows.find((row): row is MessageView => "text" in row && row.text === text && row.delivery === delivery),
    );
  }

  texts(): readonly string[] {
    return this.view.rows.flatMap((row) => ("text" in row ? [row.text] : []));
  }
}

export const isMessage = (row: RowView): row is MessageView => "text" in row;

/** Through all doors, up to the chat. */
export async function admitted(clinic: Clinic, invited: Invited): Promise<Patient> {
  const patient = new Patient();
  await patient.openPage();
  await patient.press(clinic, invited.link);
  await patient.agree();
  await patient.line.answer(invited.code, BIRTH_DATE);
  await patient.screen("chat");
  return patient;
}
