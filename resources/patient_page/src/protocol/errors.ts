/**
 * docs/protocol.md section 19. Every refusal of this package is one ProtocolError. `code` is stable and is what programs
 * compare; `message` is for the record of a fault; what a patient reads is the page's own matter.
 */
const SENTENCES = {
  "encoding.malformed": "The bytes are not what this place expects. Ask the sender to send it again.",
  "encoding.not-canonical": "The bytes are not in the one form that is allowed. Ask the sender to send it again.",
  "limit.exceeded": "It is larger than allowed. Make it smaller and try again.",
  "suite.unknown": "It was made by a version that this one does not know. Reload the page.",
  "key.invalid": "A key is not valid. Do not go on with this device; call the clinic.",
  "certificate.invalid": "A device's certificate is not valid. Do not go on with this device; call the clinic.",
  "prekey.invalid": "A device's prekey is not valid. Fetch its keys again.",
  "prekey.expired": "A device's prekey has expired. Try again when that device has been used.",
  "handshake.invalid": "A handshake is not valid. The sender has to begin anew.",
  "handshake.replayed": "A handshake was seen before. It was refused; nothing is lost.",
  "message.undecryptable": "A message cannot be decrypted. The sender will send it again.",
  "message.forged": "A message does not come from whom it names. It was refused.",
  "event.not-permitted": "The author may not do this. It was kept as evidence and changes nothing.",
  "invitation.invalid": "The link is not valid. Ask the clinic for a new one.",
  "invitation.expired": "The link has expired. Ask the clinic for a new one.",
  "attachment.damaged": "The file is damaged. Ask the sender to send it again.",
  "receipt.invalid": "A receipt is not valid. The message counts as not delivered.",
  "statement.invalid": "The clinic's log holds a statement that cannot be right. Stop and call the clinic.",
  "statement.refused": "The clinic's log holds a statement that was not allowed. Stop and call the clinic.",
  "note.invalid": "The clinic's log is not signed as it must be. Stop and call the clinic.",
  "proof.invalid": "A proof does not hold. Stop and call the clinic.",
  "log.rolled-back": "The clinic's log is shorter than it was. Stop and call the clinic.",
  "log.forked": "The clinic's log differs from the one seen before. Stop and call the clinic.",
  "log.stale": "The clinic's log has not been confirmed for too long. Call the clinic.",
  "bundle.invalid": "The bundle of records is not valid.",
} as const;

export type ErrorCode = keyof typeof SENTENCES;

export const ERROR_CODES = Object.keys(SENTENCES) as readonly ErrorCode[];

export class ProtocolError extends Error {
  override readonly name = "ProtocolError";

  /** `detail` names the field, the limit or the rule; it never holds a secret or what somebody wrote. */
  constructor(
    readonly code: ErrorCode,
    readonly detail: string = "",
  ) {
    super(`${SENTENCES[code]} (${code}${detail === "" ? "" : `: ${detail}`})`);
  }
}

export const isProtocolError = (error: unknown, code?: ErrorCode): error is ProtocolError =>
  error instanceof ProtocolError && (code === undefined || error.code === code);
