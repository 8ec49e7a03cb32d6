/** docs/protocol.md section 13: what the relay and the recipients sign, so that a tick is never a guess. */
import { type Bytes, EMPTY, type Infer, binary, blob, decode, encode, list, malformed, oneOf, record, sameBytes, text, uint } from "./encoding";
import { type ErrorCode, ProtocolError, isProtocolError } from "./errors";
import { type DeviceKeys, type EnvelopeId, type MailboxId, hash32, mailboxId, signature64 } from "./keys";
import { REASON } from "./limits";
import { leafHash, verifyInclusion } from "./merkle";
import { HASH, hash, sign, verify } from "./primitives";
import { NO_SESSION } from "./session";

export const deliveryHash = (sender: MailboxId, recipient: MailboxId, envelope: EnvelopeId, body: Bytes, slot: Bytes): Bytes =>
  hash("delivery", sender, recipient, envelope, hash("body", body), hash("slot", slot));

export const ACCEPTED = record({
  root: hash32,
  count: uint(),
  time: uint(),
  signature: signature64,
  index: uint(),
  path: list(hash32, 53),
});
export type AcceptedReceipt = Infer<typeof ACCEPTED>;

const invalid = (detail: string): ProtocolError => new ProtocolError("receipt.invalid", detail);

/** Whether the relay signed that it has this delivery on disk. The leaf is the hash of the delivery hash (RFC 6962). */
export function verifyAccepted(receipt: AcceptedReceipt, relayKey: Bytes, delivery: Bytes): void {
  const { root, count, time, signature, index, path } = receipt;
  if (!verify(relayKey, signature, "accepted", root, count, time)) throw invalid("signature");
  try {
    verifyInclusion(root, count, index, leafHash(delivery), path);
  } catch (error) {
    throw isProtocolError(error, "proof.invalid") ? invalid("path") : error;
  }
}

export const REJECTIONS = ["no-session", "undecryptable", "replayed", "not-permitted", "malformed"] as const;
export type Rejection = (typeof REJECTIONS)[number];

export const RECEIPT_PAYLOAD = record({
  status: oneOf<"delivered" | "rejected">("delivered", "rejected"),
  reason: text(REASON),
  recipient: mailboxId,
  sender: mailboxId,
  delivery: hash32,
  sequence: uint(Number.MAX_SAFE_INTEGER, 1),
  previous: binary(HASH, 0),
  time: uint(),
});
export type ReceiptPayload = Infer<typeof RECEIPT_PAYLOAD>;

export const RECEIPT = record({ payload: blob({ name: "receipt", value: 1_024 }), signature: signature64 });
export type Receipt = Infer<typeof RECEIPT>;

/** Where the receipts of one pair (recipient, sender) stand. */
export const RECEIPT_CHAIN = record({ sequence: uint(), previous: binary(HASH, 0) });
export type ReceiptChain = Infer<typeof RECEIPT_CHAIN>;

export const NO_RECEIPTS: ReceiptChain = { sequence: 0, previous: EMPTY };

/**
 * Sign `delivered` only after decryption and storage. Store the receipt with the chain: a duplicate is answered with the
 * same bytes.
 */
export function signReceipt(
  device: DeviceKeys,
  chain: ReceiptChain,
  sender: MailboxId,
  delivery: Bytes,
  rejection: Rejection | null,
  now: number,
): { readonly receipt: Receipt; readonly chain: ReceiptChain } {
  const sequence = chain.sequence + 1;
  const payload = encode(RECEIPT_PAYLOAD, {
    status: rejection === null ? "delivered" : "rejected",
    reason: rejection ?? "",
    recipient: device.certificate.mailbox,
    sender,
    delivery,
    sequence,
    previous: chain.previous,
    time: now,
  });
  const signature = sign(device.mailbox.secret, "receipt", payload);
  return { receipt: { payload, signature }, chain: { sequence, previous: hash("receipt", payload) } };
}

/** Checks a receipt by `recipient`'s mailbox for a delivery of ours. */
export function verifyReceipt(receipt: Receipt, recipient: MailboxId, sender: MailboxId): ReceiptPayload {
  const payload = decode(RECEIPT_PAYLOAD, receipt.payload);
  const { status, reason, sequence, previous } = payload;
  const known = status === "delivered" ? reason === "" : REJECTIONS.some((rejection) => rejection === reason);
  if (!known || (sequence === 1) !== (previous.length === 0)) throw malformed("receipt");
  if (!sameBytes(payload.sender, sender) || !sameBytes(payload.recipient, recipient)) throw invalid("another pair's");
  if (!verify(recipient, receipt.signature, "receipt", receipt.payload)) throw invalid("signature");
  return payload;
}

/** The sender's side: where the pair's receipts stand after this one. A receipt that was seen before does not continue it. */
export function followReceipt(chain: ReceiptChain, receipt: Receipt, { sequence, previous }: ReceiptPayload): ReceiptChain {
  if (sequence !== chain.sequence + 1 || !sameBytes(previous, chain.previous)) throw invalid("it does not follow");
  return { sequence, previous: hash("receipt", receipt.payload) };
}

const REJECTION_OF: Partial<Readonly<Record<ErrorCode, Rejection>>> = {
  // A fresh handshake is the cure.
  "prekey.expired": "no-session",
  "handshake.replayed": "replayed",
  "event.not-permitted": "not-permitted",
  "encoding.malformed": "malformed",
  "encoding.not-canonical": "malformed",
  "limit.exceeded": "malformed",
  "suite.unknown": "malformed",
};

/** What the sender is told of a refusal. */
export const rejectionOf = ({ code, detail }: ProtocolError): Rejection =>
  code === "message.undecryptable" && detail === NO_SESSION ? "no-session" : (REJECTION_OF[code] ?? "undecryptable");
