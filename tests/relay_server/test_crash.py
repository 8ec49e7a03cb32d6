"""Power cuts, full disks, restarts: nothing accepted is lost, and what cannot be kept is refused."""

import os
import resource
import sqlite3
from pathlib import Path

import pytest

from tests.relay_server.clinic import delivery_hash, envelope
from tests.relay_server.crashing import drain, kill_again_and_again
from tests.relay_server.relays import Owner, Practice, Refused, RelayProcess, relay_process
from tests.relay_server.test_blobs import Sealed

GENEROUS = ("--limits", "sends=10000000", "--limits", "sends_burst=10000000", "--limits", "waiting=1000000")


def test_ten_kills_lose_nothing_double_nothing_and_keep_order(own_folder: Path) -> None:
    with relay_process(own_folder, *GENEROUS) as relay:
        assert kill_again_and_again(relay, 10) > 500


def test_receipts_survive_a_kill_together_with_what_they_deleted(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        practice = relay.practice()
        agent, colleague = practice.agent(), practice.agent()
        batch = [envelope(colleague.mailbox) for _ in range(6)]
        agent.send(*batch)
        deliveries = [delivery_hash(agent.mailbox, colleague.mailbox, sent) for sent in batch]
        receipts = [colleague.device.receipt(agent.mailbox, delivery) for delivery in deliveries]
        colleague.post("/v1/receipts", receipts[:3])
        relay.kill()
        relay.start()
        agent.prove()
        colleague.prove()
        assert [frame[3] for frame in colleague.waiting()] == [sent[0] for sent in batch[3:]]
        assert [frame[2:] for frame in agent.waiting()] == receipts[:3]
        assert colleague.post("/v1/receipts", receipts) == [[d, n >= 3] for n, d in enumerate(deliveries)]
        assert agent.send(batch[0])[0][1][0] is not None
        assert colleague.waiting() == []


def test_a_nearly_full_disk_takes_nothing_new_and_still_deletes(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        practice = relay.practice()
        agent, colleague = practice.agent(), practice.agent()
        sent = envelope(colleague.mailbox)
        agent.send(sent)
        relay.stop()
        relay.options = ("--limits", f"disk_reserve={2**60}")
        relay.start()
        agent.prove()
        colleague.prove()

        for call in (lambda: agent.send(envelope(colleague.mailbox)), lambda: Sealed(10).put(agent)):
            with pytest.raises(Refused) as refused:
                call()
            assert (refused.value.status, refused.value.name) == (507, "storage-full")
            assert int(refused.value.headers["retry-after"]) > 0
        assert practice.http.get("/readyz").status_code == 503
        assert practice.http.get("/healthz").status_code == 200
        delivery = delivery_hash(agent.mailbox, colleague.mailbox, sent)
        assert colleague.post("/v1/receipts", [colleague.device.receipt(agent.mailbox, delivery)]) == [[delivery, True]]


def _fill(agent: Owner, recipient: bytes, accepted: list[bytes]) -> None:
    for _ in range(400):
        batch = [envelope(recipient, body=os.urandom(30_000)) for _ in range(4)]
        accepted += [identifier for identifier, _, _ in agent.send(*batch)]


def test_a_disk_that_takes_no_more_is_said_and_loses_nothing(own_folder: Path) -> None:
    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, resource.RLIM_INFINITY))

    with relay_process(own_folder, *GENEROUS, preexec=small_files) as relay:
        practice = relay.practice()
        agent, colleague = practice.agent(), practice.agent()
        accepted: list[bytes] = []
        with pytest.raises(Refused) as refused:
            _fill(agent, colleague.mailbox, accepted)
        assert refused.value.status in (503, 507)
        assert int(refused.value.headers["retry-after"]) > 0
        with pytest.raises(Refused, match="storage-full"):
            Sealed(3_500_000).put(agent)
        assert practice.http.get("/readyz").status_code == 503

        relay.stop()
        relay._preexec = None
        relay.start()
        agent.prove()
        colleague.prove()
        arrived: list[bytes] = []
        drain(colleague, arrived, 0)
        assert arrived == accepted
        assert agent.send(envelope(colleague.mailbox))[0][2] == []
        assert practice.http.get("/readyz").status_code == 200


def test_a_database_of_a_newer_relay_is_left_alone(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        relay.practice().agent()
        relay.stop()
        path = relay.data / "relay.db"
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 99")
        connection.close()
        before = path.read_bytes()
        with pytest.raises(AssertionError, match="newer relay"):
            relay.start()
        assert path.read_bytes() == before


def test_a_damaged_database_or_key_is_refused_by_name(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        relay.stop()
        key, database = relay.data / "relay.key", relay.data / "relay.db"
        assert key.stat().st_mode & 0o777 == 0o600
        good_key, good_database = key.read_bytes(), database.read_bytes()
        for path, content, sentence in (
            (database, b"not a database" * 1_000, "cannot start"),
            (key, b"short", "back-up"),
            (key, b"", "back-up"),
        ):
            path.write_bytes(content)
            with pytest.raises(AssertionError, match=sentence):
                relay.start()
            key.write_bytes(good_key)
            database.write_bytes(good_database)
        key.chmod(0o644)
        with pytest.raises(AssertionError, match="chmod 600"):
            relay.start()
        key.chmod(0o600)
        relay.start()


def check_everything_is_kept(relay: RelayProcess, practice: Practice) -> None:
    identity = practice.http.get("/v1/relay").content
    log = practice.http.get(f"{practice.path}/log").content
    relay.kill()
    relay.start()
    assert practice.http.get("/v1/relay").content == identity
    assert practice.http.get(f"{practice.path}/log").content == log


def test_key_and_log_are_the_same_after_a_kill(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        practice = relay.practice()
        practice.agent()
        check_everything_is_kept(relay, practice)
        practice.agent()
        check_everything_is_kept(relay, practice)
