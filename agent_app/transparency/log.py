"""A replica of the clinic log: docs/protocol.md sections 14 and 14.5.

It holds the statements, their tree and the roster that they amount to, all three always of the same size. Two
things it never does: forget a size that it has seen, or believe a second root for one.
"""

from collections.abc import Iterable, Sequence

from agent_app.protocol.content import LogHead
from agent_app.protocol.errors import ForkedLogError, InvalidStatementError, RolledBackLogError, StaleLogError
from agent_app.protocol.keys import ClinicId
from agent_app.transparency import checkpoint, roster, statement
from agent_app.transparency.checkpoint import Checkpoint
from agent_app.transparency.roster import Roster
from agent_app.transparency.statement import STATEMENTS
from agent_app.transparency.tree import LogTree


class ClinicLog:
    """One clinic's log as this device knows it.

    `append` and `observe` change it; either they succeed, or they raise and it is as before. To store it, store
    `statements` and `seen`, and give them back to `replay`.
    """

    def __init__(self, charter: bytes, clinic: ClinicId | None = None) -> None:
        """Begins with the charter. `clinic` is the fingerprint that somebody vouched for, where there is one."""
        entry = statement.parse(charter)
        tree = LogTree()
        self._roster = roster.found(entry, tree.root())
        if clinic is not None and self._roster.clinic != clinic:
            raise InvalidStatementError("the charter is of another clinic than the fingerprint says")
        tree.append(charter)
        self._tree = tree
        self._statements = [charter]
        self._seen = 1

    @classmethod
    def replay(cls, statements: Sequence[bytes], clinic: ClinicId | None = None, seen: int = 0) -> "ClinicLog":
        """A log from its statements, all of them proven anew.

        `seen` is the largest size ever seen, which may be ahead of what could be fetched.
        """
        if not statements:
            raise InvalidStatementError("a clinic log begins with its charter")
        log = cls(statements[0], clinic)
        log.extend(1, statements[1:])
        log._seen = max(log._seen, seen)
        return log

    @property
    def clinic(self) -> ClinicId:
        return self._roster.clinic

    @property
    def roster(self) -> Roster:
        return self._roster

    @property
    def size(self) -> int:
        return len(self._statements)

    @property
    def seen(self) -> int:
        """The largest size that the relay, or a message, has named."""
        return self._seen

    @property
    def head(self) -> LogHead:
        return LogHead(self.size, self._tree.root())

    @property
    def statements(self) -> tuple[bytes, ...]:
        return tuple(self._statements)

    @property
    def checkpoint(self) -> Checkpoint:
        """The head in the form that is signed and cosigned."""
        return Checkpoint(checkpoint.clinic_origin(self.clinic), self.size, self._tree.root())

    def root_at(self, size: int) -> bytes:
        """The root at a past size, 0 to `self.size`."""
        return self._tree.root(size)

    def confirms(self, head: LogHead | Checkpoint) -> bool:
        """Whether the head is one that this log has had. Asks, and raises no alarm."""
        return 1 <= head.size <= self.size and self.root_at(head.size) == head.root

    def append(self, raw: bytes) -> Roster:
        """Proves the next statement and takes it in. Returns the roster after it."""
        STATEMENTS.check(self.size + 1)
        after = self._roster.apply(statement.parse(raw), self._tree.root())
        self._tree.append(raw)
        self._statements.append(raw)
        self._roster = after
        self._seen = max(self._seen, self.size)
        return after

    def extend(self, index: int, statements: Iterable[bytes]) -> int:
        """Takes in a relay's answer that begins at `index`; what is already here must be the same bytes.

        Returns how many were new. What was proven before a fault stays: each statement stands by itself.
        """
        if index > self.size:
            raise StaleLogError(f"statements {self.size} to {index - 1} are missing")
        before = self.size
        for position, raw in enumerate(statements, start=index):
            if position == self.size:
                self.append(raw)
            elif self._statements[position] != raw:
                raise ForkedLogError(f"at statement {position}")
        return self.size - before

    def compare(self, head: LogHead) -> None:
        """Judges the head that a message names (section 14.5).

        Raises ForkedLogError when our root at that size is another. Raises StaleLogError when the head is ahead: fetch
        and prove the log up to it first, and send nothing meanwhile.
        """
        if head.size > self.size:
            raise StaleLogError(f"we hold {self.size} statements, and the head names {head.size}")
        if not self.confirms(head):
            raise ForkedLogError(f"at size {head.size}")

    def observe(self, head: LogHead) -> None:
        """Judges what the relay presents as its newest head. As `compare`; also raises RolledBackLogError.

        A head ahead of ours is remembered before StaleLogError is raised: so a relay that has once shown a
        revocation's size cannot go back behind it.
        """
        if head.size < self._seen:
            raise RolledBackLogError(f"from {self._seen} statements to {head.size}")
        self._seen = head.size
        self.compare(head)
