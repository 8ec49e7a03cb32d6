"""What can go wrong with a message, a key or a proof: docs/protocol.md, section 19.

ProtocolError
├── EncodingError
│   ├── MalformedError            encoding.malformed
│   └── NotCanonicalError         encoding.not-canonical
├── LimitError                    limit.exceeded
│   └── ExhaustedStreamError      limit.exceeded (no number is left for another message)
├── UnknownSuiteError             suite.unknown
├── InvalidKeyError               key.invalid
├── InvalidCertificateError       certificate.invalid
├── InvalidPrekeyError            prekey.invalid
├── ExpiredPrekeyError            prekey.expired
├── InvalidHandshakeError         handshake.invalid
├── ReplayedHandshakeError        handshake.replayed
├── UndecryptableError            message.undecryptable
│   └── UnknownSessionError       message.undecryptable (the slot names no session of ours)
├── ForgedError                   message.forged
├── NotPermittedError             event.not-permitted
├── InvalidInvitationError        invitation.invalid
├── ExpiredInvitationError        invitation.expired
├── DamagedAttachmentError        attachment.damaged
├── InvalidReceiptError           receipt.invalid
├── InvalidStatementError         statement.invalid
├── RefusedStatementError         statement.refused
├── InvalidNoteError              note.invalid
├── InvalidProofError             proof.invalid
├── RolledBackLogError            log.rolled-back
├── ForkedLogError                log.forked
├── StaleLogError                 log.stale
└── InvalidBundleError            bundle.invalid
"""

from typing import ClassVar


class SpokenError(Exception):
    """An expected failure that a person is told of, on whichever floor it is raised.

    The class has the words, once: a stable `code`, a `sentence` that says what it means, the `action` to take. Both may
    name `facts` in braces; whoever raises it gives these and no words, so that the window says it in any language.
    `detail` is for the developer who reads a trace: it names fields, limits and paths, never content or keys.
    """

    code: ClassVar[str]
    sentence: ClassVar[str]
    action: ClassVar[str]

    def __init__(self, detail: str = "", **facts: object) -> None:
        super().__init__(detail)
        self.detail, self.facts = detail, facts

    def __str__(self) -> str:
        what = f"{self.sentence} {self.action}".format(**self.facts)
        return f"{what} ({self.detail})" if self.detail else what


class ProtocolError(SpokenError):
    """Something received, or asked for, does not fit the protocol. Nothing was changed."""

    def __str__(self) -> str:
        return f"{self.code}: {super().__str__()}"


class EncodingError(ProtocolError):
    """Bytes that are not the one encoding of a value."""


class MalformedError(EncodingError):
    code = "encoding.malformed"
    sentence = "Something arrived that this program cannot read."
    action = "Update Sealdesk on both sides; if it happens again, tell your administrator."


class NotCanonicalError(EncodingError):
    code = "encoding.not-canonical"
    sentence = "Something arrived in a form that this program does not accept."
    action = "Update Sealdesk on both sides; if it happens again, tell your administrator."


class LimitError(ProtocolError):
    """`limit` names the row of section 18, `allowed` its value, `actual` what was asked for."""

    code = "limit.exceeded"
    sentence = "This is larger than Sealdesk allows."
    action = "Make it smaller, or send it in several parts."

    def __init__(self, limit: str, allowed: int, actual: int) -> None:
        super().__init__(f"{limit}: {actual} is more than {allowed}")
        self.limit, self.allowed, self.actual = limit, allowed, actual


class ExhaustedStreamError(LimitError):
    """An author before this one has counted to the end of the numbers."""

    sentence = "Somebody has made this conversation impossible to continue."
    action = "Begin another conversation, and tell your administrator."


class UnknownSuiteError(ProtocolError):
    code = "suite.unknown"
    sentence = "The other side uses a version of the protocol that this program does not know."
    action = "Update Sealdesk."


class InvalidKeyError(ProtocolError):
    code = "key.invalid"
    sentence = "The other side sent a key that is not safe to use."
    action = "Do not continue with this contact; tell your administrator."


