"""The audit log after years of work: an unlock reads none of it, and its witness is shown all of it."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from agent_app.engine.audit import Audit
from agent_app.protocol.errors import InvalidProofError
from agent_app.protocol.keys import DeviceKeys, LocalDevice
from agent_app.relay.client import RelayClient
from agent_app.store.rooms import Store
from agent_app.transparency.audit import AuditLog, Entry, RecipientSecret

MANY = 1_500  # more than is taken into the tree at a time
RECIPIENT = RecipientSecret(os.urandom(32), os.urandom(64)).public
KEYS = DeviceKeys.generate(os.urandom)
LOCAL = LocalDevice(KEYS, KEYS.certify(bytes(32), "agent", 1))


class Asked(Exception):
    """What the relay was shown."""


class Witness(RelayClient):
    async def witness(self, clinic: bytes, request: str) -> str:
        raise Asked(request)


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = Store.create(tmp_path_factory.mktemp("audit"), bytes(32), bytes(32))
    for day in range(2):
        audit = unlocked(made)
        with made.transaction():
            leaves = [audit.store(Entry(day, "view", bytes(32), ()), ahead) for ahead in range(MANY // 2)]
        audit.take_in(leaves)
    yield made
    made.close()


def unlocked(store: Store) -> Audit:
    audit = Audit(store, LOCAL, lambda: RECIPIENT, os.urandom)
    audit.begin_epoch(1)
    return audit


async def shown(audit: Audit) -> str:
    with pytest.raises(Asked) as asked:
        await audit.witness(Witness("https://relay.example", lambda: 1), bytes(32), bytes(32), 1)
    return str(asked.value)


def test_the_witness_is_shown_all_of_it_whatever_was_written_since_the_unlock(store: Store) -> None:
    audit = unlocked(store)
    with store.transaction():
        leaf = audit.store(Entry(9, "claim", bytes(32), ()), 0)
    audit.take_in([leaf])
    whole = AuditLog(LOCAL.device, store.audit_log.leaves())  # it raises unless every leaf stands in its epoch
    assert audit.unwitnessed == whole.size == MANY + 4
    assert whole.checkpoint.text in asyncio.run(shown(audit))


def test_a_log_that_cannot_have_been_written_so_is_shown_to_nobody(store: Store) -> None:
    audit = unlocked(store)
    last = store.audit_log.size - 1
    with store.transaction():  # the key that begins the last epoch, in place of an entry of the first
        store.database.write(
            "UPDATE audit_leaves SET leaf = (SELECT leaf FROM audit_leaves WHERE position = ?) WHERE position = 7", last
        )
    with pytest.raises(InvalidProofError):
        asyncio.run(audit.witness(Witness("https://relay.example", lambda: 1), bytes(32), bytes(32), 1))
