/** The bytes of docs/protocol.md section 16, as the page sends and takes them: bounded and typed before anybody reads them. */
import { type Bytes, type Infer, type Shape, binary, blob, boolean, concat, decode, list, oneOf, orNil, record, tagged, text, uint } from "./protocol/encoding";
import { ENVELOPE } from "./protocol/envelope";
import { SIGNED_REGISTRATION } from "./protocol/invitation";
import { certificateBytes, clinicId, envelopeId, hash32, mailboxId, signature64 } from "./protocol/keys";
import { BODY, RECIPIENTS, SLOT, STATEMENT } from "./protocol/limits";
import { prekeyBytes } from "./protocol/prekeys";
import { ACCEPTED, RECEIPT } from "./protocol/receipt";

export type Scope = "full" | "count";

const SHORT = { name: "text of the relay", value: 1_024 };
const NOTE_TEXT = { name: "note", value: 16_384 };
const PREKEYS = 64;
export const STATEMENTS_A_PAGE = 1_024;
export const ENVELOPES_A_REQUEST = 64;
export const RECEIPTS_A_REQUEST = 256;
export const DISCARDS_A_REQUEST = 1_024;

export const CHALLENGE_REQUEST = record({ mailbox: mailboxId });
export const CHALLENGE = record({ challenge: hash32 });
export const TOKEN_REQUEST = record({
  mailbox: mailboxId,
  challenge: hash32,
  scope: oneOf<Scope>("full", "count"),
  signature: signature64,
});
export const TOKEN = record({ token: text(SHORT), expires: uint() });

export const OPEN_MAILBOX = tagged({ invitation: { clinic: clinicId, token: binary(32) }, intake: { clinic: clinicId } });
export const OPENED_MAILBOX = orNil(SIGNED_REGISTRATION);

export const PUBLICATION = record({
  certificate: certificateBytes,
  signed: prekeyBytes,
  kemLast: prekeyBytes,
  oneTime: list(prekeyBytes, PREKEYS),
  kemOnce: list(prekeyBytes, PREKEYS),
  reset: boolean,
});
export const STOCK = record({ oneTime: uint(), kemOnce: uint() });
export const MAILBOXES = list(mailboxId, RECIPIENTS, 1);
/** Bundles are encoded within: one that is wrong spoils no other. */
export const TAKEN = list(record({ mailbox: mailboxId, bundle: orNil(blob({ name: "bundle", value: 8_192 })) }), RECIPIENTS);

export const ENVELOPES = list(ENVELOPE, ENVELOPES_A_REQUEST, 1);
const ANSWER = record({
  id: envelopeId,
  accepted: list(orNil(ACCEPTED), RECIPIENTS),
  refused: list(record({ mailbox: mailboxId, reason: text(SHORT) }), RECIPIENTS),
});
export type EnvelopeAnswer = Infer<typeof ANSWER>;
export const ANSWERS = list(ANSWER, ENVELOPES_A_REQUEST);

export const GENERATION = record({ generation: uint(), signature: signature64 });
export const STORED_GENERATION = orNil(GENERATION);

export const PUSH_KEY = record({ key: binary(65) });
export const PUSH_SUBSCRIPTION = record({ endpoint: text(SHORT) });

export const RECEIPTS = list(RECEIPT, RECEIPTS_A_REQUEST, 1);
export const RECEIPT_ANSWERS = list(record({ delivery: hash32, deleted: boolean }), RECEIPTS_A_REQUEST);
export const POSITIONS = list(uint(), DISCARDS_A_REQUEST, 1);

export const LOG_PAGE = record({ size: uint(), statements: list(blob(STATEMENT), STATEMENTS_A_PAGE), note: text(NOTE_TEXT) });
export type LogPage = Infer<typeof LOG_PAGE>;
export const COSIGNED_NOTES = list(text(NOTE_TEXT), { name: "cosigned notes", value: 64 });

const FRAME = tagged({
  envelope: { position: uint(), sender: mailboxId, id: envelopeId, accepted: uint(), body: blob(BODY), slot: blob(SLOT) },
  receipt: { position: uint(), payload: blob({ name: "receipt", value: 1_024 }), signature: signature64 },
  head: { size: uint(), root: hash32 },
  lease: {},
  end: { reason: oneOf<EndReason>("stopping", "revoked", "expired") },
});
export type EndReason = "stopping" | "revoked" | "expired";
export type Frame = Infer<typeof FRAME>;
export type EnvelopeFrame = Extract<Frame, { readonly kind: "envelope" }>;
export type ReceiptFrame = Extract<Frame, { readonly kind: "receipt" }>;

/** A body, a slot and their headers, with room: nobody can make the page hold more of a frame that never ends. */
const FRAME_LIMIT = 64 * 1_024;

/** A relay that breaks section 16: a wrong server, or a hostile one. */
export class Nonsense extends Error {
  override readonly name = "Nonsense";
}

export function decodeAnswer<T>(shape: Shape<T>, bytes: Bytes): T {
  try {
    return decode(shape, bytes);
  } catch (error) {
    throw new Nonsense("The relay sent something that cannot be read.", { cause: error });
  }
}

/** Cuts a stream of bytes into frames. Heartbeats come out as null. */
export class FrameReader {
  #rest: Bytes = new Uint8Array(0);

  *feed(bytes: Bytes): Generator<Frame | null> {
    this.#rest = this.#rest.length === 0 ? bytes : concat(this.#rest, bytes);
    while (this.#rest.length >= 4) {
      const length = new DataView(this.#rest.buffer, this.#rest.byteOffset).getUint32(0);
      if (length > FRAME_LIMIT) throw new Nonsense("The relay sent a frame that is too long.");
      if (this.#rest.length < 4 + length) return;
      const frame = this.#rest.slice(4, 4 + length);
      this.#rest = this.#rest.subarray(4 + length);
      yield length === 0 ? null : decodeAnswer(FRAME, frame);
    }
  }
}
