/** The relay as one mailbox's owner talks to it: docs/protocol.md section 16. All of the page's requests but its own files are made here. */
import { type Bytes, type Shape, encode, fromBase64, toBase64Url, toHex } from "./protocol/encoding";
import type { LogHead } from "./protocol/content";
import type { Envelope } from "./protocol/envelope";
import type { SignedRegistration } from "./protocol/invitation";
import type { ClinicId, DeviceKeys, MailboxId } from "./protocol/keys";
import { STATEMENT } from "./protocol/limits";
import type { Publication, Stock } from "./protocol/prekeys";
import { sign } from "./protocol/primitives";
import type { Receipt } from "./protocol/receipt";
import {
  ANSWERS,
  CHALLENGE,
  CHALLENGE_REQUEST,
  ENVELOPES,
  type EnvelopeAnswer,
  type Frame,
  FrameReader,
  GENERATION,
  COSIGNED_NOTES,
  LOG_PAGE,
  type LogPage,
  MAILBOXES,
  Nonsense,
  OPENED_MAILBOX,
  OPEN_MAILBOX,
  POSITIONS,
  PUBLICATION,
  PUSH_KEY,
  PUSH_SUBSCRIPTION,
  RECEIPTS,
  RECEIPT_ANSWERS,
  STOCK,
  STORED_GENERATION,
  TAKEN,
  TOKEN,
  TOKEN_REQUEST,
  decodeAnswer,
} from "./wire";

/** No answer, or one that broke off. Try again later. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The relay asks for patience (429, 5xx): `after` milliseconds. */
export class Busy extends Error {
  override readonly name = "Busy";
  constructor(readonly after: number) {
    super("The relay is busy.");
  }
}

/** A problem document. `problem` is its stable name; its sentences are written for operators and are not shown. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(
    readonly status: number,
    readonly problem: string,
    /** Of `log-stale`: what the page lacks. */
    readonly statements: readonly Bytes[] = [],
  ) {
    super(`The relay refused: ${problem || status}.`);
  }
}

const SECOND = 1_000;
const PATIENCE = 30 * SECOND;
/** The first frame comes at once; where it does not, something between buffers the stream. */
const FIRST_FRAME = 8 * SECOND;
/** Two and a half heartbeats. */
const SILENCE = 50 * SECOND;
const POLL = 25;
const TOKEN_MARGIN = 30 * SECOND;
/** 1,024 statements of 8 KiB, and their arrays. */
const ANSWER_LIMIT = 16 * 1_024 * 1_024;

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** An origin that is encrypted, or on this very machine. */
export function isSafeOrigin(origin: string): boolean {
  let url: URL;
  try {
    url = new URL(origin);
  } catch {
    return false;
  }
  if (url.origin !== origin) return false;
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.has(url.hostname));
}

/** `AbortSignal.any`, which Safari has only since 17.4. */
function either(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const controller = new AbortController();
  for (const signal of signals) {
    if (signal === undefined) continue;
    if (signal.aborted) controller.abort();
    signal.addEventListener("abort", () => controller.abort(), { once: true, signal: controller.signal });
  }
  return controller.signal;
}

interface Asked {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: Bytes;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly limit?: number;
}

async function* chunksOf(response: Response): AsyncGenerator<Bytes> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function bounded(response: Response, limit: number): Promise<Bytes> {
  const parts: Bytes[] = [];
  let length = 0;
  for await (const part of chunksOf(response)) {
    length += part.length;
    if (length > limit) throw new Nonsense("The relay's answer is too long.");
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

const isText = (value: unknown): value is string => typeof value === "string";

function statementsOf(value: unknown): readonly Bytes[] {
  if (!Array.isArray(value)) return [];
  try {
    return value.filter(isText).filter(({ length }) => length <= STATEMENT.value * 2).map(fromBase64);
  } catch (error) {
    throw new Nonsense("The relay sent statements that cannot be read.", { cause: error });
  }
}

function retryAfter(response: Response): number {
  const seconds = Number(response.headers.get("Retry-After") ?? "");
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3_600) * SECOND : 5 * SECOND;
}

async function refusalOf(response: Response): Promise<Busy | Refused> {
  const { status } = response;
  if (status === 429 || status >= 500) return new Busy(retryAfter(response));
  let document: { readonly type?: unknown; readonly statements?: unknown } = {};
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(await bounded(response, ANSWER_LIMIT)));
    if (typeof parsed === "object" && parsed !== null) document = parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const type = isText(document.type) ? document.type.slice(0, 100) : "";
  return new Refused(status, type.replace(/^urn:sealdesk:problem:/, ""), statementsOf(document.statements));
}

