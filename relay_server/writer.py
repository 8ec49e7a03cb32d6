"""Group commit: one thread writes, and flushes once for all that has come meanwhile.

A flush to disk costs as much as some twenty messages. So the writer takes everything that is pending, writes it in one
transaction, and tells the event loop once. Whoever waits for an answer gets it after the commit, never before.
"""

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Any, Final, Protocol, TypeVar

import msgspec

from relay_server import clock
from relay_server.directory import Directory, Mailbox
from relay_server.hashes import Tree, leaf_hash
from relay_server.metrics import Metrics
from relay_server.problems import Problem, StorageFull, Unavailable
from relay_server.signing import RelayKey
from relay_server.storage import AlreadyThere, Connection, Storage, StorageExhausted, StorageFault

T = TypeVar("T")
_log = logging.getLogger(__name__)

_MAX_WEIGHT: Final = 4_096
"""Slots in one commit: a larger one would make the first in it wait for the last."""
_POSITIONS_AHEAD: Final = 16_384
"""Positions are reserved on disk in blocks: after a crash the next block begins, and none is ever used again."""


class EnvelopeArrival(msgspec.Struct, frozen=True, gc=False):
    position: int
    sender: bytes
    envelope: bytes
    accepted: int
    body: bytes
    slot: bytes
    delivery: bytes


class ReceiptArrival(msgspec.Struct, frozen=True, gc=False):
    position: int
    payload: bytes
    signature: bytes


Arrival = EnvelopeArrival | ReceiptArrival


class Acceptance:
    """The relay's signature over what one commit accepted, and the receipt of each delivery in it (13.2)."""

    def __init__(self, deliveries: Sequence[bytes], time_: int, key: RelayKey | None, signature: bytes = b"") -> None:
        """With a key it signs; without, `signature` is the one that was made then."""
        self._tree = Tree([leaf_hash(delivery) for delivery in deliveries])
        self.root, self.count, self.time = self._tree.root, len(deliveries), time_
        self.signature = key.sign("accepted", self.root, self.count, time_) if key else signature

    def receipt(self, index: int) -> tuple[Any, ...]:
        return (self.root, self.count, self.time, self.signature, index, self._tree.path(index))


class Transaction:
    """What one commit will do. Jobs read through `connection` and `directory`, and add; rows are written at its end."""

    def __init__(
        self, connection: Connection, directory: Directory, now: int, next_position: int, *, careful: bool = False
    ) -> None:
        self.connection = connection
        self.directory = directory
        self.now = now
        self.next_position = next_position
        self.careful = careful
        """Whether senders are checked for repeating themselves before, and not by, the insertion."""
        self.leaves: list[bytes] = []
        self.arrivals: list[tuple[int, Arrival]] = []
        self.sent: dict[tuple[int, bytes], tuple[bytes, int, bytes | None]] = {}
        self.deleted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.receipts_dropped = 0
        self.after_commit: list[Callable[[], None]] = []
        self._bodies: list[tuple[Any, ...]] = []
        self._waiting: list[tuple[Any, ...]] = []
        self._gone: dict[int, tuple[int, int | None]] = {}
        self._slots: dict[int, int] = {}

    def accept(
        self, sender: Mailbox, envelope: bytes, body: bytes, slots: Sequence[tuple[Mailbox, bytes, bytes]]
    ) -> int:
        """Stores one body and its slots (recipient, slot, delivery hash); gives the index of their first leaf."""
        first = len(self.leaves)
        body_id = self.next_position
        for recipient, slot, delivery in slots:
            position = self.next_position
            self.next_position += 1
            self._waiting.append((recipient.id, position, body_id, delivery, slot))
            self.leaves.append(delivery)
            self.directory.changed(recipient.id, 1)
            arrival = EnvelopeArrival(position, sender.key, envelope, self.now, body, slot, delivery)
            self.arrivals.append((recipient.id, arrival))
        if slots:
            self._bodies.append((body_id, len(slots), sender.id, self.now, envelope, body))
        return first

    def forward(self, mailbox: int, payload: bytes, signature: bytes) -> None:
        position = self.next_position
        self.next_position += 1
        self._waiting.append((mailbox, position, None, signature, payload))
        self.directory.changed(mailbox, 1, receipts=True)
        self.arrivals.append((mailbox, ReceiptArrival(position, payload, signature)))

    def delete(self, mailbox: int, position: int, body: int | None, slots: int | None, by: str) -> bool:
        """`slots` are those that the body still has. False when this transaction has deleted it already."""
        if position in self._gone:
            return False
        self._gone[position] = (mailbox, body)
        if body is not None and slots is not None:
            self._slots[body] = slots
        self.directory.waiting(mailbox, receipts=body is None)
        self.directory.changed(mailbox, -1, receipts=body is None)
        if body is not None:
            self.deleted[by] += 1
        return True

    def write(self, key: RelayKey) -> Acceptance | None:
        """The rows, and the relay's signature over what was accepted."""
        acceptance = Acceptance(self.leaves, self.now, key) if self.leaves else None
        insert = self.connection.insert
        if acceptance:
            self._write_sent(acceptance)
            insert("body (id, slots, sender, accepted, envelope, body)", self._bodies)
        insert("waiting (mailbox, position, body, delivery, sealed)", self._waiting)
        if self._gone:
            self._write_deletions()
        return acceptance

    def _write_sent(self, acceptance: Acceptance) -> None:
        number = self.next_position - 1
        envelopes = b"".join(sender.to_bytes(8, "big") + envelope for sender, envelope in self.sent)
        self.connection.run(
            "INSERT INTO acceptance (id, time, signature, leaves, envelopes) VALUES (?, ?, ?, ?, ?)",
            *(number, acceptance.time, acceptance.signature, b"".join(self.leaves), envelopes),
        )
        self.connection.insert(
            "sent (sender, envelope, digest, acceptance, first_leaf, refused)",
            [(sender, envelope, d, number, f, r) for (sender, envelope), (d, f, r) in self.sent.items()],
        )

    def _write_deletions(self) -> None:
        gone = [(mailbox, position) for position, (mailbox, _) in self._gone.items()]
        self.connection.delete("waiting", ("mailbox", "position"), gone)
        bodies = Counter(body for _, body in self._gone.values() if body is not None)
        self.connection.delete(
            "body", ("id",), [(body,) for body, count in bodies.items() if count >= self._left(body)]
        )
        fewer = [(count, body) for body, count in bodies.items() if count < self._left(body)]
        self.connection.run_many("UPDATE body SET slots = slots - ? WHERE id = ?", fewer)

    def _left(self, body: int) -> int:
        """Slots on disk: nothing changes them before the transaction's end."""
        return self._slots.get(body, 0)


