/**
 * The conversation's engine: a state machine without a screen. Whatever `view` shows is on disk already, and whatever is
 * sent was on disk before. Changes of the memory happen in turns, one after another.
 */
import { type Bytes, sameBytes, toHex } from "./protocol/encoding";
import type { Event, EventOf, LogHead } from "./protocol/content";
import { openFile, padme, sealFile, blobHashes } from "./protocol/attachment";
import { isProtocolError } from "./protocol/errors";
import { type Link, deriveInvitation, newCheckers, nextChecker, verifyRegistration } from "./protocol/invitation";
import { type DeviceId, makeDevice } from "./protocol/keys";
import { CHECKER_PATIENCE, FILE, FILE_CHUNK } from "./protocol/limits";
import { NO_PREKEYS } from "./protocol/prekeys";
import type { Random } from "./protocol/primitives";
import type { Signal } from "./protocol/signal";
import { logHead } from "./transparency/clinic_log";
import type { SignedPageConfig } from "./transparency/page_config";
import { activeSigning, currentRelay } from "./transparency/roster";
import { type Relation, agreed, answered, askedAt, goesOn, hasOpened, isAskingSoon, newLine, relationOf, turnedToNext } from "./admission";
import { fetchLog, freshness, isCleared, requireConfig } from "./clinic";
import { Courier } from "./courier";
import { type Changes, type KeptLog, Ledger, type LineRecord, type Notices } from "./ledger";
import { Now, SILENCE } from "./now";
import { type Joined, hasSentAll, intend, isJoined, sayAgain, streamOf } from "./outbound";
import { Refused, Relay, Unreachable } from "./relay";
import { INITIAL, type Problem, type View, problemOf, viewOf } from "./screen";
import { latestShown } from "./transcript";
import { VaultError } from "./storage";
import type { Store } from "./vault";

export interface LineOptions {
  readonly store: Store;
  readonly random: Random;
  readonly now: () => number;
  readonly changed: (view: View) => void;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const OFFLINE_GRACE = 2 * SECOND;
const READ_DELAY = SECOND;
const FAREWELL = 5 * SECOND;
const ALIVE = 120 * SECOND;

export class Line {
  readonly #options: LineOptions;
  readonly #ledger: Ledger;
  #view: View = INITIAL;
  #last: Promise<unknown> = Promise.resolve();
  #courier: Courier | undefined;
  #running: Promise<void> | undefined;
  #working: "joining" | "erasing" | null = null;
  #erased = false;
  #told = false;
  #closed = false;
  readonly #closing = new AbortController();
  #talksAnyway = false;
  /** Checkers whose turn it has been since the answers were typed, by hex. */
  #tried = new Set<string>();
  #silent = false;
  readonly #now = new Now();
  #problem: Problem | null = null;
  #connection: View["connection"] = "connecting";
  #phone = "";
  #anew = false;
  #timers = new Map<string, ReturnType<typeof setTimeout>>();

  private constructor(options: LineOptions, ledger: Ledger) {
    this.#options = options;
    this.#ledger = ledger;
  }

  /** A line as it was left: one that had begun goes on by itself. Throws `VaultError`. */
  static async open(options: LineOptions): Promise<Line> {
    const line = new Line(options, await Ledger.open(options.store));
    line.#resume();
    line.#show();
    return line;
  }

  get view(): View {
    return this.#view;
  }

  /** The press of the button: from here on, and not before, the relay hears of this page. */
  async start(link: Link | null, config: SignedPageConfig): Promise<void> {
    if (this.#working !== null) return;
    this.#working = "joining";
    this.#problem = null;
    this.#show();
    await this.#attempt(async () => {
      const { line } = this.#ledger.memory;
      if (line !== undefined && line.stage !== "joining" && line.stage !== "refused") return;
      // A link that came after one that led nowhere begins from nothing; one that was interrupted goes on.
      if (line !== undefined && !goesOn(line, link)) await this.#turn(() => this.#ledger.reset());
      await this.#join(link, config);
    });
    this.#working = null;
    this.#show();
  }

  /** `config.json` as it is served now: what it says is shown where an administrator of this clinic signed it. */
  trust(config: SignedPageConfig): void {
    const { log } = this.#ledger.memory;
    if (log === undefined) return;
    try {
      requireConfig(config, log);
      this.#phone = config.config.phone;
    } catch (error) {
      if (!isProtocolError(error)) throw error;
      this.#phone = "";
    }
    this.#show();
  }

