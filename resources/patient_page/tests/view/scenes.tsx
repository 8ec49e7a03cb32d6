/** Every screen that the page has, with the longest and the worst that can stand on it. */
import { render } from "preact";

import { engine } from "../../src/engine";
import type { Lock } from "../../src/lock";
import { Page, type Stage } from "../../src/page";
import { EMPTY } from "../../src/protocol/encoding";
import type { View } from "../../src/screen";
import type { MessageView, RowView } from "../../src/transcript";
import type { Vault } from "../../src/vault";
import { App } from "../../src/view/app";
import { type ProblemWords, TABLES } from "../../src/words";

export const NOW = 1_790_000_000_000;
export const HOSTILE = "<img src=x onerror=alert(1)> <b>bold</b> &amp;";

export const message = (key: string, more: Partial<MessageView>): MessageView => ({
  kind: "text",
  key,
  mine: true,
  author: "",
  time: NOW,
  text: "Good morning",
  file: null,
  delivery: "accepted",
  forked: false,
  ...more,
});

const ROWS: readonly RowView[] = [
  message("1", { delivery: "read" }),
  message("2", { mine: false, author: HOSTILE, text: HOSTILE, delivery: "received" }),
  { kind: "gap", key: "gap", count: 2 },
  message("3", { delivery: "delivered", text: "A".repeat(400) }),
  message("4", { delivery: "failed", text: "not sent" }),
  message("5", { delivery: "queued", text: "waiting" }),
  message("6", { kind: "deleted", text: "", delivery: "received", mine: false }),
  { kind: "mark", key: "earlier", mark: "earlier" },
  { kind: "joined", key: "joined", author: "Dr. Amara Diallo-Fernández", time: NOW },
  { kind: "mark", key: "copied", mark: "copied" },
  message("7", { forked: true, mine: false, delivery: "received" }),
];

export const VIEW: View = {
  screen: "chat",
  problem: null,
  clinic: "Clinic <b>with</b> a long name of its own on the harbour",
  connection: "online",
  phone: "+49 30 123-45",
  level: 2,
  triesLeft: null,
  silent: false,
  stale: false,
  unchecked: false,
  rows: ROWS,
  typing: null,
  place: null,
  opening: null,
  safetyNumber: ["00000", "11111", "22222", "33333", "44444", "55555", "66666"],
  notices: { sound: false, push: "on" },
  told: false,
};

const [morning, afternoon] = [{ opens: 480, closes: 720 }, { opens: 780, closes: 1_020 }];
const HOURS = { timeZone: "Mars/Olympus", week: [...Array.from({ length: 5 }, () => [morning, afternoon]), [morning], []], closed: [] };

export interface Scene {
  readonly name: string;
  readonly stage?: Stage;
  readonly view?: Partial<View>;
  readonly isShared?: boolean;
  readonly keepsNothing?: boolean;
  readonly lock?: Lock;
}

export const PIN_LOCK: Lock = { kind: "pin", digits: true, salt: EMPTY, operations: 3, memory: 65_536, sealed: EMPTY };
export const PASSKEY_LOCK: Lock = { kind: "passkey", credential: EMPTY, salt: EMPTY, sealed: EMPTY };

const problem = (name: ProblemWords): Scene => ({ name: `problem ${name}`, stage: { kind: "problem", problem: name } });

export const SCENES: readonly Scene[] = [
  { name: "start", view: { screen: "start" } },
  { name: "start, others use the device", view: { screen: "start" }, isShared: true },
  { name: "chat, others use the device", view: {}, isShared: true, keepsNothing: true },
  { name: "start, nothing can be kept", view: { screen: "start" }, keepsNothing: true },
  { name: "opening", stage: { kind: "opening" } },
  { name: "second tab", stage: { kind: "second-tab" } },
  { name: "locked", stage: { kind: "locked", lock: PIN_LOCK } },
  { name: "locked by a passkey", stage: { kind: "locked", lock: PASSKEY_LOCK } },
  { name: "in app", stage: { kind: "in-app" } },
  { name: "joining", view: { screen: "joining" } },
  { name: "erasing", view: { screen: "erasing" } },
  { name: "consent", view: { screen: "consent" } },
  { name: "check", view: { screen: "check" } },
  { name: "check again", view: { screen: "check", triesLeft: 1 } },
  { name: "checking", view: { screen: "checking" } },
  { name: "silent", view: { screen: "checking", silent: true } },
  { name: "refused", view: { screen: "refused" } },
  { name: "chat", view: {} },
  { name: "chat offline", view: { connection: "offline", stale: true, unchecked: true, level: 0 } },
  { name: "chat, one types and others wait", view: { typing: "Dr. Amara Diallo-Fernández", place: { ahead: 2, minutes: 4 } } },
  { name: "chat, closed until tomorrow", view: { place: { ahead: 0, minutes: 4 }, opening: { kind: "closed", today: 20_811, opens: { day: 20_812, minute: 480 } } } },
  { name: "chat, hours of a place that nobody knows", view: { opening: { kind: "hours", hours: HOURS } } },
  { name: "chat empty", view: { rows: [] } },
  { name: "chat with the offer", view: { notices: { sound: false, push: "unasked" } } },
  { name: "erased, and the clinic told", view: { screen: "erased", told: true } },
  { name: "erased, and the clinic not told", view: { screen: "erased" } },
  { name: "erased unopened", stage: { kind: "erased" } },
  { name: "problem of the line", view: { screen: "problem", problem: "log.forked" } },
  ...(Object.keys(TABLES.en.problems) as ProblemWords[]).map(problem),
];

/** Draws a scene as the page itself would, on its own parts. */
export function draw({ stage = { kind: "ready" }, view, isShared = false, keepsNothing = false, lock }: Scene, root: HTMLElement): Page {
  const page = new Page();
  page.stage.value = stage;
  [page.canShare.value, page.isShared.value, page.keepsNothing.value] = [!keepsNothing, isShared, keepsNothing];
  page.engine.value = engine;
  // A scene asks it for its lock alone.
  page.vault.value = keepsNothing ? undefined : ({ lock } as Vault);
  page.config.value = {
    suite: "SD1",
    kind: "page",
    clinic: EMPTY as never,
    origin: "https://relay.example",
    openingHours: "Monday to Friday, 8:00 to 18:00",
    phone: "+49 30 123-45",
    time: NOW,
  };
  if (view !== undefined) page.view.value = { ...VIEW, ...view };
  render(<App page={page} />, root);
  return page;
}
