"""All rooms together: one commit across them, killed at any moment, and no word of it readable on the disk."""

import os
import random
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from agent_app.protocol.keys import Transcript
from agent_app.protocol.receipt import ReceiptChain
from agent_app.store.deliveries import Step
from agent_app.store.invitations import Try
from agent_app.store.logs import AuditEpoch
from agent_app.store.rooms import Store
from agent_app.store.sessions import OwnPrekey, Peer
from agent_app.store.settings import Name
from tests.store import samples
from tests.store.samples import DATABASE_KEY, EPOCH_KEY, of

WRITER = Path(__file__).parent / "writer.py"


def inbound_is_whole(store: Store, number: int) -> bool:
    """Whether everything that receiving message `number` writes is there; fails when only part of it is."""
    peer = samples.device(1)
    state = int(store.sessions.load(peer) or b"0")
    parts = {
        store.events.by_hash(samples.event(number).hash) is not None,
        store.deliveries.incoming(samples.incoming(number).delivery) is not None,
        store.deliveries.issued_chain(samples.mailbox(1)).sequence >= number,
        store.audit_log.size >= number,
        state >= number,
        store.settings.inbox_position >= number,
        store.sessions.prekey(number) is None,
    }
    assert len(parts) == 1, f"message {number} is half there"
    return parts.pop()


def outbound_is_whole(store: Store, number: int) -> bool:
    event = samples.event(number, author=2)
    parts = {
        store.events.by_hash(event.hash) is not None,
        store.outbox.get(samples.envelope(number)) is not None,
        len(store.deliveries.outgoing_of(event.hash)) == 3,
        all(int(store.sessions.load(samples.device(to)) or b"0") >= number for to in (10, 11, 12)),
    }
    assert len(parts) == 1, f"own message {number} is half there"
    return parts.pop()


