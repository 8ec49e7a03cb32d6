/**
 * Carries between the memory and the relay: keeps a stream open, takes in what comes, sends what is due. It decides nothing
 * about the conversation. Everything it does is repeated safely after a break at any point: it works from what is on disk.
 */
import { decode, sameBytes, toHex } from "./protocol/encoding";
import type { LogHead } from "./protocol/content";
import type { Envelope } from "./protocol/envelope";
import { isProtocolError } from "./protocol/errors";
import { nextChecker } from "./protocol/invitation";
import type { Certificate } from "./protocol/keys";
import { HEARD_LATELY } from "./protocol/limits";
import { BUNDLE, NO_PREKEYS, openBundle, prekeysAreDue, refillPrekeys } from "./protocol/prekeys";
import type { Random } from "./protocol/primitives";
import { RECEIPT_PAYLOAD } from "./protocol/receipt";
import { type Peer, beginSession, isUnanswered, newPeer, sendingSession } from "./protocol/session";
import { type Hint, type Signal, composeSignal } from "./protocol/signal";
import { confirms, isBehind, logHead, observeHead } from "./transparency/clinic_log";
import { currentRelay, memberOf } from "./transparency/roster";
import { extend, fetchLog, freshness } from "./clinic";
import { type Received, receive } from "./inbound";
import type { Changes, Intent, KeptLog, Ledger } from "./ledger";
import { type Joined, accepted, hasSentAll, isJoined, readyPeers, receipted, recipients, say, sayAgain, unread } from "./outbound";
import { VaultError } from "./storage";
import { Backoff, Busy, Refused, Relay, Unreachable } from "./relay";
import { DISCARDS_A_REQUEST, ENVELOPES_A_REQUEST, type EnvelopeFrame, type Frame, Nonsense, RECEIPTS_A_REQUEST } from "./wire";

/** Why it stopped, and does not start again by itself. */
export type Halt =
  | "log.forked"
  | "log.rolled-back"
  /** Nobody of the clinic has vouched for its log for 14 days, or ever. */
  | "log.stale"
  /** The relay no longer knows this mailbox: blocked, or moved to another clinic's relay. */
  | "closed"
  /** Another copy of this page reads the mailbox. */
  | "elsewhere";

export class Halted extends Error {
  override readonly name = "Halted";
  constructor(readonly halt: Halt) {
    super(`The line stopped: ${halt}.`);
  }
}

export interface CourierOptions {
  readonly ledger: Ledger;
  /** The relay by which this device has joined just now, over a log of just now. */
  readonly joined: Relay | undefined;
  readonly random: Random;
  readonly now: () => number;
  readonly closing: AbortSignal;
  /** One change of the memory after another. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly online: (online: boolean) => void;
  readonly halted: (halt: Halt) => void;
  /** What is true only for the moment, told by a device of the clinic. */
  readonly signalled: (signal: Signal, sender: Certificate["device"]) => void;
  /** Something that is no fault of the network: a bug, or a store that fails. */
  readonly failed: (error: unknown) => void;
}

const SECOND = 1_000;
const RECEIPT_JITTER = 3 * SECOND;
const GENERATION_SENDS = 64;
/** On a slow line the upload takes a second and a half: longer than it takes to be checked and to write. */
const STOCK_WAIT = 5 * SECOND;
const LOG_AGE = 6 * 3_600 * SECOND;
const KEPT_ANSWERS = 2_000;

/** Codes that say: the log is not what it was. Both stop everything until the clinic has been called. */
const alarmOf = (error: unknown): "log.forked" | "log.rolled-back" | undefined => {
  if (isProtocolError(error, "log.forked") || isProtocolError(error, "log.rolled-back")) {
    return error.code === "log.forked" ? "log.forked" : "log.rolled-back";
  }
  if (!(error instanceof Refused)) return undefined;
  // The relay has less than it once showed, or another past.
  if (error.problem === "log-ahead") return "log.rolled-back";
  return error.problem === "log-forked" ? "log.forked" : undefined;
};

/** What stands against everything that this device asks, not against one request. */
const STANDS_AGAINST_ALL: ReadonlySet<string> = new Set(["log-stale", "log-ahead", "log-forked", "revoked", "mailbox-unbound", "token-invalid"]);