/** What the relay is told that the page knows of the clinic log. */
export interface RelayOptions {
  /** From the clinic log: challenges are signed over it, so that one relay cannot pass a signature on to another. */
  readonly origin: string;
  readonly device?: DeviceKeys;
  readonly head?: () => LogHead | undefined;
  readonly now: () => number;
  /** Whoever goes away waits for no answer. */
  readonly closing?: AbortSignal;
}

interface Token {
  readonly token: string;
  readonly expires: number;
}

export class Relay {
  readonly #options: RelayOptions;
  #token: Promise<Token> | undefined;
  /** Once a network has been seen to buffer streams, it is polled. */
  #polls = false;

  constructor(options: RelayOptions) {
    if (!isSafeOrigin(options.origin)) throw new Nonsense("The relay's origin is not encrypted.");
    this.#options = options;
  }

  async logPage(clinic: ClinicId, from: number): Promise<LogPage> {
    return decodeAnswer(LOG_PAGE, await this.#send(`/v1/clinics/${toHex(clinic)}/log?from=${from}`));
  }

  /** The checkpoints that each cosigner's newest cosignature is over, of whatever size. */
  async cosignedNotes(clinic: ClinicId): Promise<readonly string[]> {
    return decodeAnswer(COSIGNED_NOTES, await this.#send(`/v1/clinics/${toHex(clinic)}/cosignatures`));
  }

  /** Asks for the token ahead of the call that needs it, which is told if it does not come. */
  authorise(): void {
    this.#currentToken().catch(() => undefined);
  }

  async bindByInvitation(clinic: ClinicId, token: Bytes): Promise<SignedRegistration> {
    const answer = await this.#call("/v1/mailboxes", OPEN_MAILBOX, { kind: "invitation", clinic, token }, OPENED_MAILBOX);
    if (answer === null) throw new Nonsense("The relay redeemed an invitation without showing it.");
    return answer;
  }

  async bindByIntake(clinic: ClinicId): Promise<void> {
    await this.#call("/v1/mailboxes", OPEN_MAILBOX, { kind: "intake", clinic }, OPENED_MAILBOX);
  }

  async publishPrekeys(publication: Publication, reset: boolean): Promise<void> {
    await this.#authed("/v1/prekeys", { method: "PUT", body: encode(PUBLICATION, { ...publication, reset }) });
  }

  async prekeysLeft(): Promise<Stock> {
    return decodeAnswer(STOCK, await this.#authed("/v1/prekeys"));
  }

  async takeBundles(mailboxes: readonly MailboxId[]): Promise<ReadonlyMap<string, Bytes | null>> {
    const taken = await this.#call("/v1/prekeys/take", MAILBOXES, mailboxes, TAKEN);
    return new Map(taken.map(({ mailbox, bundle }) => [toHex(mailbox), bundle]));
  }

  async postEnvelopes(envelopes: readonly Envelope[]): Promise<readonly EnvelopeAnswer[]> {
    const answers = await this.#call("/v1/envelopes", ENVELOPES, envelopes, ANSWERS);
    const fits = answers.length === envelopes.length && answers.every(({ id }, i) => toHex(id) === toHex(envelopes[i]?.id ?? id));
    if (!fits) throw new Nonsense("The relay answered for other envelopes than were sent.");
    return answers;
  }

  async generation(): Promise<number> {
    const answer = decodeAnswer(STORED_GENERATION, await this.#authed("/v1/generation"));
    return answer?.generation ?? 0;
  }

  async putGeneration(generation: number): Promise<void> {
    const { mailbox } = this.#device();
    const signature = sign(mailbox.secret, "generation", mailbox.public, generation);
    await this.#authed("/v1/generation", { method: "PUT", body: encode(GENERATION, { generation, signature }) });
  }

  async postReceipts(receipts: readonly Receipt[]): Promise<void> {
    await this.#call("/v1/receipts", RECEIPTS, receipts, RECEIPT_ANSWERS);
  }

  /** The relay's key towards push services: an uncompressed P-256 point. */
  async pushKey(): Promise<Bytes> {
    return decodeAnswer(PUSH_KEY, await this.#authed("/v1/push")).key;
  }

  async putPush(endpoint: string): Promise<void> {
    await this.#authed("/v1/push", { method: "PUT", body: encode(PUSH_SUBSCRIPTION, { endpoint }) });
  }

  async deletePush(): Promise<void> {
    await this.#authed("/v1/push", { method: "DELETE" });
  }

  async discard(positions: readonly number[]): Promise<void> {
    await this.#authed("/v1/discard", { method: "POST", body: encode(POSITIONS, positions) });
  }

  async putBlob(name: Bytes, content: Bytes, hashes: { readonly read: Bytes; readonly delete: Bytes }): Promise<void> {
    await this.#authed(`/v1/blobs/${toHex(name)}`, {
      method: "PUT",
      body: content,
      type: "application/octet-stream",
      headers: { "Sealdesk-Blob-Read": toBase64Url(hashes.read), "Sealdesk-Blob-Delete": toBase64Url(hashes.delete) },
      // 25 MiB on a slow line.
      signal: AbortSignal.timeout(10 * 60 * SECOND),
    });
  }

  async getBlob(name: Bytes, readSecret: Bytes, limit: number): Promise<Bytes> {
    const headers = { "Sealdesk-Blob-Read": toBase64Url(readSecret) };
    return this.#authed(`/v1/blobs/${toHex(name)}`, { headers, limit, signal: AbortSignal.timeout(10 * 60 * SECOND) });
  }

  async deleteBlob(name: Bytes, deleteSecret: Bytes): Promise<void> {
    const headers = { "Sealdesk-Blob-Delete": toBase64Url(deleteSecret) };
    await this.#authed(`/v1/blobs/${toHex(name)}`, { method: "DELETE", headers });
  }

  /** What waits behind `after`, then what comes, until the relay ends it or `signal` does. Null is a heartbeat. */
  async *frames(after: () => number, signal: AbortSignal): AsyncGenerator<Frame | null> {
    if (!this.#polls) yield* this.#stream(after(), signal);
    while (this.#polls && !signal.aborted) yield* this.#poll(after(), signal);
  }

  forget(): void {
    this.#token = undefined;
  }

  async *#stream(after: number, signal: AbortSignal): AsyncGenerator<Frame | null> {
    const silent = new AbortController();
    let seen = false;
    let timer = setTimeout(() => silent.abort(), FIRST_FRAME + PATIENCE);
    const wait = (time: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), time);
    };
    try {
      const response = await this.#open(`/v1/envelopes?after=${after}`, either(signal, silent.signal));
      wait(FIRST_FRAME);
      const reader = new FrameReader();
      for await (const chunk of chunksOf(response)) {
        seen = true;
        wait(SILENCE);
        yield* reader.feed(chunk);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (silent.signal.aborted) this.#polls ||= !seen;
      throw asUnreachable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async *#poll(after: number, signal: AbortSignal): AsyncGenerator<Frame | null> {
    const patience = AbortSignal.timeout(POLL * SECOND + PATIENCE);
    try {
      const response = await this.#open(`/v1/envelopes?after=${after}&wait=${POLL}`, either(signal, patience));
      yield null;
      const reader = new FrameReader();
      for await (const chunk of chunksOf(response)) yield* reader.feed(chunk);
    } catch (error) {
      if (!signal.aborted) throw asUnreachable(error);
    }
  }

  async #open(path: string, signal: AbortSignal): Promise<Response> {
    const response = await this.#fetch(path, { headers: await this.#authorisation(), signal });
    if (response.ok) return response;
    if (response.status === 401) this.forget();
    throw await refusalOf(response);
  }

  async #call<Q, A>(path: string, question: Shape<Q>, value: NoInfer<Q>, answer: Shape<A>): Promise<A> {
    return decodeAnswer(answer, await this.#authed(path, { method: "POST", body: encode(question, value) }));
  }

  async #authed(path: string, asked: Asked = {}): Promise<Bytes> {
    const attempt = async (): Promise<Bytes> =>
      this.#send(path, { ...asked, headers: { ...(await this.#authorisation()), ...asked.headers } });
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401) throw error;
      // The relay forgot its tokens (it was restarted), or this clock jumped. Once more with a new one.
      this.forget();
      return attempt();
    }
  }

