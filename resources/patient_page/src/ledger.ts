/**
 * What the page remembers, in memory as values and in the vault as sealed records. Nothing here changes but by `commit`,
 * which writes all of a change or none of it, and only then lets it be seen.
 */
import { type Bytes, type Infer, type Shape, binary, blob, boolean, decode, encode, list, oneOf, orNil, record, text, uint } from "./protocol/encoding";
import { EVENT } from "./protocol/content";
import { type Arrived, decodeArrived, encodeArrived } from "./protocol/conversation";
import { ENVELOPE } from "./protocol/envelope";
import { SIGNED_REGISTRATION, identifiers } from "./protocol/invitation";
import { type DeviceKeys, clinicId, decodeDevice, deviceId, encodeDevice, hash32, mailboxId, messageId, transcriptHash } from "./protocol/keys";
import { CHECKERS, CODE, FILE, NAME, RECIPIENTS, STATEMENT, STATEMENTS } from "./protocol/limits";
import { NO_PREKEYS, type Prekeys, decodePrekeys, encodePrekeys } from "./protocol/prekeys";
import { RECEIPT, RECEIPT_CHAIN } from "./protocol/receipt";
import { type Peer, decodePeer, encodePeer } from "./protocol/session";
import { type ClinicLog, decodeLog, encodeLog } from "./transparency/clinic_log";
import { VaultError } from "./storage";
import type { Store } from "./vault";

/**
 * `joining`: keys are made, the relay may or may not know them. `joined`: the clinic's invitation or intake is verified.
 * `asked`: an answer of the clinic is awaited. `wrong`: it was not the right code or date. `open`: talk. `refused`: call.
 */
export type Stage = "joining" | "joined" | "asked" | "wrong" | "open" | "refused";

/** Why nothing is sent any more, until an administrator's later statement clears it (14.5). */
export type Alarm = "log.forked" | "log.rolled-back";

const MANY = 65_536;
const LINE = record({
  version: uint(1, 1),
  stage: oneOf<Stage>("joining", "joined", "asked", "wrong", "open", "refused"),
  alarm: orNil(record({ code: oneOf<Alarm>("log.forked", "log.rolled-back"), time: uint() })),
  clinic: clinicId,
  origin: text(NAME),
  /** The link's, until the clinic has said yes; nil for a visitor. */
  secret: orNil(binary(16)),
  registration: orNil(SIGNED_REGISTRATION),
  checkers: list(record({ checker: deviceId, triesLeft: uint() }), CHECKERS),
  /** Handshakes that carried answers: only a verdict over one of them counts. */
  tries: list(record({ checker: deviceId, transcript: transcriptHash, time: uint() }), MANY),
  answers: orNil(record({ code: text(CODE), identifiers })),
  consent: orNil(record({ version: uint(), hash: hash32, time: uint() })),
  nonce: binary(16),
  level: uint(3),
  /** Of the last frame that is stored here. */
  position: uint(),
  generation: uint(),
  sends: uint(),
  nextIntent: uint(),
  chains: list(record({ mailbox: mailboxId, chain: RECEIPT_CHAIN }), STATEMENTS),
  readUntil: list(record({ author: deviceId, sequence: uint() }), STATEMENTS),
});
export type LineRecord = Infer<typeof LINE>;

interface Kind<T> {
  readonly encode: (value: T) => Bytes;
  readonly decode: (bytes: Bytes) => T;
}

const shaped = <T>(shape: Shape<T>): Kind<T> => ({
  encode: (value) => encode(shape, value),
  decode: (bytes) => decode(shape, bytes),
});

const NOTE = { name: "note", value: 16_384 };
const LOG = record({
  version: uint(1, 1),
  clinic: clinicId,
  log: blob({ name: "log", value: STATEMENT.value * STATEMENTS.value }),
  notes: list(text(NOTE), MANY),
});

/** The clinic log, proven, and the cosigned checkpoints that say how fresh it is. */
export interface KeptLog {
  readonly log: ClinicLog;
  readonly notes: readonly string[];
}

const LOG_KIND: Kind<KeptLog> = {
  encode: ({ log, notes }) => encode(LOG, { version: 1, clinic: log.roster.clinic, log: encodeLog(log), notes }),
  decode: (bytes) => {
    const { clinic, log, notes } = decode(LOG, bytes);
    return { log: decodeLog(log, clinic), notes };
  },
};

export type DeliveryState = "queued" | "accepted" | "delivered" | "rejected" | "refused";
const DELIVERY = record({
  device: deviceId,
  mailbox: mailboxId,
  hash: hash32,
  state: oneOf<DeliveryState>("queued", "accepted", "delivered", "rejected", "refused"),
});
export type SentDelivery = Infer<typeof DELIVERY>;

/** A message of our own that has been signed, and how far it has come. */
const SENT = record({
  /** Those that the relay has not answered for. Posting one again is harmless: it knows their ids. */
  envelopes: list(ENVELOPE, RECIPIENTS),
  deliveries: list(DELIVERY, RECIPIENTS),
  attempts: uint(),
  failed: boolean,
});
export type Sent = Infer<typeof SENT>;

