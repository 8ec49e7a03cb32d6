"""Everything the relay refuses, as RFC 9457 problem documents. `name` is stable; the sentences are for people.

No sentence holds an id, a token, a secret or an address: these documents end in other people's logs.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from relay_server.wire import Malformed, Oversized


class Problem(Exception):
    """A refusal. `detail` says what happened, `action` what to do; `after` becomes Retry-After, in seconds."""

    status = 400
    name = "malformed"
    action = "Correct the request; sending it again unchanged will fail again."

    def __init__(self, detail: str, *, after: int | None = None, **members: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.after = after
        self.members = members

    def document(self) -> bytes:
        return msgspec.json.encode(
            {
                "type": f"urn:sealdesk:problem:{self.name}",
                "title": HTTPStatus(self.status).phrase,
                "status": self.status,
                "detail": self.detail,
                "action": self.action,
                **self.members,
            }
        )


class MalformedRequest(Problem):
    pass


class TokenInvalid(Problem):
    status, name = 401, "token-invalid"
    action = "Prove the mailbox's key again with /v1/challenge and /v1/token."


class ProofInvalid(Problem):
    status, name = 403, "proof-invalid"
    action = "Ask for a new challenge, and sign it with the mailbox's key over this relay's origin."


class Revoked(Problem):
    status, name = 403, "revoked"
    action = "Stop. Ask the clinic's administrator to enrol this workstation anew."


class NotPermitted(Problem):
    status, name = 403, "not-permitted"
    action = "Use a mailbox and a token that may do this."


class IntakeClosed(Problem):
    status, name = 403, "intake-closed"
    action = "Call the clinic, or ask it for an invitation."


class MailboxUnbound(Problem):
    status, name = 403, "mailbox-unbound"
    action = "Open the mailbox with POST /v1/mailboxes, or have an administrator admit the device."


class NotFound(Problem):
    status, name = 404, "not-found"
    action = "Check the address. What has expired or was deleted does not come back."


class MethodNotAllowed(Problem):
    status, name = 405, "method-not-allowed"
    action = "Use a method that docs/protocol.md, section 16, lists for this path."


class LogStale(Problem):
    status, name = 409, "log-stale"
    action = "Verify and store the statements, then send again under the new head."

    def __init__(self, detail: str, statements: Sequence[str]) -> None:
        super().__init__(detail, statements=list(statements))


class LogForked(Problem):
    status, name = 409, "log-forked"
    action = "Stop sending, and tell the clinic's administrator: somebody was shown another past."


class LogAhead(Problem):
    status, name = 409, "log-ahead"
    action = "An administrator can append the missing statements again: this relay was restored from an older copy."


class EnvelopeConflict(Problem):
    status, name = 409, "envelope-conflict"
    action = "Draw a new envelope id for new content. Nothing of this request was stored."


class GenerationBehind(Problem):
    status, name = 409, "generation-behind"
    action = "This device was restored from a copy: destroy its sessions and prekeys and begin above this generation."


class MailboxBound(Problem):
    status, name = 409, "mailbox-bound"
    action = "A mailbox belongs to one clinic for ever: make a new one."


class BlobConflict(Problem):
    status, name = 409, "blob-conflict"
    action = "Encrypt the file anew under a fresh key and upload that."


class WitnessConflict(Problem):
    status, name = 409, "witness-conflict"
    action = "Prove consistency from the witnessed size."


class InvitationInvalid(Problem):
    status, name = 410, "invitation-invalid"
    action = "Ask the clinic for a new link."


class LengthRequired(Problem):
    status, name = 411, "length-required"
    action = "Send Content-Length."


class TooLarge(Problem):
    status, name = 413, "limit-exceeded"
    action = "Send less. docs/protocol.md, section 18, lists the limits."


def refusal(error: Malformed) -> Problem:
    """Of a body that does not have its form."""
    return TooLarge(str(error)) if isinstance(error, Oversized) else MalformedRequest(str(error))


class RangeInvalid(Problem):
    status, name = 416, "range-invalid"
    action = "Ask for one range of bytes within the blob."


class StatementInvalid(Problem):
    status, name = 422, "statement-invalid"
    action = "Make the statement anew from the log's present state."


class StatementRefused(Problem):
    status, name = 422, "statement-refused"
    action = "Fetch the log and make the statement anew: the clinic's log does not allow it now."


class NoteInvalid(Problem):
    status, name = 422, "note-invalid"
    action = "Make the note anew, as C2SP signed-note and tlog-checkpoint describe."


class ConsistencyInvalid(Problem):
    status, name = 422, "proof-invalid"
    action = "Stop, and tell the clinic's auditor: this log does not extend what was witnessed before."


class TooMany(Problem):
    status, name = 429, "too-many"
    action = "Wait as long as Retry-After says, then send again."

    def __init__(self, detail: str, after: int) -> None:
        super().__init__(detail, after=max(1, after))


class Unavailable(Problem):
    status, name = 503, "unavailable"
    action = "Nothing of this request was stored. Send it again after Retry-After seconds."

    def __init__(self, detail: str, after: int = 10) -> None:
        super().__init__(detail, after=after)


class StorageFull(Problem):
    status, name = 507, "storage-full"
    action = "Nothing of this request was stored. Send it again later; the operator has to make room."

    def __init__(self, detail: str, after: int = 60) -> None:
        super().__init__(detail, after=after)