  async #authorisation(): Promise<Record<string, string>> {
    const { token } = await this.#currentToken();
    const head = this.#options.head?.();
    const headers: Record<string, string> = { Authorization: `Bearer ${token}` };
    if (head !== undefined) headers["Sealdesk-Log-Head"] = `${head.size}.${toBase64Url(head.root)}`;
    return headers;
  }

  async #currentToken(): Promise<Token> {
    const asked = this.#token;
    const known = await asked?.catch(() => undefined);
    if (known !== undefined && known.expires - TOKEN_MARGIN > this.#options.now()) return known;
    // Of two that wait for it one asks anew.
    if (this.#token === asked) this.#token = undefined;
    return (this.#token ??= this.#prove());
  }

  async #prove(): Promise<Token> {
    const { mailbox: key, certificate } = this.#device();
    const { mailbox } = certificate;
    const asked = { method: "POST", body: encode(CHALLENGE_REQUEST, { mailbox }) } as const;
    const { challenge } = decodeAnswer(CHALLENGE, await this.#send("/v1/challenge", asked));
    const signature = sign(key.secret, "relay-auth", this.#options.origin, challenge, "full");
    const body = encode(TOKEN_REQUEST, { mailbox, challenge, scope: "full", signature });
    return decodeAnswer(TOKEN, await this.#send("/v1/token", { method: "POST", body }));
  }

  #device(): DeviceKeys {
    const { device } = this.#options;
    if (device === undefined) throw new Error("a call that needs a mailbox");
    return device;
  }

  async #send(path: string, asked: Asked = {}): Promise<Bytes> {
    try {
      const response = await this.#fetch(path, asked);
      if (!response.ok) throw await refusalOf(response);
      return await bounded(response, asked.limit ?? ANSWER_LIMIT);
    } catch (error) {
      throw asUnreachable(error);
    }
  }

  async #fetch(path: string, { method = "GET", body, type = "application/msgpack", headers, signal }: Asked): Promise<Response> {
    return fetch(this.#options.origin + path, {
      method,
      headers: body === undefined ? { ...headers } : { "Content-Type": type, ...headers },
      body: body === undefined ? null : (body as Uint8Array<ArrayBuffer>),
      signal: either(signal ?? AbortSignal.timeout(PATIENCE), this.#options.closing),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  }
}

/** A browser tells neither why a request failed nor how far it came: whatever is not an answer is no answer. */
function asUnreachable(error: unknown): unknown {
  if (error instanceof Refused || error instanceof Busy || error instanceof Nonsense || error instanceof Unreachable) return error;
  if (error instanceof TypeError || error instanceof DOMException) return new Unreachable("The relay cannot be reached.", { cause: error });
  return error;
}

/** Full jitter: pages whose relay comes back must not all return in the same second. Milliseconds. */
export class Backoff {
  #failures = 0;

  constructor(
    readonly first = 500,
    readonly most = 60 * SECOND,
  ) {}

  next(random: () => number = Math.random): number {
    const ceiling = Math.min(this.most, this.first * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 20);
    return ceiling * random();
  }

  reset(): void {
    this.#failures = 0;
  }
}