/** Something that will be said as soon as it can be signed, sealed and sent. */
const INTENT = record({ number: uint(), message: messageId, time: uint(), event: EVENT });
export type Intent = Infer<typeof INTENT>;

/** Our answer to one delivery, kept so that a duplicate gets the same bytes. */
const ANSWER = record({ receipt: RECEIPT, posted: boolean });
export type Answer = Infer<typeof ANSWER>;

/** How the person wants to be told of something new. `unasked`: not before the clinic's first answer. */
const NOTICES = record({ sound: boolean, push: oneOf<"unasked" | "on" | "off">("unasked", "on", "off") });
export type Notices = Infer<typeof NOTICES>;
export const NO_NOTICES: Notices = { sound: false, push: "unasked" };

const UPLOAD = record({ blob: hash32, bytes: blob({ name: "upload", value: FILE.value * 2 }), read: hash32, delete: hash32 });
export type Upload = Infer<typeof UPLOAD>;

/** The relay will not take a file, by this name of its refusal; it is not asked again until the person wants it. */
const REFUSAL = record({ problem: text(NAME) });
export type Refusal = Infer<typeof REFUSAL>;

/** Values are replaced, never changed. Maps are by hex: of device, message hash, delivery hash, blob. */
export interface Memory {
  readonly device: DeviceKeys | undefined;
  readonly line: LineRecord | undefined;
  readonly log: KeptLog | undefined;
  readonly prekeys: Prekeys;
  readonly notices: Notices;
  readonly peers: ReadonlyMap<string, Peer>;
  readonly said: ReadonlyMap<string, Arrived>;
  /** Of conversations on earlier devices of the patient's, as a desk passed them on: by message hash, verified. */
  readonly earlier: ReadonlyMap<string, Arrived>;
  readonly sent: ReadonlyMap<string, Sent>;
  readonly intents: ReadonlyMap<string, Intent>;
  readonly answers: ReadonlyMap<string, Answer>;
  /** Names of the files that are kept; `Ledger.file` and `Ledger.upload` read them. */
  readonly uploads: ReadonlySet<string>;
  readonly refusals: ReadonlyMap<string, Refusal>;
  readonly files: ReadonlySet<string>;
}

type Edits<T> = ReadonlyMap<string, T | null>;

/** Null deletes. Where two changes are merged, the later wins. */
export interface Changes {
  readonly device?: DeviceKeys;
  readonly line?: LineRecord;
  readonly log?: KeptLog;
  readonly prekeys?: Prekeys;
  readonly notices?: Notices;
  readonly peers?: Edits<Peer>;
  readonly said?: Edits<Arrived>;
  readonly earlier?: Edits<Arrived>;
  readonly sent?: Edits<Sent>;
  readonly intents?: Edits<Intent>;
  readonly answers?: Edits<Answer>;
  readonly uploads?: Edits<Upload>;
  readonly refusals?: Edits<Refusal>;
  readonly files?: Edits<Bytes>;
}

const SINGLES = {
  device: { encode: encodeDevice, decode: decodeDevice },
  line: shaped(LINE),
  log: LOG_KIND,
  prekeys: { encode: encodePrekeys, decode: decodePrekeys },
  notices: shaped(NOTICES),
} as const;
const TABLES = {
  peers: { encode: encodePeer, decode: decodePeer },
  said: { encode: encodeArrived, decode: decodeArrived },
  earlier: { encode: encodeArrived, decode: decodeArrived },
  sent: shaped(SENT),
  intents: shaped(INTENT),
  answers: shaped(ANSWER),
  refusals: shaped(REFUSAL),
} as const;
/** Large things, which are not read until they are wanted. */
const SHELVES = { uploads: shaped(UPLOAD), files: { encode: (bytes: Bytes) => bytes, decode: (bytes: Bytes) => bytes } } as const;

type Single = keyof typeof SINGLES;
type Table = keyof typeof TABLES;
type Shelf = keyof typeof SHELVES;

const SINGLE_NAMES = Object.keys(SINGLES) as readonly Single[];
const TABLE_NAMES = Object.keys(TABLES) as readonly Table[];
const SHELF_NAMES = Object.keys(SHELVES) as readonly Shelf[];

function encodeEdits<T>(room: string, kind: Kind<T>, edits: Edits<T> | undefined): readonly (readonly [string, Bytes | null])[] {
  return [...(edits ?? [])].map(([name, value]) => [`${room}/${name}`, value === null ? null : kind.encode(value)]);
}