class InvalidCertificateError(ProtocolError):
    code = "certificate.invalid"
    sentence = "The other side's identity could not be confirmed."
    action = "Do not continue with this contact; tell your administrator."


class InvalidPrekeyError(ProtocolError):
    code = "prekey.invalid"
    sentence = "The relay handed out keys that their owner did not sign."
    action = "Nothing was sent. Tell your administrator: the relay may be tampered with."


class ExpiredPrekeyError(ProtocolError):
    code = "prekey.expired"
    sentence = "The other device's keys have expired."
    action = "The message waits until that device has been online; ask its owner to open Sealdesk."


class InvalidHandshakeError(ProtocolError):
    code = "handshake.invalid"
    sentence = "Somebody tried to open a connection without proving who they are."
    action = "Nothing was accepted. If it happens again, tell your administrator."


class ReplayedHandshakeError(ProtocolError):
    code = "handshake.replayed"
    sentence = "An old message was delivered again, and was ignored."
    action = "Nothing to do. If it happens often, tell your administrator."


class UndecryptableError(ProtocolError):
    """The one error of every failed decryption: an attacker learns nothing from which step failed."""

    code = "message.undecryptable"
    sentence = "A message could not be opened."
    action = "The sender's program is told and sends it again by itself."


class UnknownSessionError(UndecryptableError):
    """The slot names a session that this device does not hold; the session's name is public, so saying so is safe."""


class ForgedError(ProtocolError):
    code = "message.forged"
    sentence = "A message does not come from the person it names, and was refused."
    action = "Tell your administrator: somebody may be tampering with messages."


class NotPermittedError(ProtocolError):
    code = "event.not-permitted"
    sentence = "Somebody tried to do what their role does not allow; it has no effect."
    action = "It is kept as evidence. Tell your administrator."


class InvalidInvitationError(ProtocolError):
    code = "invitation.invalid"
    sentence = "This invitation link is not valid."
    action = "Call the clinic and ask for a new link."


class ExpiredInvitationError(ProtocolError):
    code = "invitation.expired"
    sentence = "This invitation is no longer valid."
    action = "Call the clinic and ask for a new link."


class DamagedAttachmentError(ProtocolError):
    code = "attachment.damaged"
    sentence = "The file arrived damaged and was not opened."
    action = "Ask the sender to send it again."


class InvalidReceiptError(ProtocolError):
    code = "receipt.invalid"
    sentence = "A receipt could not be confirmed, so delivery is not proven."
    action = "Wait for the message to be sent again; if it happens again, tell your administrator."


class InvalidStatementError(ProtocolError):
    code = "statement.invalid"
    sentence = "An entry of the clinic's log is not valid and was refused."
    action = "Tell your administrator: the log may be tampered with."


class RefusedStatementError(ProtocolError):
    code = "statement.refused"
    sentence = "This change to the clinic's log is not allowed as things stand."
    action = "Look at the log as it is now, and sign a change that fits it."


class InvalidNoteError(ProtocolError):
    code = "note.invalid"
    sentence = "A signed head of a log could not be confirmed."
    action = "Do not rely on it; tell your administrator."


class InvalidProofError(ProtocolError):
    code = "proof.invalid"
    sentence = "A proof from the log does not add up."
    action = "Do not rely on it; tell your administrator: the log may be tampered with."


class RolledBackLogError(ProtocolError):
    code = "log.rolled-back"
    sentence = "The relay shows an older log than it showed before."
    action = "Sending has stopped. An administrator must find out why before it continues."


class ForkedLogError(ProtocolError):
    code = "log.forked"
    sentence = "Two different versions of the clinic's log are being shown."
    action = "Sending has stopped. An administrator must find out why before it continues."


class StaleLogError(ProtocolError):
    code = "log.stale"
    sentence = "This program's copy of the clinic's log is out of date."
    action = "It is fetched again by itself; if this stays, check the connection."


class InvalidBundleError(ProtocolError):
    code = "bundle.invalid"
    sentence = "This bundle of evidence does not verify."
    action = "Do not rely on it; ask for the bundle again, by another way."
