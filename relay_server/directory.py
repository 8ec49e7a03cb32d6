"""Whose mailbox is whose: the relay's only knowledge of who may write to whom."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, Literal

from relay_server.problems import Revoked
from relay_server.storage import Connection
from relay_server.wire import Fingerprint, MailboxId

Kind = Literal["device", "invited", "intake"]

_SELECT: Final = (
    "SELECT m.id, m.key, m.clinic, c.fingerprint, m.kind, m.active"
    " FROM mailbox m JOIN clinic c ON c.id = m.clinic WHERE "
)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox that is bound to a clinic, for ever to the same. `id` is its number on this relay's disk."""

    id: int
    key: MailboxId
    clinic_id: int
    clinic: Fingerprint
    kind: Kind
    active: bool

    @property
    def is_device(self) -> bool:
        return self.kind == "device"


def find(connection: Connection, key: bytes) -> Mailbox | None:
    row = connection.one(_SELECT + "m.key = ?", key)
    return None if row is None else _mailbox(row)


def find_by_id(connection: Connection, number: int) -> Mailbox | None:
    row = connection.one(_SELECT + "m.id = ?", number)
    return None if row is None else _mailbox(row)


def _mailbox(row: tuple[object, ...]) -> Mailbox:
    number, key, clinic_id, clinic, kind, active = row
    return Mailbox(number, key, clinic_id, clinic, kind, bool(active))  # type: ignore[arg-type]


class Directory:
    """The writer's memory of the mailboxes that were lately written to, and of how much waits in each."""

    CAPACITY: Final = 20_000

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._mailboxes: OrderedDict[bytes, Mailbox] = OrderedDict()
        self._waiting: OrderedDict[tuple[int, bool], int] = OrderedDict()

    def mailbox(self, key: bytes) -> Mailbox | None:
        found = self._mailboxes.get(key)
        if found is None:
            found = find(self._connection, key)
            if found is not None:
                self._mailboxes[key] = found
                _trim(self._mailboxes, self.CAPACITY)
        return found

    def active(self, caller: Mailbox) -> Mailbox:
        """The caller as it is now: its token was looked at before its body came, which takes time. Raises Revoked."""
        found = self.mailbox(caller.key)
        if found is None or not found.active:
            raise Revoked("The mailbox was revoked, or is bound to no clinic any more.")
        return found

    def waiting(self, mailbox: int, *, receipts: bool = False) -> int:
        """How many envelopes, or receipts, wait in it."""
        count = self._waiting.get((mailbox, receipts))
        if count is None:
            kind = "body IS NULL" if receipts else "body IS NOT NULL"
            row = self._connection.one(f"SELECT count(*) FROM waiting WHERE mailbox = ? AND {kind}", mailbox)  # noqa: S608
            count = row[0] if row else 0
            self._waiting[mailbox, receipts] = count
            _trim(self._waiting, self.CAPACITY)
        return count

    def changed(self, mailbox: int, by: int, *, receipts: bool = False) -> None:
        """Where the number is not known, the next question counts what is on disk."""
        if (mailbox, receipts) in self._waiting:
            self._waiting[mailbox, receipts] += by

    def drop(self, key: bytes) -> None:
        """After a change of this mailbox."""
        self._mailboxes.pop(key, None)

    def forget(self) -> None:
        """After a rollback: what is remembered may never have happened."""
        self._mailboxes.clear()
        self._waiting.clear()


def _trim(memory: OrderedDict, capacity: int) -> None:  # type: ignore[type-arg]
    if len(memory) > capacity:
        memory.popitem(last=False)