function encodeChanges(changes: Changes): ReadonlyMap<string, Bytes | null> {
  const singles = SINGLE_NAMES.flatMap((name): readonly (readonly [string, Bytes])[] => {
    const value = changes[name];
    return value === undefined ? [] : [[name, (SINGLES[name] as Kind<unknown>).encode(value)]];
  });
  const tables = TABLE_NAMES.flatMap((name) => encodeEdits(name, TABLES[name] as Kind<unknown>, changes[name]));
  const shelves = SHELF_NAMES.flatMap((name) => encodeEdits(name, SHELVES[name] as Kind<unknown>, changes[name]));
  return new Map([...singles, ...tables, ...shelves]);
}

function edited<T>(table: ReadonlyMap<string, T>, edits: Edits<T> | undefined): ReadonlyMap<string, T> {
  if (edits === undefined) return table;
  const next = new Map(table);
  for (const [name, value] of edits) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return next;
}

function shelved(shelf: ReadonlySet<string>, edits: Edits<unknown> | undefined): ReadonlySet<string> {
  const present = new Map<string, unknown>([...shelf].map((name) => [name, true]));
  return new Set(edited(present, edits).keys());
}

const applied = (memory: Memory, changes: Changes): Memory => ({
  device: changes.device ?? memory.device,
  line: changes.line ?? memory.line,
  log: changes.log ?? memory.log,
  prekeys: changes.prekeys ?? memory.prekeys,
  notices: changes.notices ?? memory.notices,
  peers: edited(memory.peers, changes.peers),
  said: edited(memory.said, changes.said),
  earlier: edited(memory.earlier, changes.earlier),
  sent: edited(memory.sent, changes.sent),
  intents: edited(memory.intents, changes.intents),
  answers: edited(memory.answers, changes.answers),
  uploads: shelved(memory.uploads, changes.uploads),
  refusals: edited(memory.refusals, changes.refusals),
  files: shelved(memory.files, changes.files),
});

function readMemory(records: ReadonlyMap<string, Bytes>, names: readonly string[]): Memory {
  const single = <N extends Single>(name: N): ReturnType<(typeof SINGLES)[N]["decode"]> | undefined => {
    const bytes = records.get(name);
    return bytes === undefined ? undefined : (SINGLES[name].decode(bytes) as ReturnType<(typeof SINGLES)[N]["decode"]>);
  };
  const table = <N extends Table>(name: N): ReadonlyMap<string, ReturnType<(typeof TABLES)[N]["decode"]>> => {
    const prefix = `${name}/`;
    const own = [...records].filter(([key]) => key.startsWith(prefix));
    return new Map(own.map(([key, bytes]) => [key.slice(prefix.length), TABLES[name].decode(bytes) as ReturnType<(typeof TABLES)[N]["decode"]>]));
  };
  const shelf = (name: Shelf): ReadonlySet<string> =>
    new Set(names.filter((key) => key.startsWith(`${name}/`)).map((key) => key.slice(name.length + 1)));
  return {
    device: single("device"),
    line: single("line"),
    log: single("log"),
    prekeys: single("prekeys") ?? NO_PREKEYS,
    notices: single("notices") ?? NO_NOTICES,
    peers: table("peers"),
    said: table("said"),
    earlier: table("earlier"),
    sent: table("sent"),
    intents: table("intents"),
    answers: table("answers"),
    uploads: shelf("uploads"),
    refusals: table("refusals"),
    files: shelf("files"),
  };
}

/** Which records are large and read one by one. */
export const isShelved = (name: string): boolean => SHELF_NAMES.some((shelf) => name.startsWith(`${shelf}/`));

export class Ledger {
  readonly #store: Store;
  #memory: Memory;

  private constructor(store: Store, memory: Memory) {
    this.#store = store;
    this.#memory = memory;
  }

  /** Throws `VaultError` where what lies there was written by a newer page, or is damaged. */
  static async open(store: Store): Promise<Ledger> {
    const names = await store.names();
    const records = await store.read(names.filter((name) => !isShelved(name)));
    try {
      return new Ledger(store, readMemory(records, names));
    } catch (error) {
      throw new VaultError("unreadable", { cause: error });
    }
  }

  get memory(): Memory {
    return this.#memory;
  }

  async commit(changes: Changes): Promise<void> {
    await this.#store.commit(encodeChanges(changes));
    this.#memory = applied(this.#memory, changes);
  }

  async file(blobName: string): Promise<Bytes | undefined> {
    return (await this.#store.read([`files/${blobName}`])).get(`files/${blobName}`);
  }

  async upload(blobName: string): Promise<Upload | undefined> {
    const bytes = (await this.#store.read([`uploads/${blobName}`])).get(`uploads/${blobName}`);
    return bytes === undefined ? undefined : decode(UPLOAD, bytes);
  }

  /** Forgets everything, and keeps the place: for a new link where the last one led nowhere. */
  async reset(): Promise<void> {
    const names = await this.#store.names();
    await this.#store.commit(new Map(names.map((name) => [name, null])));
    this.#memory = readMemory(new Map(), []);
  }

  erase(): Promise<void> {
    return this.#store.erase();
  }
}

export const intentName = (number: number): string => String(number).padStart(12, "0");
