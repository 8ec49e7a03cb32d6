"""Peers, ratchet state as opaque bytes, this device's own prekey secrets, and the handshakes it has accepted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from agent_app.protocol.keys import DeviceId, MailboxId, SessionId, Transcript
from agent_app.store.database import Database, Row, columns


@dataclass(frozen=True, slots=True)
class Peer:
    """Another device and its verified certificate. `kind` is "agent" or "patient"."""

    device: DeviceId
    mailbox: MailboxId
    kind: str
    certificate: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnPrekey:
    """`secret`: 32 bytes of X25519, or ML-KEM's 64-byte seed. `published`: the encoded prekey structure (section 4)."""

    id: int
    kind: str  # "signed" | "one-time" | "kem-last" | "kem-once"
    secret: bytes = field(repr=False)
    published: bytes = field(repr=False)
    created: int
    expires: int
    uploaded: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted handshake: the session it made and the prekeys of ours that it used."""

    transcript: Transcript
    peer: DeviceId
    session: SessionId
    signed_id: int
    kem_id: int
    accepted: int


_PREKEY = "SELECT id, kind, secret, published, created, expires, uploaded FROM prekeys"


class Sessions:
    def __init__(self, database: Database) -> None:
        self._database = database

    # Peers

    def add_peer(self, peer: Peer) -> None:
        """Repeating it is harmless; the same device or mailbox with anything else is a StoreConflict."""
        if self.peer(peer.device) != peer:
            self._database.insert("peers", columns(peer))

    def peer(self, device: bytes) -> Peer | None:
        row = self._database.row("SELECT device, mailbox, kind, certificate FROM peers WHERE device = ?", device)
        return Peer(*row) if row else None

    def peer_by_mailbox(self, mailbox: bytes) -> Peer | None:
        row = self._database.row("SELECT device, mailbox, kind, certificate FROM peers WHERE mailbox = ?", mailbox)
        return Peer(*row) if row else None

    # Ratchet state

    def save(self, peer: bytes, state: bytes, session_ids: Iterable[bytes], now: int) -> None:
        """Replaces the state with `peer`; `session_ids` are all that it now holds (sending and receiving)."""
        self._database.insert(
            "sessions",
            {"peer": peer, "state": state, "changed": now},
            "ON CONFLICT DO UPDATE SET state = excluded.state, changed = excluded.changed",
        )
        self._database.write("DELETE FROM session_ids WHERE peer = ?", peer)
        for session in session_ids:
            self._database.insert("session_ids", {"session": session, "peer": peer})

    def load(self, peer: bytes) -> bytes | None:
        state: bytes | None = self._database.scalar("SELECT state FROM sessions WHERE peer = ?", peer)
        return state

    def peer_of(self, session: bytes) -> DeviceId | None:
        """Whose session that is: what a slot's clear session id leads to."""
        peer: DeviceId | None = self._database.scalar("SELECT peer FROM session_ids WHERE session = ?", session)
        return peer

    def peers(self) -> tuple[DeviceId, ...]:
        """Every device with which there is a session."""
        return tuple(row[0] for row in self._database.rows("SELECT peer FROM sessions ORDER BY peer"))

    def delete(self, peer: bytes) -> None:
        """After a revocation: every session with that device."""
        self._database.write("DELETE FROM sessions WHERE peer = ?", peer)

    # Own prekeys

    def allocate_ids(self, count: int) -> range:
        """Prekey ids that no prekey of this device has ever had (section 4), across all kinds and restarts."""
        first = int(self._database.scalar("SELECT value FROM settings WHERE name = 'next-prekey'") or 1)
        row = {"name": "next-prekey", "value": str(first + count).encode()}
        self._database.insert("settings", row, "ON CONFLICT DO UPDATE SET value = excluded.value")
        return range(first, first + count)

    def add_prekeys(self, prekeys: Iterable[OwnPrekey]) -> None:
        for key in prekeys:
            self._database.insert("prekeys", columns(key))

    def prekey(self, id: int) -> OwnPrekey | None:
        row = self._database.row(f"{_PREKEY} WHERE id = ?", id)
        return _prekey(row) if row else None

    def current_prekey(self, kind: str) -> OwnPrekey | None:
        """The newest of its kind: for "signed" and "kem-last"."""
        row = self._database.row(f"{_PREKEY} WHERE kind = ? ORDER BY created DESC, id DESC LIMIT 1", kind)
        return _prekey(row) if row else None

    def unused_prekeys(self, kind: str) -> int:
        return int(self._database.scalar("SELECT count(*) FROM prekeys WHERE kind = ?", kind))

    def not_uploaded(self) -> tuple[OwnPrekey, ...]:
        return tuple(_prekey(row) for row in self._database.rows(f"{_PREKEY} WHERE uploaded = 0 ORDER BY id"))

    def mark_uploaded(self, ids: Sequence[int]) -> None:
        for id in ids:
            self._database.write("UPDATE prekeys SET uploaded = 1 WHERE id = ?", id)

    def destroy_prekey(self, id: int) -> None:
        """A used one-time secret, in the transaction that accepts the message which used it."""
        self._database.write("DELETE FROM prekeys WHERE id = ?", id)

    def destroy_expired(self, now: int) -> int:
        """Expired prekeys, then the transcripts none of whose prekeys is left. Answers how many prekeys went."""
        gone = self._database.write("DELETE FROM prekeys WHERE expires <= ?", now)
        self._database.write(
            "DELETE FROM transcripts WHERE signed_id NOT IN (SELECT id FROM prekeys) "
            "AND kem_id NOT IN (SELECT id FROM prekeys)"
        )
        return gone

    # Accepted handshakes

    def accept(self, handshake: Accepted) -> None:
        """StoreConflict when that transcript was accepted before: the handshake is a replay."""
        self._database.insert("transcripts", columns(handshake))

    def accepted(self, transcript: bytes) -> Accepted | None:
        row = self._database.row(
            "SELECT transcript, peer, session, signed_id, kem_id, accepted FROM transcripts WHERE transcript = ?",
            transcript,
        )
        return Accepted(*row) if row else None

    def destroy_all(self) -> None:
        """After a rollback (section 7): sessions and prekeys. Transcripts stay: they can only refuse."""
        self._database.write("DELETE FROM sessions")
        self._database.write("DELETE FROM prekeys")


def _prekey(row: Row) -> OwnPrekey:
    return replace(OwnPrekey(*row), uploaded=bool(row[-1]))
