/** docs/protocol.md section 8: one body for all recipients, and for each a slot that carries the body's key and hash. */
import { type Bytes, type Infer, binary, blob, decode, encode, frame, list, orNil, pad, record, sameBytes, tagged, unpad } from "./encoding";
import { ProtocolError } from "./errors";
import { SIGNED_CONTENT, type SignedContent } from "./content";
import { ENC_HEADER } from "./double_ratchet";
import { INVITATION_PROOF } from "./invitation";
import {
  type MailboxId,
  type MessageId,
  type StreamId,
  certificateBytes,
  envelopeId,
  hash32,
  mailboxId,
  messageId,
  sessionId,
  signature64,
  streamId,
} from "./keys";
import { BODY, BODY_BUCKETS, RECIPIENTS, SLOT, SLOT_PLAINTEXT } from "./limits";
import { OFFER } from "./prekeys";
import { HANDSHAKE } from "./pqxdh";
import { HASH, KEY, type Random, SEAL_OVERHEAD, hash, open, seal } from "./primitives";

const RATCHETED = { encHeader: binary(ENC_HEADER), ciphertext: blob(SLOT, SEAL_OVERHEAD) } as const;

const SLOT_SHAPE = tagged({
  init: { session: sessionId, certificate: certificateBytes, ...HANDSHAKE, ...RATCHETED },
  next: { session: sessionId, ...RATCHETED },
});
export type Slot = Infer<typeof SLOT_SHAPE>;
export type InitSlot = Extract<Slot, { readonly kind: "init" }>;

export function encodeSlot(slot: Slot): Bytes {
  const bytes = encode(SLOT_SHAPE, slot);
  if (bytes.length > SLOT.value) throw new ProtocolError("limit.exceeded", SLOT.name);
  return bytes;
}

export function decodeSlot(bytes: Bytes): Slot {
  if (bytes.length > SLOT.value) throw new ProtocolError("limit.exceeded", SLOT.name);
  return decode(SLOT_SHAPE, bytes);
}

const SLOT_CONTENT = record({
  messageKey: binary(KEY),
  bodyHash: hash32,
  stream: streamId,
  message: messageId,
  proof: orNil(record({ handshake: signature64, invitation: orNil(INVITATION_PROOF) })),
  offer: orNil(OFFER),
});
/** What a slot says when it has been opened. */
export type SlotContent = Infer<typeof SLOT_CONTENT>;

const paddedLength = (kind: Slot["kind"], content: SlotContent): number =>
  content.offer === null ? SLOT_PLAINTEXT[kind] : SLOT_PLAINTEXT.offer;

export const padSlotContent = (kind: Slot["kind"], content: SlotContent): Bytes =>
  pad(encode(SLOT_CONTENT, content), paddedLength(kind, content));

/** Section 22: a signal names no stream, and no hash comes out as zeros. */
export const isSignal = ({ stream }: Pick<SlotContent, "stream">): boolean => stream.every((byte) => byte === 0);
export const NO_STREAM = new Uint8Array(HASH) as StreamId;

/** Every `init` slot proves who began the session; a `next` slot has nothing left to prove. */
export function unpadSlotContent(kind: Slot["kind"], padded: Bytes): SlotContent {
  const content = decode(SLOT_CONTENT, unpad(padded));
  const proves = content.proof !== null;
  if (padded.length !== paddedLength(kind, content)) throw new ProtocolError("encoding.malformed", "slot padding");
  if (isSignal(content) && (proves || content.offer !== null)) throw new ProtocolError("encoding.malformed", "a signal neither begins a session nor renews one");
  if (proves !== (kind === "init")) throw new ProtocolError("encoding.malformed", "a proof belongs in init slots, and only there");
  return content;
}

/** What a body is bound to, so that it cannot be moved to another stream, sender or message. */
export interface BodyBinding {
  readonly stream: StreamId;
  readonly sender: MailboxId;
  readonly message: MessageId;
}

const bodyAssociated = ({ stream, sender, message }: BodyBinding): Bytes => frame("body", stream, sender, message);

function bucket(length: number): number {
  const [smallest, largest] = BODY_BUCKETS;
  let size: number = smallest;
  while (size <= length) size *= 2;
  if (size > largest) throw new ProtocolError("limit.exceeded", BODY.name);
  return size;
}

export const bodyHash = (body: Bytes): Bytes => hash("body", body);

export function sealBody(messageKey: Bytes, binding: BodyBinding, signed: SignedContent, random: Random): Bytes {
  const plaintext = encode(SIGNED_CONTENT, signed);
  return seal(messageKey, bodyAssociated(binding), pad(plaintext, bucket(plaintext.length)), random);
}

/** The hash comes first: whoever knows the key, another recipient too, could have made a body that opens. */
export function openBody(messageKey: Bytes, expectedHash: Bytes, binding: BodyBinding, body: Bytes): SignedContent {
  if (body.length > BODY.value) throw new ProtocolError("limit.exceeded", BODY.name);
  if (!sameBytes(bodyHash(body), expectedHash)) throw new ProtocolError("message.forged", "body hash");
  const padded = open(messageKey, bodyAssociated(binding), body);
  if (padded === undefined) throw new ProtocolError("message.undecryptable");
  const plaintext = unpad(padded);
  if (bucket(plaintext.length) + SEAL_OVERHEAD !== body.length) throw new ProtocolError("encoding.malformed", "body padding");
  return decode(SIGNED_CONTENT, plaintext);
}

export const ADDRESSED_SLOT = record({ mailbox: mailboxId, slot: blob(SLOT) });

/** What the relay takes. */
export const ENVELOPE = record({ id: envelopeId, body: blob(BODY), slots: list(ADDRESSED_SLOT, RECIPIENTS, 1) });
export type Envelope = Infer<typeof ENVELOPE>;
