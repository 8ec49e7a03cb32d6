"""What a message can say, and who may say it where: docs/protocol.md, section 9.2.

Every bound of section 18 is checked when an event is made and when one is read: LimitError names the limit.
"""

import re
from typing import Annotated, Literal, NamedTuple

from . import limits
from .encoding import B16, B32, Bytes16, Bytes32, Bytes64, Record, Uint
from .keys import BlobId, ConversationId, DeviceId, InvitationId, MessageHash, MessageId, Transcript

StreamKind = Literal["shared", "team", "direct"]
Role = Literal["patient", "agent", "supervisor", "administrator", "auditor"]
Outcome = Literal["passed", "wrong", "refused"]
Method = Literal["identifiers", "safety-number"]


class Identifier(Record, frozen=True):
    """What identifies a patient: a birth date `YYYY-MM-DD`, or the digits of a telephone number."""

    kind: Literal["birth-date", "phone"]
    value: str

    def __post_init__(self) -> None:
        limits.IDENTIFIER.check_text(self.value)
        form = r"[0-9]{4}-[0-9]{2}-[0-9]{2}" if self.kind == "birth-date" else r"[0-9]+"
        if not re.fullmatch(form, self.value):
            raise ValueError(f"{self.kind} in another form")


Identifiers = tuple[Identifier, ...]


class SignedContent(Record, frozen=True):
    """A content's bytes and its author's signature over them: what a body holds, and what history repeats."""

    content: bytes
    signature: Bytes64


class Open(Record, frozen=True, tag="open"):
    nonce: Bytes16
    certificate: bytes
    consent_version: Uint
    consent_hash: Bytes32


class Text(Record, frozen=True, tag="text"):
    text: str

    def __post_init__(self) -> None:
        limits.TEXT.check_text(self.text)


class File(Record, frozen=True, tag="file"):
    """A reference to a sealed file. `size` and `file_hash` are the plaintext's; the secrets are the relay's blob's."""

    name: str
    media_type: str
    size: Uint
    file_hash: Bytes32
    key: Bytes32
    blob: Annotated[BlobId, B32]
    read_secret: Bytes16
    delete_secret: Bytes16
    caption: str

    def __post_init__(self) -> None:
        limits.NAME.check_text(self.name)
        limits.NAME.check_text(self.media_type)
        limits.FILE.check(self.size)
        limits.TEXT.check_text(self.caption)

    def __repr__(self) -> str:
        return f"File({self.blob.hex()})"  # who has the key and the secrets has the file


class ReadMark(Record, frozen=True):
    """Everything of `author` up to `sequence` was read."""

    author: Annotated[DeviceId, B32]
    sequence: Uint


class Read(Record, frozen=True, tag="read"):
    marks: tuple[ReadMark, ...]

    def __post_init__(self) -> None:
        limits.READ_MARKS.check(len(self.marks))


class Check(Record, frozen=True, tag="check"):
    pass


class Verdict(Record, frozen=True, tag="verdict"):
    """A checker's answer to one try. `level` is 1 or 2 when passed, else 0."""

    patient: Annotated[DeviceId, B32]
    transcript: Annotated[Transcript, B32]
    outcome: Outcome
    level: Uint
    tries_left: Uint

    def __post_init__(self) -> None:
        if self.level not in ((1, 2) if self.outcome == "passed" else (0,)):
            raise ValueError("level does not fit the outcome")


class Ended(Record, frozen=True, tag="ended"):
    pass


class Name(Record, frozen=True, tag="name"):
    """Opens the commitment that the clinic log holds of a device's name."""

    device: Annotated[DeviceId, B32]
    name: str
    salt: Bytes32

    def __post_init__(self) -> None:
        limits.NAME.check_text(self.name)


class Claim(Record, frozen=True, tag="claim"):
    pass


class Release(Record, frozen=True, tag="release"):
    pass


class Assign(Record, frozen=True, tag="assign"):
    device: Annotated[DeviceId, B32]


class Transfer(Record, frozen=True, tag="transfer"):
    device: Annotated[DeviceId, B32]
    note: str

    def __post_init__(self) -> None:
        limits.NOTE.check_text(self.note)


class Close(Record, frozen=True, tag="close"):
    outcome: str

    def __post_init__(self) -> None:
        limits.OUTCOME.check_text(self.outcome)


class Reopen(Record, frozen=True, tag="reopen"):
    pass


class HandOver(Record, frozen=True, tag="handover"):
    """To a team of the clinic log: the conversation waits until somebody claims it."""

    team: Bytes16
    note: str

    def __post_init__(self) -> None:
        limits.NOTE.check_text(self.note)


class Conclude(Record, frozen=True, tag="conclude"):
    """Closes a conversation until the patient speaks again. `sequence` is the latest of the patient's messages that
    the author had: with it every device can tell what was said since, though the two streams' clocks do not compare."""

    outcome: str
    sequence: Uint

    def __post_init__(self) -> None:
        limits.OUTCOME.check_text(self.outcome)


class Joined(Record, frozen=True, tag="joined"):
    """Tells the patient that the author is who answers from now on."""


class Guardian(Record, frozen=True, tag="guardian"):
    """Who writes on the patient's behalf, and what they are to the patient. An empty name takes it back."""

    name: str
    relation: str

    def __post_init__(self) -> None:
        limits.NAME.check_text(self.name)
        limits.NAME.check_text(self.relation)


class Hold(Record, frozen=True, tag="hold"):
    """While it is on, retention deletes nothing of the conversation."""

    on: bool
    reason: str

    def __post_init__(self) -> None:
        limits.REASON.check_text(self.reason)


