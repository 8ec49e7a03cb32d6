"""How far an own message has come, by what the relay and each recipient signed."""

from collections.abc import Iterable

from agent_app.engine.desk import Desk
from agent_app.engine.events import Delivery
from agent_app.engine.membership import Membership
from agent_app.engine.sentence import Sentence
from agent_app.engine.wording import PATIENT
from agent_app.protocol.encoding import decode
from agent_app.protocol.keys import DeviceId
from agent_app.protocol.receipt import Accepted, ReceiptPayload
from agent_app.store.conversations import Conversation
from agent_app.store.deliveries import Outgoing, Step
from agent_app.store.events import StoredEvent

_NOT_LOST = ("replaced", "dormant", "nobody")
_ORDER = (Delivery.FAILED, Delivery.QUEUED, Delivery.ACCEPTED, Delivery.DELIVERED, Delivery.READ)
_STEPS = {
    Step.QUEUED: Delivery.QUEUED,
    Step.ACCEPTED: Delivery.ACCEPTED,
    Step.DELIVERED: Delivery.DELIVERED,
    Step.REFUSED: Delivery.FAILED,
    Step.REJECTED: Delivery.FAILED,
}


class Deliveries:
    def __init__(self, desk: Desk, membership: Membership) -> None:
        self._desk = desk
        self._membership = membership

    def copies(self, event: StoredEvent) -> list[Outgoing]:
        """The newest copy of each device: an earlier one was rejected and sent again. One that was sealed for a device
        which was revoked before it left counts for nothing."""
        rows = self._desk.store.outbox.of_message(event.hash)
        replaced = {row.envelope for row in rows if row.reason == "replaced"}
        copies = self._desk.store.deliveries.outgoing_of(event.hash)
        left = [copy for copy in copies if copy.step is not Step.QUEUED or copy.envelope not in replaced]
        return list({copy.device: copy for copy in left}.values())

    def how_far(self, event: StoredEvent, copies: list[Outgoing]) -> Delivery:
        """Of a message to the patient, the patient's copy; of a note, the one that is least far."""
        stored = self._desk.store.conversations.of_stream(event.stream)
        if stored is not None and event.stream == stored.shared:
            if self._was_read(event, stored):
                return Delivery.READ
            copies = [copy for copy in copies if copy.device == stored.patient]
        rows = self._desk.store.outbox.of_message(event.hash)
        if any(row.state == "failed" and row.reason not in _NOT_LOST for row in rows):
            return Delivery.FAILED
        if not copies:
            # With nobody to send it to it is where it shall be; else somebody is still to be reached.
            return Delivery.QUEUED if rows else Delivery.DELIVERED
        return min((_STEPS[copy.step] for copy in copies), key=_ORDER.index)

    def _was_read(self, event: StoredEvent, stored: Conversation) -> bool:
        reads = self._desk.store.deliveries.reads(event.stream, event.author)
        return any(one.reader == stored.patient and one.sequence >= event.sequence for one in reads)

    def receipts(self, event: StoredEvent, copies: Iterable[Outgoing]) -> tuple[tuple[str, str, int], ...]:
        """What the relay and each recipient signed, at the time that they put into it; else how far it is."""
        receipts = []
        for copy in copies:
            who = self._reader(copy.device)
            if copy.accepted is not None:
                receipts.append(("accepted", who, decode(copy.accepted, Accepted).time))
            if copy.payload is not None:
                receipts.append((copy.step.value, who, decode(copy.payload, ReceiptPayload).time))
            elif copy.accepted is None:
                receipts.append((copy.step.value, who, copy.changed))
        for one in self._desk.store.deliveries.reads(event.stream, event.author):
            if one.sequence >= event.sequence:
                receipts.append(("read", self._reader(one.reader), one.time))
        return tuple(receipts)

    def _reader(self, device: DeviceId) -> str:
        if self._membership.roster.member(device) is None:
            return PATIENT
        name = self._membership.name_of(device)
        # A receipt is no place to be taken for the patient.
        return Sentence("{name} (clinic)", name=name) if name == PATIENT else name
