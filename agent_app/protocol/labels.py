"""Every domain-separation label, once: docs/protocol.md, section 20.

A label names one use of one primitive. Two uses never share one, so a signature or a key made for
one purpose means nothing in another.
"""

from enum import StrEnum

PREFIX = "sealdesk/1/"


class Label(StrEnum):
    """The label's text without the prefix that `encoding.frame` puts before it."""

    CERTIFICATE = "certificate"
    DEVICE_ID = "device-id"
    PREKEY = "prekey"
    TRANSCRIPT = "transcript"
    PQXDH = "pqxdh"
    HANDSHAKE = "handshake"
    ROOT = "root"
    HEADER = "header"
    RATCHET = "ratchet"
    BODY = "body"
    SLOT = "slot"
    SIGNAL = "signal"
    CONTENT = "content"
    MESSAGE = "message"
    CONVERSATION = "conversation"
    STREAM = "stream"
    STREAM_DIRECT = "stream-direct"
    INVITATION_ID = "invitation-id"
    INVITATION_KEY = "invitation-key"
    INVITATION_TOKEN = "invitation-token"  # noqa: S105 - a label, not a secret
    INVITATION_TOKEN_HASH = "invitation-token-hash"  # noqa: S105
    INVITATION = "invitation"
    INVITATION_PROOF = "invitation-proof"
    SAFETY_NUMBER = "safety-number"
    BLOB = "blob"
    BLOB_READ = "blob-read"
    BLOB_DELETE = "blob-delete"
    FILE = "file"
    DELIVERY = "delivery"
    ACCEPTED = "accepted"
    RECEIPT = "receipt"
    STATEMENT = "statement"
    CLINIC = "clinic"
    NAME = "name"
    ENROLMENT = "enrolment"
    ENROLMENT_WAITING = "enrolment-waiting"
    AUDIT_KEY = "audit-key"
    AUDIT_ENTRY = "audit-entry"
    AUDIT_SEAL = "audit-seal"
    UNLOCK_FAILED = "unlock-failed"
    BUNDLE = "bundle"
    RELAY_AUTH = "relay-auth"
    GENERATION = "generation"
    VAULT = "vault"
    PAGE_CONFIG = "page-config"
    RECOVERY = "recovery"