class Job(Protocol):
    """Something to write. `run` raises a Problem before it adds anything, or not at all; it may be run again."""

    future: "asyncio.Future[Any]"
    weight: int

    def run(self, transaction: Transaction) -> None: ...

    def answer(self, acceptance: Acceptance | None) -> Any: ...


class Work:
    """A rare job: a function over the connection, undone alone when it raises a Problem."""

    weight = 1

    def __init__(self, work: Callable[[Transaction], Any], future: "asyncio.Future[Any]") -> None:
        self.future = future
        self._work = work
        self._result: Any = None

    def run(self, transaction: Transaction) -> None:
        transaction.connection.run("SAVEPOINT work")
        pending = len(transaction.after_commit)
        try:
            self._result = self._work(transaction)
        except Problem:
            transaction.connection.run("ROLLBACK TO SAVEPOINT work")
            del transaction.after_commit[pending:]
            raise
        finally:
            transaction.connection.run("RELEASE SAVEPOINT work")

    def answer(self, acceptance: Acceptance | None) -> Any:
        return self._result


class Writer:
    """Owns the writing connection, on its own thread from `start` to `stop`; everything else is called on the loop."""

    def __init__(
        self, storage: Storage, key: RelayKey, metrics: Metrics, arrived: Callable[[list[tuple[int, Arrival]]], None]
    ) -> None:
        self._storage = storage
        self._key = key
        self._metrics = metrics
        self._arrived = arrived
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer")
        self._loop: asyncio.AbstractEventLoop
        self.fault: str | None = None
        """Why the last transaction was lost; None when it was not."""

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._connection = self._storage.writer()
        self._directory = Directory(self._connection)
        self._reserved = self._next_position = self._first_position()
        self._thread.start()

    async def stop(self) -> None:
        """After everything that was submitted."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def submit(self, job: Job) -> Any:
        self._queue.put(job)
        return await job.future

    async def work(self, work: Callable[[Transaction], T]) -> T:
        """Runs `work` on the writer's thread, and returns when its effects are on disk."""
        result: T = await self.submit(Work(work, self._loop.create_future()))
        return result

    def new_future(self) -> "asyncio.Future[Any]":
        return self._loop.create_future()

    # --- On the writer's thread

    def _run(self) -> None:
        stopping = False
        while not stopping:
            jobs: list[Job] = []
            stopping = self._take(jobs)
            if jobs:
                self._commit(jobs)
        self._connection.close()

    def _take(self, jobs: list[Job]) -> bool:
        """All that is pending, in order; waits for the first. True when the writer was told to stop."""
        job = self._queue.get()
        weight = 0
        while job is not None:
            jobs.append(job)
            weight += job.weight
            if weight >= _MAX_WEIGHT:
                return False
            try:
                job = self._queue.get_nowait()
            except Empty:
                return False
        return True

    def _commit(self, jobs: list[Job]) -> None:
        began = time.perf_counter()
        transaction = self._transaction()
        try:
            try:
                outcomes = self._written(transaction, jobs)
            except AlreadyThere:
                # Somebody repeats an envelope, which is rare: so nobody was asked before. Now everybody is.
                self._connection.rollback()
                self._directory.forget()
                transaction = self._transaction(careful=True)
                outcomes = self._written(transaction, jobs)
            self.fault = None
        except StorageFault as fault:
            outcomes, transaction = self._undone(jobs, fault), self._transaction()
        except Exception:  # noqa: BLE001 -- logged and rolled back; the writer must outlive a faulty job
            _log.exception("A transaction failed")
            outcomes = self._undone(jobs, StorageFault("A fault of the relay's own."))
            transaction = self._transaction()
        self._metrics.committed(time.perf_counter() - began)
        self._loop.call_soon_threadsafe(self._settle, transaction, outcomes)

    def _transaction(self, *, careful: bool = False) -> Transaction:
        return Transaction(self._connection, self._directory, clock.now(), self._next_position, careful=careful)

    def _written(self, transaction: Transaction, jobs: list[Job]) -> list[tuple[Job, Any]]:
        self._connection.begin()
        refused: dict[int, Problem] = {}
        for number, job in enumerate(jobs):
            try:
                job.run(transaction)
            except Problem as problem:
                refused[number] = problem
        if len(refused) == len(jobs):
            self._connection.rollback()
            return list(zip(jobs, refused.values(), strict=True))
        acceptance = transaction.write(self._key)
        reserved = self._reserve(transaction.next_position)
        self._connection.commit()
        self._next_position, self._reserved = transaction.next_position, reserved
        return [(job, refused.get(n) or job.answer(acceptance)) for n, job in enumerate(jobs)]

    def _undone(self, jobs: list[Job], fault: StorageFault) -> list[tuple[Job, Any]]:
        self.fault = str(fault)
        self._metrics.faults["storage"] += 1
        _log.error("A transaction was rolled back: %s", self.fault, extra={"fields": {"jobs": len(jobs)}})
        for step in (self._connection.rollback, self._connection.relieve):
            try:
                step()
            except StorageFault as second:
                _log.error("%s failed too: %s", step.__name__, second)
        self._directory.forget()
        exhausted = isinstance(fault, StorageExhausted)
        problem: Problem = StorageFull(self.fault) if exhausted else Unavailable("The relay cannot write just now.")
        return [(job, problem) for job in jobs]

    def _first_position(self) -> int:
        # Never below the clock's milliseconds: a relay restored from an older copy would otherwise hand out positions
        # that readers have passed, and they would never ask for what lies there.
        row = self._connection.one("SELECT value FROM relay WHERE name = 'positions'")
        return max(row[0] if row else 0, clock.now())

    def _reserve(self, position: int) -> int:
        if position <= self._reserved:
            return self._reserved
        self._connection.run(
            "INSERT INTO relay (name, value) VALUES ('positions', ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            position + _POSITIONS_AHEAD,
        )
        return position + _POSITIONS_AHEAD

    # --- Back on the loop

    def _settle(self, transaction: Transaction, outcomes: list[tuple[Job, Any]]) -> None:
        self._count(transaction)
        for done in transaction.after_commit:
            done()
        self._arrived(transaction.arrivals)
        for job, outcome in outcomes:
            if job.future.done():  # the client has gone; what it sent is on disk all the same
                continue
            if isinstance(outcome, Problem):
                job.future.set_exception(outcome)
            else:
                job.future.set_result(outcome)

    def _count(self, transaction: Transaction) -> None:
        self._metrics.envelopes += len(transaction.sent)
        self._metrics.deliveries += len(transaction.leaves)
        self._metrics.receipts_dropped += transaction.receipts_dropped
        self._metrics.deleted.update(transaction.deleted)
        self._metrics.refused.update(transaction.refused)