const isPassing = (error: unknown): boolean =>
  error instanceof Unreachable || error instanceof Busy || error instanceof Nonsense || error instanceof Refused || isProtocolError(error);

const isUnkept = (error: unknown): boolean => error instanceof VaultError && (error.fault === "full" || error.fault === "denied");

export class Courier {
  readonly #options: CourierOptions;
  readonly #backoff = new Backoff();
  #relay: Relay | undefined;
  #stopped = false;
  #raised = false;
  /** Whether it hears from the relay, and whether the relay takes what is sent. */
  #hears = false;
  #sends = true;
  #isNew: boolean;
  #fetched: number;
  #arriving: Promise<void> | undefined;
  #prekeysDue = false;
  /** The size that had been seen when the stream was opened. What it shows can be late, but not older than that. */
  #floor = 0;
  /** When each mailbox was last heard from, by its hex. */
  readonly #heard = new Map<string, number>();
  #discards: number[] = [];
  #stream = new AbortController();
  #wake: () => void = () => undefined;
  #tending: Promise<void> | undefined;
  #ahead: Promise<void> | undefined;
  #again = false;
  #receiptTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #stockTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CourierOptions) {
    this.#options = options;
    this.#relay = options.joined;
    this.#isNew = options.joined !== undefined;
    this.#fetched = options.joined === undefined ? 0 : options.now();
  }

  /** Runs until `stop`, or until it halts. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      let patience = 0;
      try {
        await this.#connect();
        this.#standing(true, this.#sends);
        this.poke();
        this.#floor = this.#joined().log.log.seen;
        for await (const frame of this.#currentRelay().frames(() => this.#joined().line.position, this.#stream.signal)) {
          this.#backoff.reset();
          if (frame !== null) await this.#take(frame);
          if (this.#stopped) return;
        }
      } catch (error) {
        await this.#recover(error);
        if (error instanceof Busy) patience = error.after;
      }
      if (!this.#stopped) await this.#pause(patience);
    }
  }

  /** Something is due. */
  poke(): void {
    this.#again = true;
    this.#tending ??= this.#tend().finally(() => (this.#tending = undefined));
  }

  /** The phone woke up, or the network came back: whatever is open may be dead. */
  wake(): void {
    this.#backoff.reset();
    this.#stream.abort();
    this.#stream = new AbortController();
    this.#wake();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#receiptTimer);
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#stockTimer);
    this.#stream.abort();
    this.#wake();
  }

  /** Resolves when what was due has been sent, or could not be. */
  async flush(): Promise<void> {
    this.poke();
    await this.#tending;
  }

  /**
   * Tells desks that were heard from lately what is true only now. Messages go first, what cannot leave is dropped, and no
   * session is begun for it.
   */
  async tell(hint: Hint): Promise<void> {
    const { random, now } = this.#options;
    if (this.#stopped || !hasSentAll(this.#joined())) return;
    let envelope: Envelope | undefined;
    const composed = this.#change((memory) => {
      const awake = readyPeers(memory).filter((peer) => this.#isAwake(peer));
      if (awake.length === 0) return {};
      const told = composeSignal(hint, awake, memory.device, random, now());
      ({ envelope } = told);
      const peers = new Map(told.peers.map((peer) => [toHex(peer.certificate.device), peer]));
      return { peers, line: { ...memory.line, sends: memory.line.sends + 1 } };
    });
    try {
      await composed;
      if (envelope === undefined) return;
      await this.#currentRelay().postEnvelopes([envelope]);
    } catch (error) {
      // A full phone is told to whoever says something, and not to who begins to type.
      if (!isPassing(error) && !isUnkept(error)) throw error;
    }
  }

  #isAwake(peer: Peer): boolean {
    const session = sendingSession(peer);
    const heard = this.#heard.get(toHex(peer.certificate.mailbox)) ?? 0;
    return session !== undefined && !isUnanswered(session) && this.#options.now() - heard <= HEARD_LATELY;
  }

  /** Of a file that somebody sent. */
  relay(): Relay {
    return this.#currentRelay();
  }

  #joined(): Joined {
    const { memory } = this.#options.ledger;
    if (!isJoined(memory)) throw new Error("a courier before anybody has joined");
    return memory;
  }

  #currentRelay(): Relay {
    const { origin } = currentRelay(this.#joined().log.log.roster);
    this.#relay ??= new Relay({
      origin,
      device: this.#joined().device,
      head: () => logHead(this.#joined().log.log),
      now: this.#options.now,
      closing: this.#options.closing,
    });
    return this.#relay;
  }

  /** A relay that only talks is no connection: what is written would wait, and nobody would say so. */
  #standing(hears: boolean, sends: boolean): void {
    [this.#hears, this.#sends] = [hears, sends];
    this.#options.online(hears && sends);
  }

  /** One turn: `work` sees the memory as it is then, and what it returns is on disk when this resolves. */
  async #change(work: (memory: Joined) => Changes): Promise<void> {
    await this.#options.turn(async () => this.#options.ledger.commit(work(this.#joined())));
  }

  async #pause(patience: number): Promise<void> {
    this.#standing(false, this.#sends);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.max(patience, this.#backoff.next()));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #recover(error: unknown): Promise<void> {
    try {
      await this.#answerTo(error);
    } catch (fault) {
      this.stop();
      this.#options.failed(fault);
    }
  }

  async #answerTo(error: unknown): Promise<void> {
    const alarm = alarmOf(error);
    if (alarm !== undefined) {
      await this.#change(({ line }) => ({ line: { ...line, alarm: { code: alarm, time: this.#options.now() } } }));
      this.#halt(alarm);
    } else if (error instanceof Halted) {
      this.#halt(error.halt);
    } else if (error instanceof Refused && error.problem === "log-stale") {
      await this.#caughtUp(error);
    } else if (error instanceof Refused && (error.problem === "revoked" || error.problem === "mailbox-unbound")) {
      this.#halt("closed");
    } else if (!isPassing(error)) {
      this.stop();
      this.#options.failed(error);
    }
  }

  #halt(halt: Halt): void {
    this.stop();
    this.#options.halted(halt);
  }

  async #caughtUp({ statements }: Refused): Promise<void> {
    try {
      if (statements.length === 0) return await this.#refreshLog();
      // The statements begin where the head that we had named ends.
      await this.#change((memory) => {
        const log = extend(memory.log, memory.log.log.statements.length, statements);
        return { log, ...withoutRevoked(memory, log) };
      });
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (alarmOf(error) !== undefined) await this.#answerTo(error);
    }
    this.poke();
  }

  async #connect(): Promise<void> {
    // A first connection right after the joining has the log that it joined over.
    if (this.#isNew) this.#greetAhead();
    else this.#fetched = 0;
    await this.#arrive();
    this.#prekeysDue = true;
  }

  /** What comes before anything is sent. Whoever needs it first begins it, and the others wait for the same. */
  #arrive(): Promise<void> {
    this.#arriving ??= this.#catchUp().finally(() => (this.#arriving = undefined));
    return this.#arriving;
  }

  async #catchUp(): Promise<void> {
    if (this.#options.now() - this.#fetched > LOG_AGE) await this.#refreshLog();
    await this.#raiseGeneration();
  }

  async #refreshLog(): Promise<void> {
    const { line, log } = this.#joined();
    const fetched: KeptLog = await fetchLog(this.#currentRelay(), line.clinic, log);
    await this.#change((memory) => (fetched.log.statements.length < memory.log.log.statements.length ? {} : { log: fetched, ...withoutRevoked(memory, fetched) }));
    this.#fetched = this.#options.now();
    if (freshness(this.#joined().log, this.#options.now()).state === "stop") throw new Halted("log.stale");
  }

  /** Section 7: a relay that has seen a higher generation has seen a later life of this device than this disk holds. */
  async #raiseGeneration(): Promise<void> {
    if (this.#raised) return;
    // Of a mailbox that was bound just now it has seen none. Where it has after all, it refuses, and is asked at the next try.
    const seen = this.#isNew ? 0 : await this.#currentRelay().generation();
    this.#isNew = false;
    const { line } = this.#joined();
    if (seen > line.generation) await this.#forgetSessions(seen);
    await this.#nextGeneration();
    this.#raised = true;
  }

  async #nextGeneration(): Promise<void> {
    await this.#change(({ line }) => ({ line: { ...line, generation: line.generation + 1, sends: 0 } }));
    await this.#currentRelay().putGeneration(this.#joined().line.generation);
  }

  async #forgetSessions(seen: number): Promise<void> {
    await this.#change(({ line, prekeys, peers }) => ({
      line: { ...line, generation: seen },
      // Ids may have been given out in the life that is lost: none of them is used again.
      prekeys: { ...NO_PREKEYS, nextId: prekeys.nextId + (seen - line.generation) * 4_096 },
      peers: new Map([...peers].map(([name, { certificate }]) => [name, newPeer(certificate)])),
    }));
    await this.#publishPrekeys({ oneTime: 0, kemOnce: 0 }, true);
  }

  async #refillPrekeys(): Promise<void> {
    const left = await this.#currentRelay().prekeysLeft();
    if (prekeysAreDue(this.#joined().prekeys, left, this.#options.now())) await this.#publishPrekeys(left, false);
  }

  /** Beside what somebody waits for, and not at its start: they are 30 KB, and nobody needs them to answer a message. */
  #stockSoon(): void {
    if (this.#prekeysDue) this.#stockTimer ??= setTimeout(() => this.#stockUp(), STOCK_WAIT);
  }

  #stockUp(): void {
    this.#stockTimer = undefined;
    if (this.#stopped) return;
    this.#prekeysDue = false;
    this.#refillPrekeys().catch(async (error: unknown) => {
      this.#prekeysDue = true;
      await this.#recover(error);
      this.#retrySoon(error);
    });
  }

  async #publishPrekeys(left: Parameters<typeof refillPrekeys>[2], reset: boolean): Promise<void> {
    const { random, now } = this.#options;
    let publication: ReturnType<typeof refillPrekeys>["publication"] | undefined;
    await this.#change(({ prekeys, device }) => {
      const filled = refillPrekeys(prekeys, device, left, random, now());
      publication = filled.publication;
      return { prekeys: filled.prekeys };
    });
    if (publication !== undefined) await this.#currentRelay().publishPrekeys(publication, reset);
  }

  async #take(frame: Frame): Promise<void> {
    switch (frame.kind) {
      case "envelope":
        return this.#takeEnvelope(frame);
      case "receipt":
        this.#discards.push(frame.position);
        await this.#change((memory) => {
          const { sent } = receipted(memory, frame);
          if (sent !== undefined) this.#heard.set(toHex(decode(RECEIPT_PAYLOAD, frame.payload).recipient), this.#options.now());
          const line = { ...memory.line, position: Math.max(memory.line.position, frame.position) };
          return sent === undefined ? { line } : { line, sent };
        });
        return this.#receiptsSoon();
      case "head":
        return this.#takeHead(frame);
      case "lease":
        throw new Halted("elsewhere");
      case "end":
        if (frame.reason === "revoked") throw new Halted("closed");
        if (frame.reason === "expired") this.#currentRelay().forget();
    }
  }

  async #takeHead(head: LogHead): Promise<void> {
    await this.#change(({ log: kept }) => {
      // A statement may have come by another way since this was sent: a late head is one that the log confirms.
      const late = head.size >= this.#floor && head.size < kept.log.seen && confirms(kept.log, head);
      return late ? {} : { log: { ...kept, log: observeHead(kept.log, head) } };
    });
    if (isBehind(this.#joined().log.log)) await this.#refreshLog();
  }

  async #takeEnvelope(frame: EnvelopeFrame): Promise<void> {
    const first = await this.#received(frame, false);
    if (first === "signal") return this.#receiptsSoon();
    if (first !== "stored") {
      // A newer log may know the author, or confirm the head that the message names.
      await this.#refreshLog();
      if ((await this.#received(frame, true)) === "stranger") await this.#throwAway(frame.position);
    }
    const { alarm } = this.#joined().line;
    if (alarm !== null) throw new Halted(alarm.code);
    this.#receiptsSoon();
    this.poke();
  }

  /** From nobody of the clinic: there is nothing to answer. */
  async #throwAway(position: number): Promise<void> {
    this.#discards.push(position);
    await this.#change(({ line }) => ({ line: { ...line, position: Math.max(line.position, position) } }));
  }

  async #received(frame: EnvelopeFrame, shown: boolean): Promise<Received["kind"]> {
    const { random, now } = this.#options;
    const received = await this.#options.turn(async () => {
      const one = receive(this.#joined(), frame, shown, random, now());
      if (one.kind === "stored" || one.kind === "signal") await this.#options.ledger.commit(one.changes);
      return one;
    });
    if (received.kind !== "stranger") this.#heard.set(toHex(frame.sender), now());
    if (received.kind === "signal") {
      this.#discards.push(frame.position);
      if (received.signal !== undefined) this.#options.signalled(received.signal, received.sender);
    }
    return received.kind;
  }

  /** Batched, and at a time that tells nobody when a message was opened. */
  #receiptsSoon(): void {
    this.#receiptTimer ??= setTimeout(() => {
      this.#receiptTimer = undefined;
      this.#receiptsDue = true;
      this.poke();
    }, Math.random() * RECEIPT_JITTER);
  }

  #receiptsDue = true;

  async #tend(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#attend();
        this.#stockSoon();
        this.#backoff.reset();
        if (!this.#sends) this.#standing(this.#hears, true);
      } catch (error) {
        this.#standing(this.#hears, false);
        await this.#recover(error);
        this.#retrySoon(error);
      }
    }
  }

  #retrySoon(error: unknown): void {
    if (this.#stopped || this.#again) return;
    clearTimeout(this.#retryTimer);
    const wait = error instanceof Busy ? error.after : this.#backoff.next();
    this.#retryTimer = setTimeout(() => this.poke(), wait);
  }

  async #attend(): Promise<void> {
    const { now } = this.#options;
    if (isBehind(this.#joined().log.log)) await this.#refreshLog();
    const isOld = now() - this.#fetched > LOG_AGE;
    this.#prekeysDue ||= isOld;
    // Sessions may begin meanwhile: nothing is said in them before this device has arrived.
    if (isOld || !this.#raised) await Promise.all([this.#arrive(), isOld ? undefined : this.#greetTeam()]);
    if (this.#receiptsDue) await this.#postReceipts();
    const held = await this.#upload();
    await this.#sayIntended();
    await this.#sayUnread();
    await this.#post();
    if (held !== undefined) throw held;
  }

  async #postReceipts(): Promise<void> {
    this.#receiptsDue = false;
    const { answers } = this.#joined();
    const due = [...answers].filter(([, { posted }]) => !posted).slice(0, RECEIPTS_A_REQUEST);
    if (due.length > 0) {
      await this.#currentRelay().postReceipts(due.map(([, { receipt }]) => receipt));
      const stale = [...answers].filter(([, { posted }]) => posted).slice(0, Math.max(0, answers.size - KEPT_ANSWERS));
      const posted = due.map(([name, answer]) => [name, { ...answer, posted: true }] as const);
      await this.#change(() => ({ answers: new Map([...stale.map(([name]) => [name, null] as const), ...posted]) }));
    }
    const discarded = this.#discards.slice(0, DISCARDS_A_REQUEST);
    if (discarded.length > 0) await this.#currentRelay().discard(discarded);
    this.#discards = this.#discards.filter((position) => !discarded.includes(position));
    this.#receiptsDue = due.length === RECEIPTS_A_REQUEST;
    this.#again ||= this.#receiptsDue;
  }

  /**
   * A file that the relay does not take now waits: why, is returned. One that it refuses has failed, and is kept for another
   * try. Neither holds up a word that is said after it.
   */
  async #upload(): Promise<Busy | Refused | undefined> {
    let held: Busy | Refused | undefined;
    for (const name of this.#joined().uploads) {
      const upload = this.#joined().refusals.has(name) ? undefined : await this.#options.ledger.upload(name);
      if (upload === undefined) continue;
      try {
        await this.#currentRelay().putBlob(upload.blob, upload.bytes, upload);
        await this.#change(() => ({ uploads: new Map([[name, null]]) }));
      } catch (error) {
        if (!(error instanceof Busy || error instanceof Refused)) throw error;
        if (error instanceof Busy || STANDS_AGAINST_ALL.has(error.problem)) held = error;
        else await this.#change(() => ({ refusals: new Map([[name, { problem: error.problem }]]) }));
      }
    }
    return held;
  }

  /** Fresh prekeys for whom no session stands; a device that has published none is left out, and written to later. */
  async #greet(wanted: readonly Certificate[], anew: boolean): Promise<void> {
    const { random, now } = this.#options;
    await this.#ahead;
    const strangers = wanted.filter(({ device }) => {
      const peer = this.#joined().peers.get(toHex(device));
      return anew || peer === undefined || sendingSession(peer) === undefined;
    });
    if (strangers.length === 0) return;
    const taken = await this.#currentRelay().takeBundles(strangers.map(({ mailbox }) => mailbox));
    await this.#change(({ device, peers }) => {
      const begun = strangers.flatMap((certificate) => {
        const bundle = taken.get(toHex(certificate.mailbox)) ?? null;
        const peer = peers.get(toHex(certificate.device)) ?? newPeer(certificate);
        if (bundle === null) return [];
        try {
          const opened = openBundle(decode(BUNDLE, bundle), certificate, now());
          return [[toHex(certificate.device), beginSession(peer, device, opened, random, now())] as const];
        } catch (error) {
          // A bundle that does not hold is a device that cannot be written to now; the others can.
          if (isProtocolError(error)) return [];
          throw error;
        }
      });
      return { peers: new Map(begun) };
    });
  }

  async #sayIntended(): Promise<void> {
    const { random, now } = this.#options;
    const intents = [...this.#joined().intents.values()].toSorted((a, b) => a.number - b.number);
    for (const intent of intents) {
      if (this.#isUploading(intent)) continue;
      const { log, line } = this.#joined();
      await this.#greet(recipients(log.log), false);
      if (intent.event.kind === "check") await this.#greetChecker(nextChecker(line.checkers));
      if (readyPeers(this.#joined()).length === 0) throw new Unreachable("No device of the clinic can be written to.");
      await this.#change((memory) => say(memory, intent, random, now()));
    }
  }

  async #greetTeam(): Promise<void> {
    const { intents, log } = this.#joined();
    if (intents.size > 0) await this.#greet(recipients(log.log), false);
  }

  /**
   * While an invited patient still reads the consent: one answer less to wait for when the first message is asked for. What fails
   * is asked for again then. Not for visitors: whoever presses a button and goes away would cost every desk a prekey.
   */
  #greetAhead(): void {
    const { line, log } = this.#joined();
    if (line.registration === null) return;
    this.#ahead = this.#greet(recipients(log.log), false).catch(async (error: unknown) => this.#recover(error));
  }

  async #greetChecker(checker: Certificate["device"] | undefined): Promise<void> {
    const { log } = this.#joined();
    const certificate = recipients(log.log).find(({ device }) => checker !== undefined && sameBytes(device, checker));
    if (certificate !== undefined) await this.#greet([certificate], true);
  }

  #isUploading({ event }: Intent): boolean {
    return event.kind === "file" && this.#joined().uploads.has(toHex(event.blob));
  }

  /** A device had no session, or could not read: shake hands anew and say the same again, at most three times. */
  async #sayUnread(): Promise<void> {
    const { random, now } = this.#options;
    for (const name of unread(this.#joined())) {
      const rejected = this.#joined().sent.get(name)?.deliveries.filter(({ state }) => state === "rejected") ?? [];
      const members = rejected.flatMap(({ device }) => memberOf(this.#joined().log.log.roster, device) ?? []);
      const active = members.filter(({ revoked }) => revoked === null).map(({ certificate }) => certificate);
      await this.#greet(active, true);
      await this.#change((memory) => sayAgain(memory, name, ({ state }) => state === "rejected", random, now()));
    }
  }

  async #post(): Promise<void> {
    const { sent, said, line } = this.#joined();
    const waiting = [...sent]
      .filter(([, { envelopes }]) => envelopes.length > 0)
      .toSorted(([a], [b]) => (said.get(a)?.message.content.sequence ?? 0) - (said.get(b)?.message.content.sequence ?? 0))
      .flatMap(([, { envelopes }]) => envelopes);
    if (waiting.length === 0) return;
    if (line.sends >= GENERATION_SENDS) await this.#nextGeneration();
    const batch = waiting.slice(0, ENVELOPES_A_REQUEST);
    const answers = await this.#currentRelay().postEnvelopes(batch);
    for (const answer of answers) await this.#change((memory) => accepted(memory, answer));
    if (waiting.length > batch.length) this.#again = true;
  }
}

/** Revocation deletes all sessions with a device (section 7). */
function withoutRevoked({ peers }: Joined, { log }: KeptLog): Changes {
  const gone = [...peers].filter(([, { certificate }]) => memberOf(log.roster, certificate.device)?.revoked !== null);
  return gone.length === 0 ? {} : { peers: new Map(gone.map(([name]) => [name, null])) };
}

