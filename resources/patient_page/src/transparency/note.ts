/**
 * C2SP signed notes (https://c2sp.org/signed-note) and cosignature/v1 (https://c2sp.org/tlog-cosignature). A note is text,
 * an empty line, and signature lines.
 *
 * Lines by unknown keys are ignored, as the specification demands: so a log gains witnesses without breaking readers. A line
 * by a known key that does not verify refuses the whole note.
 */
import { type Bytes, concat, fromBase64, toBase64, toHex, toUtf8 } from "../protocol/encoding";
import { ProtocolError } from "../protocol/errors";
import { SIGNATURE, sha256, verifyBytes } from "../protocol/primitives";

const MAX_NOTE = 16 * 1_024;
const MAX_SIGNATURES = 64;
/** So that milliseconds stay exact. */
const MAX_SECONDS = Math.floor(Number.MAX_SAFE_INTEGER / 1_000);
const DASH = "\u2014 ";

/** The specifications' signature types: of the text alone, and of the text at a time that the line carries. */
export type KeyType = "ed25519" | "cosignature";
const TYPES: Readonly<Record<KeyType, number>> = { ed25519: 1, cosignature: 4 };

export interface NoteKey {
  readonly name: string;
  readonly public: Bytes;
  readonly type: KeyType;
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Bytes;
  readonly signature: Bytes;
}

/** Nothing of it may be believed before `verifyNote` has returned. */
export interface Note {
  /** Ends in a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature that holds; `time` in milliseconds for a cosignature, else null. */
export interface Verified {
  readonly key: NoteKey;
  readonly time: number | null;
}

export const invalidNote = (detail: string): ProtocolError => new ProtocolError("note.invalid", detail);

/** Four bytes that find a key and prove nothing. */
export const keyId = ({ name, type, public: key }: NoteKey): Bytes =>
  sha256(concat(toUtf8(`${name}\n`), Uint8Array.of(TYPES[type]), key)).slice(0, 4);

/** In the one canonical form: two spellings of one signature would be two notes. */
export function noteBase64(text: string): Bytes {
  try {
    return fromBase64(text);
  } catch {
    throw invalidNote("base64");
  }
}

function parseLine(line: string): NoteSignature {
  const [name, encoded, ...rest] = line.slice(DASH.length).split(" ");
  if (!line.startsWith(DASH) || name === undefined || encoded === undefined || rest.length > 0) {
    throw invalidNote("a signature line");
  }
  if (name === "" || /[\p{Z}\u0085+]/u.test(name)) throw invalidNote("a key's name");
  const bytes = noteBase64(encoded);
  if (bytes.length < 5) throw invalidNote("a signature shorter than its key's id");
  return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

/** Takes a note apart; says nothing about who signed. */
export function parseNote(note: string): Note {
  if (toUtf8(note).length > MAX_NOTE) throw invalidNote("its length");
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(note)) throw invalidNote("a control character");
  // The text may hold empty lines; the last one parts it from the signatures.
  const end = note.lastIndexOf("\n\n");
  if (end < 1 || !note.endsWith("\n")) throw invalidNote("its form");
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > MAX_SIGNATURES) throw invalidNote("too many signatures");
  return { text: note.slice(0, end + 1), signatures: lines.map(parseLine) };
}

/** What a cosignature covers. */
export const cosigned = (text: string, seconds: number): Bytes => toUtf8(`cosignature/v1\ntime ${seconds}\n${text}`);

const TIME = 8;

function timeOf(signature: Bytes): number {
  if (signature.length !== TIME + SIGNATURE) throw invalidNote("a cosignature's length");
  const seconds = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  if (seconds > BigInt(MAX_SECONDS)) throw invalidNote("an impossible time");
  return Number(seconds);
}

function verifyLine(text: string, key: NoteKey, { signature }: NoteSignature): Verified {
  const seconds = key.type === "cosignature" ? timeOf(signature) : null;
  const holds =
    seconds === null
      ? verifyBytes(key.public, signature, toUtf8(text))
      : verifyBytes(key.public, signature.subarray(TIME), cosigned(text, seconds));
  if (!holds) throw invalidNote(`the signature by ${key.name}`);
  return { key, time: seconds === null ? null : seconds * 1_000 };
}

/** The signatures by `keys`, in the order of their lines; there may be none. */
export function verifyNote(note: Note, keys: readonly NoteKey[]): readonly Verified[] {
  const known = new Map(keys.map((key) => [`${key.name} ${toHex(keyId(key))}`, key]));
  return note.signatures.flatMap((line) => {
    const key = known.get(`${line.name} ${toHex(line.keyId)}`);
    return key === undefined ? [] : [verifyLine(note.text, key, line)];
  });
}

export const formatLine = ({ name, keyId: id, signature }: NoteSignature): string =>
  `${DASH}${name} ${toBase64(concat(id, signature))}\n`;

export const formatNote = ({ text, signatures }: Note): string => `${text}\n${signatures.map(formatLine).join("")}`;
