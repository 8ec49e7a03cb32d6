"""What the verifier found in a bundle."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from agent_app.protocol.content import Message
from agent_app.protocol.errors import InvalidBundleError, InvalidReceiptError, ProtocolError
from agent_app.protocol.events import Role, StreamKind
from agent_app.protocol.keys import ClinicId, ConversationId, DeviceId
from agent_app.transparency.audit import Entry
from agent_app.transparency.roster import Member, Roster


class Check(Enum):
    """What is checked, in this order."""

    FORM = "form"
    CLINIC = "clinic"
    LOG = "clinic log"
    EXPORTER = "exporter"
    AUDIT = "audit logs"
    ENTRIES = "audit entries"
    MESSAGES = "messages"
    SEQUENCE = "sequence"
    DELIVERIES = "deliveries"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold. `where` names the statement, device or message."""

    check: Check
    where: str
    sentence: str


class Faults:
    """Collects what does not hold, so that one fault does not hide the others."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    @property
    def found(self) -> tuple[Fault, ...]:
        return tuple(self._found)

    def add(self, check: Check, where: str, sentence: str) -> None:
        self._found.append(Fault(check, where, sentence))

    def during(self, check: Check, where: str) -> "_During":
        """A `with` block: a ProtocolError raised in it becomes a fault, and the program goes on behind it."""
        return _During(self, check, where)


@dataclass(frozen=True, slots=True)
class _During:
    faults: Faults
    check: Check
    where: str

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, ProtocolError):
            return False
        self.faults.add(self.check, self.where, _sentence(error))
        return True


def _sentence(error: ProtocolError) -> str:
    # These two say in their detail exactly what is wrong; of the others, the detail alone says too little.
    if error.detail and isinstance(error, InvalidBundleError | InvalidReceiptError):
        return f"{error.detail[0].upper()}{error.detail[1:]}."
    return f"{error.sentence} ({error.detail or error.code})"


@dataclass(frozen=True, slots=True)
class DeliveryEvidence:
    """What is proven about one delivery. Times in milliseconds, None where there is no proof."""

    recipient: DeviceId
    accepted: int | None
    answered: int | None
    rejected: str | None
    """The recipient's reason, where it signed that it could not take the message."""

    @property
    def delivered(self) -> bool:
        return self.answered is not None and self.rejected is None


@dataclass(frozen=True, slots=True)
class MessageEvidence:
    """A message whose signature holds."""

    message: Message
    kind: StreamKind
    conversation: ConversationId | None
    role: Role
    """Its author's, under the head that it names."""
    void: bool
    """Its author's role did not allow it: it is kept as evidence and has no effect (section 9.2)."""
    deliveries: tuple[DeliveryEvidence, ...] = ()

    @property
    def id(self) -> bytes:
        return self.message.content.message


@dataclass(frozen=True, slots=True)
class LogEvidence:
    """A device's audit log. `witnessed` is the relay's time (milliseconds) over the last of `size` leaves."""

    device: DeviceId
    size: int
    entries: int
    witnessed: int
    opened: tuple[tuple[int, Entry], ...]
    """(leaf index, entry), as far as there were keys."""


@dataclass(frozen=True, slots=True)
class Report:
    """`passed` is the verdict; everything else says why, and how much it covers."""

    faults: tuple[Fault, ...] = ()
    clinic: ClinicId | None = None
    roster: Roster | None = None
    cosigned: int = 0
    """How many people of the clinic cosigned the clinic log's head in the bundle."""
    exporter: DeviceId | None = None
    exported: int | None = None
    logs: tuple[LogEvidence, ...] = ()
    messages: tuple[MessageEvidence, ...] = ()
    retracted: int = 0
    earlier: tuple[str, ...] = ()
    """Where messages before the first in the bundle exist and are not in it."""
    names: Mapping[DeviceId, str] = field(default_factory=dict)
    """Names that open the log's commitments; other devices go by their number."""

    @property
    def passed(self) -> bool:
        return not self.faults

    @property
    def gaps(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.check is Check.SEQUENCE)

    @property
    def period(self) -> tuple[int, int] | None:
        """First and last time of what is in the bundle, by its authors' clocks."""
        times = [evidence.message.content.time for evidence in self.messages]
        times += [entry.time for log in self.logs for _, entry in log.opened]
        return (min(times), max(times)) if times else None

    def member(self, device: DeviceId) -> Member | None:
        return None if self.roster is None else self.roster.member(device)

    def name(self, device: DeviceId) -> str:
        """How to call a device in a sentence."""
        known = self.names.get(device)
        if known is not None:
            return known
        kind = "patient" if self.roster is not None and self.member(device) is None else "device"
        return f"{kind} {device.hex()[:8]}"

    def entries(self) -> Iterator[tuple[DeviceId, int, Entry]]:
        for log in self.logs:
            for index, entry in log.opened:
                yield log.device, index, entry