def test_killed_at_any_moment_every_transaction_is_wholly_there_or_not_at_all(tmp_path: Path) -> None:
    store = Store.create(tmp_path, DATABASE_KEY, EPOCH_KEY)
    with store.transaction():
        store.conversations.open(samples.conversation())
        store.sessions.add_prekeys(OwnPrekey(n, "one-time", b"secret", b"published", 1, 2) for n in range(1, 3_000))
    store.close()
    said, draw = 0, random.Random(20)
    for _ in range(12):
        with subprocess.Popen(
            [sys.executable, str(WRITER), str(tmp_path)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            for _ in range(draw.randrange(1, 25)):
                said = int(writer.stdout.readline())
            os.kill(writer.pid, signal.SIGKILL)
            said = max([said, *map(int, writer.stdout.read().split("\n")[:-1])])
        store = Store.open(tmp_path, DATABASE_KEY, EPOCH_KEY)
        received = [inbound_is_whole(store, number) for number in range(1, said + 3)]
        sent = [outbound_is_whole(store, number) for number in range(1, said + 3)]
        store.close()
        assert received[:said] == sent[:said] == [True] * said, "what was said to be stored is lost"
        assert received == sorted(received, reverse=True)
    assert said > 12


def fill_every_room(store: Store, canary: str) -> None:
    """Puts `canary` wherever content, a name or a secret goes."""
    raw = canary.encode()
    secret = raw[:32].ljust(32, b"!")
    event = samples.event(content=raw)
    with store.transaction():
        store.settings.relay_origin = canary
        store.settings.learn_name(Name(samples.device(), canary, secret, 1))
        store.sessions.add_peer(Peer(samples.device(), samples.mailbox(), "agent", raw))
        store.sessions.save(samples.device(), raw, [of("session", 0, 16)], 1)
        store.sessions.add_prekeys([OwnPrekey(1, "signed", secret, raw, 1, 2)])
        store.conversations.open(replace(samples.conversation(), status=canary, summary=raw))
        store.events.add(event)
        store.outbox.queue(samples.envelope(), event.hash, raw, 1)
        store.deliveries.sent([samples.outgoing(1, event.hash, samples.envelope())])
        store.deliveries.accepted(samples.outgoing(1, event.hash, samples.envelope()).delivery, raw, 1)
        store.deliveries.received(replace(samples.incoming(1), payload=raw))
        store.clinic_log.append(0, [raw])
        store.clinic_log.raise_alarm("log.forked", canary, 1)
        store.audit_log.append(0, raw)
        store.audit_log.begin_epoch(AuditEpoch(0, secret, 1))
        store.audit_log.add_checkpoint(1, raw, 1)
        store.invitations.add(
            replace(samples.invitation(), name=canary, reason=canary, code=canary, secret=secret[:16])
        )
        store.attachments.add(replace(samples.attachment(), key=secret))


FILLER = """
import sys
from pathlib import Path
from agent_app.store.rooms import Store
from tests.store.test_rooms import fill_every_room
store, canary = Store.create(Path(sys.argv[1]), bytes(range(32)), bytes(range(32, 64))), sys.argv[2]
fill_every_room(store, canary)
assert store.conversations.list()[0].status == canary
with store.transaction():
    for number in range(20_000):
        store.clinic_log.raise_alarm("log.forked", canary + str(number), number)
store.database.rows("SELECT detail FROM alarms ORDER BY detail || code DESC")  # more than memory's sorter holds
print("filled", flush=True)
sys.stdin.read()
"""


def test_nothing_on_the_disk_can_be_read(tmp_path: Path) -> None:
    canary = "CANARY-Frau-Sommer-hat-Migraene"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)}
    with subprocess.Popen(
        [sys.executable, "-c", FILLER, str(tmp_path / "device"), canary],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "filled\n"
        open_files = {file.resolve() for file in Path(f"/proc/{writer.pid}/fd").iterdir()}
        on_disk = {file for file in open_files if file.is_relative_to(tmp_path)}
        assert {file.name for file in on_disk} == {"store.db", "store.db-wal"}
        look_for(canary, tmp_path)
        assert not list(temporary.iterdir())
        os.kill(writer.pid, signal.SIGKILL)
    look_for(canary, tmp_path)  # as a crash leaves it
    Store.open(tmp_path / "device", DATABASE_KEY, EPOCH_KEY).close()
    look_for(canary, tmp_path)  # and after recovery


def look_for(canary: str, folder: Path) -> None:
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) > 1_000_000
    for file in files:
        content = file.read_bytes()
        assert canary[:12].encode() not in content
        assert b"SQLite format 3" not in content


def test_the_key_is_what_hides_it(tmp_path: Path) -> None:
    """The search above would find the canary in a file that is not encrypted."""
    store = Store.create(tmp_path, DATABASE_KEY, EPOCH_KEY)
    fill_every_room(store, "CANARY-in-the-open")
    store.database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    store.database.rows("PRAGMA journal_mode = DELETE")
    store.database.rows("PRAGMA rekey = ''")
    store.close()
    assert b"CANARY-in-the-open" in (tmp_path / "store.db").read_bytes()


def test_a_day_of_work_survives_closing(tmp_path: Path) -> None:
    store = Store.create(tmp_path, DATABASE_KEY, EPOCH_KEY)
    fill_every_room(store, "told")
    event = samples.event()
    with store.transaction():
        store.invitations.record_try(
            Try(Transcript(of("transcript")), samples.invitation().id, samples.device(), "wrong", 0, 2, 1)
        )
        store.deliveries.advance_issued(samples.mailbox(1), ReceiptChain(1, of("receipt")))
    store.close()
    store = Store.open(tmp_path, DATABASE_KEY, EPOCH_KEY)
    held = store.events.by_hash(event.hash)
    assert held is not None
    assert held.content == b"told"
    assert store.deliveries.outgoing_of(event.hash)[0].step is Step.ACCEPTED
    assert store.invitations.tries_left(samples.invitation().id) == 2
    assert store.attachments.get(samples.attachment().blob) is not None
    store.close()
