/**
 * docs/protocol.md section 20. One label a use: what was signed, hashed or derived for one purpose can never pass for
 * another. The compiler refuses a label that is not in this table.
 */
export const LABELS = [
  "certificate",
  "device-id",
  "prekey",
  "transcript",
  "pqxdh",
  "handshake",
  "root",
  "header",
  "ratchet",
  "body",
  "slot",
  "content",
  "message",
  "conversation",
  "stream",
  "stream-direct",
  "invitation-id",
  "invitation-key",
  "invitation-token",
  "invitation-token-hash",
  "invitation",
  "invitation-proof",
  "safety-number",
  "blob",
  "blob-read",
  "blob-delete",
  "file",
  "delivery",
  "accepted",
  "receipt",
  "statement",
  "clinic",
  "name",
  "enrolment",
  "audit-key",
  "audit-entry",
  "audit-seal",
  "unlock-failed",
  "bundle",
  "relay-auth",
  "generation",
  "vault",
  "page-config",
  "recovery",
] as const;

export type Label = (typeof LABELS)[number];

export const LABEL_PREFIX = "sealdesk/1/";