class Note(Record, frozen=True, tag="note"):
    text: str

    def __post_init__(self) -> None:
        limits.NOTE.check_text(self.text)


class Tag(Record, frozen=True, tag="tag"):
    name: str
    present: bool

    def __post_init__(self) -> None:
        limits.TAG.check_text(self.name)


class PatientLabel(Record, frozen=True, tag="label"):
    name: str
    identifiers: Identifiers

    def __post_init__(self) -> None:
        limits.NAME.check_text(self.name)
        limits.IDENTIFIERS.check(len(self.identifiers))


class Reason(Record, frozen=True, tag="reason"):
    """Why the patient was invited: only the invitation's checkers were told."""

    reason: str

    def __post_init__(self) -> None:
        limits.REASON.check_text(self.reason)


class Checked(Record, frozen=True, tag="checked"):
    patient: Annotated[DeviceId, B32]
    method: Method
    matches: bool


class Block(Record, frozen=True, tag="block"):
    patient: Annotated[DeviceId, B32]


class Retract(Record, frozen=True, tag="retract"):
    message: Annotated[MessageId, B16]
    message_hash: Annotated[MessageHash, B32]


class Invite(Record, frozen=True, tag="invite"):
    """Tells the checkers of an invitation what to compare with."""

    registration: bytes
    signature: Bytes64
    secret: Bytes16
    code: str
    identifiers: Identifiers
    name: str
    reason: str

    def __post_init__(self) -> None:
        limits.CODE.check_text(self.code)
        limits.IDENTIFIERS.check(len(self.identifiers))
        limits.NAME.check_text(self.name)
        limits.REASON.check_text(self.reason)

    def __repr__(self) -> str:
        return "Invite(...)"  # who has the secret and the code passes the check


class Uninvite(Record, frozen=True, tag="uninvite"):
    invitation: Annotated[InvitationId, B16]


class History(Record, frozen=True, tag="history"):
    """Original signed bytes, for an agent's device that was admitted later."""

    conversation: Annotated[ConversationId, B32]
    messages: tuple[SignedContent, ...]

    def __post_init__(self) -> None:
        limits.HISTORY.check(len(self.messages))


class Earlier(Record, frozen=True, tag="earlier"):
    """Original signed bytes of another conversation's shared stream, its `open` first: for a patient's new device."""

    messages: tuple[SignedContent, ...]

    def __post_init__(self) -> None:
        limits.HISTORY.check(len(self.messages))
        if not self.messages:
            raise ValueError("nothing earlier")


class Copied(Record, frozen=True, tag="copied"):
    """Tells this conversation's device that another one of the patient's was sent what was said here."""

    device: Annotated[DeviceId, B32]


Event = (
    Open | Text | File | Read | Check | Verdict | Ended | Name | Claim | Release | Assign | Transfer | Close | Reopen
    | HandOver | Conclude | Joined | Note | Tag | PatientLabel | Reason | Guardian | Hold | Checked | Block
    | Retract | Invite | Uninvite | History | Earlier | Copied
)  # fmt: skip


class Permission(NamedTuple):
    streams: frozenset[StreamKind]
    roles: frozenset[Role]


_PATIENT: frozenset[Role] = frozenset({"patient"})
_STAFF: frozenset[Role] = frozenset({"agent", "supervisor", "administrator"})
_SENIOR: frozenset[Role] = frozenset({"supervisor", "administrator"})
_EVERYBODY = _PATIENT | _STAFF  # auditors may issue nothing
_SHARED: frozenset[StreamKind] = frozenset({"shared"})
_TEAM: frozenset[StreamKind] = frozenset({"team"})
_DIRECT: frozenset[StreamKind] = frozenset({"direct"})

PERMISSIONS: dict[type, Permission] = {
    Open: Permission(_SHARED, _PATIENT),
    Text: Permission(_SHARED, _EVERYBODY),
    File: Permission(_SHARED, _EVERYBODY),
    Read: Permission(_SHARED, _EVERYBODY),
    Check: Permission(_SHARED, _PATIENT),
    Verdict: Permission(_SHARED, _STAFF),
    Ended: Permission(_SHARED, _PATIENT),
    **dict.fromkeys((Earlier, Copied), Permission(_SHARED, _STAFF)),
    Name: Permission(_SHARED | _TEAM | _DIRECT, _STAFF),
    Joined: Permission(_SHARED, _STAFF),
    Assign: Permission(_TEAM, _SENIOR),
    **dict.fromkeys((Claim, Release, Transfer, HandOver, Close, Conclude, Reopen), Permission(_TEAM, _STAFF)),
    **dict.fromkeys((Note, Tag, PatientLabel, Reason, Guardian, Hold, Checked, Block), Permission(_TEAM, _STAFF)),
    Retract: Permission(_SHARED | _TEAM, _EVERYBODY),
    **dict.fromkeys((Invite, Uninvite, History), Permission(_DIRECT, _STAFF)),
}


def is_permitted(event: Event, stream: StreamKind, author: DeviceId, role: Role) -> bool:
    """Whether the table of section 9.2 lets `author`, with `role`, issue `event` in a stream of this kind.

    Who may retract a message of somebody else, and which agents are checkers, depends on more than the event:
    conversation.py and the invitation's registration say so.
    """
    permission = PERMISSIONS[type(event)]
    own_name = not isinstance(event, Name) or event.device == author
    at_home = role != "patient" or stream == "shared"  # the other streams are the clinic's devices' only
    may_lift = (
        not isinstance(event, Hold) or event.on or role in _SENIOR
    )  # anybody may keep; to let go is another thing
    return own_name and at_home and may_lift and stream in permission.streams and role in permission.roles
