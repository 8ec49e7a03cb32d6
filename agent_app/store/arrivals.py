"""What happened in the conversations, without what was said: the source of a clinic's figures."""

from collections.abc import Collection
from typing import NamedTuple

from agent_app.protocol.keys import ConversationId, DeviceId
from agent_app.store.database import Database


class Arrival(NamedTuple):
    """`time` is the author's word, `arrived` this device's. Milliseconds. `by_patient`: by this conversation's own."""

    conversation: ConversationId
    author: DeviceId
    kind: str
    time: int
    arrived: int
    by_patient: bool


_ARRIVALS = """
    SELECT conversation, author, kind, time, arrived, author = patient
    FROM events JOIN conversations ON id = conversation AND stream IN (shared, team)
    WHERE prominence > 0 AND arrived >= ? AND arrived < ? AND standing IN ('admitted', 'forked')
    ORDER BY arrived, position
"""


class Arrivals:
    def __init__(self, database: Database) -> None:
        self._database = database

    def between(self, first: int, last: int, kinds: Collection[str]) -> list[Arrival]:
        """From `first` to before `last`, in order of arrival. What a patient brought from another device is not new."""
        rows = self._database.rows(_ARRIVALS, first, last)
        return [
            Arrival(conversation, author, kind, time, arrived, bool(by_patient))
            for conversation, author, kind, time, arrived, by_patient in rows
            if kind in kinds
        ]