  /** "own" too where nothing has begun. */
  relationTo(link: Link): Relation {
    const { line } = this.#ledger.memory;
    return line === undefined ? "own" : relationOf(line, link);
  }

  /** A new link came to a phone whose last one led nowhere. */
  beginAnew(): void {
    this.#anew = true;
    this.#show();
  }

  async consent(version: number, text: string): Promise<void> {
    const { now, random } = this.#options;
    await this.#attempt(() => this.#change((memory) => agreed(memory, version, text, random, now())));
    this.#courier?.poke();
  }

  /** `birthDate` as YYYY-MM-DD. */
  async answer(code: string, birthDate: string): Promise<void> {
    const { now, random } = this.#options;
    await this.#attempt(async () => {
      await this.#change((memory) => answered(memory, code, birthDate, random, now()));
      this.#tried = new Set();
      this.#silent = false;
    });
    this.#courier?.poke();
    this.#cancel("checker");
    this.#watchChecker();
    this.#show();
  }

  /** The clinic is silent: write now, and be checked when somebody is there. */
  talkAnyway(): void {
    this.#talksAnyway = true;
    this.#show();
  }

  /** Throws `VaultError` where it could not be kept: then nothing was said, and whoever asked still has the text. */
  async send(text: string): Promise<void> {
    await this.#say({ kind: "text", text });
  }

  /** `bytes` without anything that tells where or when it was taken: see photo.ts. Throws as `send` does. */
  async sendFile(bytes: Bytes, name: string, mediaType: string, caption: string): Promise<void> {
    const { random, now } = this.#options;
    const sealed = sealFile(bytes, random);
    const { blob, size, fileHash, key, readSecret, deleteSecret } = sealed;
    const hashes = blobHashes(sealed);
    const event: Event = { kind: "file", name, mediaType, size, fileHash, key, blob, readSecret, deleteSecret, caption };
    await this.#change(({ line }) => ({
      ...intend(line, event, random, now()),
      uploads: new Map([[toHex(blob), { blob, bytes: sealed.bytes, ...hashes }]]),
      files: new Map([[toHex(blob), bytes]]),
    }));
    this.#courier?.poke();
  }

  /** The bytes of a file that was sent or received. Throws `attachment.damaged`, or a RelayError when it cannot be fetched now. */
  async file(file: EventOf<"file">): Promise<Bytes> {
    const name = toHex(file.blob);
    const kept = this.#ledger.memory.files.has(name) ? await this.#ledger.file(name) : undefined;
    if (kept !== undefined) return kept;
    if (this.#courier === undefined || file.size > FILE.value) throw new Unreachable("not connected");
    const padded = padme(file.size + 1);
    const limit = padded + 1_024 + Math.ceil(padded / FILE_CHUNK) * 64;
    const bytes = openFile(await this.#courier.relay().getBlob(file.blob, file.readSecret, limit), file);
    await this.#change(() => ({ files: new Map([[name, bytes]]) }));
    return bytes;
  }

  /** A key was pressed, or the text was sent or given up. */
  typing(on: boolean): void {
    const { memory } = this.#ledger;
    if (!isJoined(memory) || this.#courier === undefined || !hasOpened(memory)) return;
    if (on) this.#later("typing", SILENCE, async () => this.#tellTyping(false));
    else this.#cancel("typing");
    if (this.#now.isNews(on, this.#options.now())) void this.#attempt(() => this.#tellTyping(on));
  }

  async #tellTyping(on: boolean): Promise<void> {
    const { memory } = this.#ledger;
    if (isJoined(memory)) await this.#courier?.tell({ kind: "typing", stream: streamOf(memory), on });
  }

  #signalled(signal: Signal, sender: DeviceId): void {
    const holds = this.#now.heard(signal, sender, this.#options.now());
    if (holds === undefined) return;
    this.#later(`${signal.hint.kind} ends`, holds, async () => Promise.resolve());
    // Whoever waits writes nothing, and a desk tells only whom it hears from.
    if (signal.hint.kind === "queue" && !this.#timers.has("alive")) this.#later("alive", ALIVE, async () => this.#tellTyping(false));
    this.#show();
  }

  /** "Not sent, tap to retry." `key` is a row's. */
  async retry(key: string): Promise<void> {
    const { random, now } = this.#options;
    const found = [...this.#ledger.memory.said].find(([, { message }]) => toHex(message.content.message) === key)?.[0];
    const sent = found === undefined ? undefined : this.#ledger.memory.sent.get(found);
    if (found !== undefined && sent?.failed === true) {
      await this.#attempt(() =>
        this.#change((memory) => {
          const again = sayAgain(memory, found, ({ state }) => state !== "delivered", random, now());
          const after = again.sent?.get(found);
          return after === undefined || after === null ? again : { ...again, sent: new Map([[found, { ...after, attempts: 0 }]]) };
        }),
      );
    }
    const event = [...this.#ledger.memory.intents.values()].find(({ message }) => toHex(message) === key)?.event;
    if (event?.kind === "file") await this.#attempt(() => this.#change(() => ({ refusals: new Map([[toHex(event.blob), null]]) })));
    this.#courier?.wake();
    this.#courier?.poke();
  }

  /** The person sees the chat: tell the clinic up to where, unless its policy says not to, or nobody sees it any more by then. */
  markRead(isSeen: () => boolean): void {
    this.#later("read", READ_DELAY, async () => {
      if (!isSeen()) return;
      const { random, now } = this.#options;
      const { memory } = this.#ledger;
      if (!isJoined(memory) || !memory.log.log.roster.policy.readReceipts || memory.line.stage !== "open") return;
      const marks = [...latestShown(memory).values()]
        .map(({ content: { author, sequence } }) => ({ author, sequence }))
        .filter(({ author, sequence }) => (memory.line.readUntil.find((one) => sameBytes(one.author, author))?.sequence ?? 0) < sequence)
        .slice(0, 64);
      if (marks.length === 0) return;
      await this.#change(({ line }) => {
        const others = line.readUntil.filter((one) => !marks.some(({ author }) => sameBytes(author, one.author)));
        return intend({ ...line, readUntil: [...others, ...marks] }, { kind: "read", marks }, random, now());
      });
      this.#courier?.poke();
    });
  }

  async keepNotices(change: Partial<Notices>): Promise<void> {
    await this.#change(({ notices }) => ({ notices: { ...notices, ...change } }));
  }

  /** Throws Unreachable while there is no connection to keep. */
  relay(): Relay {
    if (this.#courier === undefined) throw new Unreachable("not connected");
    return this.#courier.relay();
  }

  /** Has the relay forget where to wake this browser, if it can be told now. */
  async dropPush(): Promise<void> {
    await this.#courier?.relay().deletePush().catch(() => undefined);
  }

  /** The page came to the front, or the network back. */
  wake(): void {
    this.#courier?.wake();
    this.#courier?.poke();
  }

  /** Tells the clinic that it is over, if it can be told within a few seconds, and leaves nothing on this device. */
  async endAndErase(): Promise<void> {
    this.#working = "erasing";
    this.#show();
    await this.#attempt(async () => {
      this.#told = await this.#sayFarewell();
      await this.close();
      await this.#ledger.erase();
      this.#erased = true;
    });
    this.#working = null;
    this.#show();
  }

  /** Whether the relay took it. */
  async #sayFarewell(): Promise<boolean> {
    const { memory } = this.#ledger;
    if (!isJoined(memory) || !hasOpened(memory) || this.#courier === undefined || this.#problem !== null) return false;
    try {
      await this.#change(({ line }) => intend(line, { kind: "ended" }, this.#options.random, this.#options.now()));
    } catch (error) {
      // A full phone is no reason to keep what is to be erased.
      if (error instanceof VaultError) return false;
      throw error;
    }
    const told = Promise.all([this.#courier.flush(), memory.notices.push === "on" ? this.dropPush() : undefined]);
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, FAREWELL))]);
    return hasSentAll(this.#ledger.memory);
  }

  /** Stops everything; the memory stays. */
  async close(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#courier?.stop();
    // A relay that keeps a request waiting would keep whoever erases, or wants the chat in another tab, waiting with it.
    this.#closing.abort();
    await this.#running;
    // What has begun is finished; what comes later would be written over what another tab has written meanwhile.
    this.#closed = true;
    await this.#last;
  }

  #turn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new VaultError("overtaken"));
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #change(work: (memory: Joined) => Changes): Promise<void> {
    await this.#turn(async () => {
      const { memory } = this.#ledger;
      if (!isJoined(memory)) throw new Error("nobody has joined");
      await this.#commit(work(memory));
    });
  }

  async #commit(changes: Changes): Promise<void> {
    await this.#ledger.commit(changes);
    this.#show();
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#problem = problemOf(error);
      if (this.#problem === "fault") reportFault(error);
    }
  }

  async #say(event: Event): Promise<void> {
    await this.#change(({ line }) => intend(line, event, this.#options.random, this.#options.now()));
    this.#courier?.poke();
  }

  async #join(link: Link | null, { config, ...signed }: SignedPageConfig): Promise<void> {
    const { random, now } = this.#options;
    const kept = this.#ledger.memory.line;
    const clinic = kept?.clinic ?? link?.clinic ?? config.clinic;
    if (!sameBytes(clinic, config.clinic) || (link !== null && !sameBytes(link.clinic, clinic))) {
      this.#problem = "link-other-clinic";
      return;
    }
    const device = this.#ledger.memory.device ?? makeDevice(clinic, random, now());
    const head = (): LogHead | undefined => (this.#ledger.memory.log === undefined ? undefined : logHead(this.#ledger.memory.log.log));
    const relay = new Relay({ origin: config.origin, device, head, now, closing: this.#closing.signal });
    // On a slow line each question costs half a second: these two wait for one another's answers no longer than for the slower one.
    relay.authorise();
    const log = await fetchLog(relay, clinic, this.#ledger.memory.log);
    requireConfig({ config, ...signed }, log);
    this.#phone = config.phone;
    if (freshness(log, now()).state === "stop") {
      this.#problem = "log.stale";
      return;
    }
    // On disk before the relay hears of it: a link that was redeemed by keys which are lost could never be used again.
    const line = kept ?? newLine(clinic, config.origin, link, random);
    await this.#turn(() => this.#commit({ device, line, log, prekeys: this.#ledger.memory.prekeys ?? NO_PREKEYS }));
    await this.#redeem(relay, line, log);
    this.#resume(relay);
  }

  async #redeem(relay: Relay, line: LineRecord, log: KeptLog): Promise<void> {
    const { now } = this.#options;
    if (line.secret === null) {
      await relay.bindByIntake(line.clinic);
      await this.#change((memory) => ({ line: { ...memory.line, stage: "joined" } }));
      return;
    }
    const link: Link = { secret: line.secret, clinic: line.clinic };
    try {
      const signed = await relay.bindByInvitation(line.clinic, deriveInvitation(link).token);
      const registration = verifyRegistration(signed, link, (one) => activeSigning(log.log.roster, one), now());
      await this.#change((memory) => ({
        line: { ...memory.line, stage: "joined", registration: signed, checkers: newCheckers(registration) },
      }));
    } catch (error) {
      // A link that leads nowhere leaves nothing behind; the network may be back for the next press.
      if (error instanceof Refused || isProtocolError(error)) await this.#turn(() => this.#ledger.reset());
      throw error;
    }
  }

  /** Goes on where the memory stands: opens the connection when there is one to keep. `joined` was joined by just now. */
  #resume(joined?: Relay): void {
    const { memory } = this.#ledger;
    if (!isJoined(memory) || this.#courier !== undefined || memory.line.stage === "joining" || memory.line.stage === "refused") return;
    if (memory.line.alarm !== null) {
      this.#problem = memory.line.alarm.code;
      void this.#reconsider(memory);
      return;
    }
    const courier = new Courier({
      joined,
      ledger: this.#ledger,
      random: this.#options.random,
      now: this.#options.now,
      closing: this.#closing.signal,
      turn: async (work) => {
        const done = await this.#turn(work);
        this.#noticed();
        return done;
      },
      online: (online) => this.#connected(online),
      signalled: (signal, sender) => this.#signalled(signal, sender),
      halted: (halt) => {
        this.#problem = halt;
        this.#show();
      },
      failed: (error) => {
        this.#problem = problemOf(error);
        if (this.#problem === "fault") reportFault(error);
        this.#show();
      },
    });
    this.#courier = courier;
    this.#connected(false);
    this.#running = courier.run();
    this.#watchChecker();
  }

  /** Whether an administrator has cleared the alarm, in a log that continues ours. While it is not so, nothing else is asked. */
  async #reconsider({ log, line }: Joined): Promise<void> {
    await this.#attempt(async () => {
      const relay = new Relay({ origin: currentRelay(log.log.roster).origin, now: this.#options.now, closing: this.#closing.signal });
      const fetched = await fetchLog(relay, line.clinic, log);
      if (line.alarm === null || !isCleared(fetched, line.alarm.time)) return;
      await this.#change((memory) => ({ log: fetched, line: { ...memory.line, alarm: null } }));
    });
    const { alarm } = this.#ledger.memory.line ?? line;
    this.#problem = alarm?.code ?? null;
    if (alarm === null) this.#resume();
    this.#show();
  }

  #connected(online: boolean): void {
    if (online) {
      this.#cancel("offline");
      this.#connection = "online";
      this.#show();
    } else if (this.#connection !== "offline" && !this.#timers.has("offline")) {
      this.#later("offline", OFFLINE_GRACE, async () => {
        this.#connection = "offline";
        await Promise.resolve();
      });
    }
  }

  /** After the courier has changed the memory. */
  #noticed(): void {
    const { line } = this.#ledger.memory;
    if (line?.stage === "asked") this.#watchChecker();
    this.#show();
  }

  /** Section 11.4: a checker that refused without a try of ours, cannot be written to, or is silent for 20 s is followed by the next. */
  #watchChecker(): void {
    const { memory } = this.#ledger;
    if (!isJoined(memory) || memory.line.stage !== "asked") {
      this.#silent = false;
      return this.#cancel("checker");
    }
    if (memory.line.answers === null || this.#timers.has("checker") || (this.#silent && isAskingSoon(memory))) return;
    const { now } = this.#options;
    const left = (askedAt(memory) ?? now()) + CHECKER_PATIENCE - now();
    // A clock that was set back must not keep anybody waiting for a day.
    this.#later("checker", Math.min(Math.max(0, left), CHECKER_PATIENCE), () => this.#turnToNext());
  }

  async #turnToNext(): Promise<void> {
    const { random, now } = this.#options;
    const { memory } = this.#ledger;
    this.#silent = memory.line?.stage === "asked";
    // While the question has not left this device, nobody has been silent about it.
    if (!isJoined(memory) || isAskingSoon(memory)) return;
    const asked = nextChecker(memory.line.checkers);
    await this.#change((current) => turnedToNext(current, this.#tried, random, now()) ?? {});
    if (asked !== undefined) this.#tried.add(toHex(asked));
    this.#courier?.poke();
  }

  #later(name: string, wait: number, work: () => Promise<void>): void {
    this.#cancel(name);
    const run = async (): Promise<void> => {
      this.#timers.delete(name);
      await this.#attempt(work);
      this.#show();
    };
    this.#timers.set(name, setTimeout(() => void run(), wait));
  }

  #cancel(name: string): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  /** Whether the clinic is open changes with the minute, and with nothing else that happens here. */
  #watchHours(): void {
    const { log } = this.#ledger.memory;
    const next = MINUTE - (this.#options.now() % MINUTE);
    if (log?.log.roster.hours !== undefined && !this.#timers.has("hours")) this.#later("hours", next, async () => undefined);
  }

  #show(): void {
    this.#watchHours();
    this.#view = viewOf(
      this.#ledger.memory,
      {
        working: this.#working,
        erased: this.#erased,
        told: this.#told,
        problem: this.#problem,
        connection: this.#connection,
        phone: this.#phone,
        talksAnyway: this.#talksAnyway,
        anew: this.#anew,
        silent: this.#silent,
        typist: this.#now.typist(this.#options.now()),
        place: this.#now.place(this.#options.now()),
      },
      this.#options.now(),
    );
    this.#options.changed(this.#view);
  }
}

/** For whoever develops the page: a fault of ours, not of the network. Nothing that anybody wrote is in it. */
function reportFault(error: unknown): void {
  globalThis.reportError(error instanceof Error ? error : new Error("fault"));
}
