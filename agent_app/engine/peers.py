"""Sessions with other devices, their certificates, and the prekeys of ours that their handshakes use."""

from collections.abc import Iterable, Sequence

from agent_app.engine.desk import Desk
from agent_app.engine.membership import Membership
from agent_app.protocol import limits
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.errors import ForgedError, InvalidHandshakeError, ProtocolError
from agent_app.protocol.keys import Certificate, DeviceId, MailboxId, Transcript
from agent_app.protocol.prekeys import Bundle, Prekey, PrekeyKind, PrekeyPair
from agent_app.protocol.session import AcceptedHandshake, PeerSessions, Received
from agent_app.relay.client import RelayClient
from agent_app.store.sessions import Accepted, OwnPrekey, Peer
from agent_app.transparency.roster import Roster

BUNDLES_AT_ONCE = 50


def life_of(kind: PrekeyKind) -> int:
    """Milliseconds until a prekey of this kind expires (section 4)."""
    return limits.SIGNED_PREKEY_LIFE if kind in ("signed", "kem-last") else limits.ONE_TIME_PREKEY_LIFE


class Peers:
    """Loads and saves what the protocol needs to talk to a device. Nothing is cached: the store is the state."""

    def __init__(self, desk: Desk, membership: Membership) -> None:
        self._desk = desk
        self._membership = membership
        membership.changed.append(self._drop_revoked)

    # Who

    def certificate(self, device: DeviceId) -> Certificate | None:
        """Of a member, past or present, or of a patient's device that has opened a conversation."""
        known = self._membership.certificate(device)
        if known is not None:
            return known
        peer = self._desk.store.sessions.peer(device)
        return Certificate.parse(peer.certificate) if peer else None

    def by_mailbox(self, mailbox: bytes) -> Certificate | None:
        member = self._membership.roster.by_mailbox(MailboxId(mailbox))
        if member is not None:
            return member.certificate
        peer = self._desk.store.sessions.peer_by_mailbox(mailbox)
        return Certificate.parse(peer.certificate) if peer else None

    def remember(self, certificate: Certificate) -> None:
        """In the transaction that accepts its first message. Raises ForgedError for the mailbox of another device."""
        known = self.by_mailbox(certificate.mailbox)
        if known is not None and known != certificate:
            raise ForgedError("another device's mailbox")
        peer = Peer(certificate.device, certificate.mailbox, certificate.core.kind, certificate.encoded)
        self._desk.store.sessions.add_peer(peer)

    # Sessions

    def sessions(self, peer: Certificate) -> PeerSessions:
        state = self._desk.store.sessions.load(peer.device)
        return PeerSessions(peer) if state is None else PeerSessions.from_bytes(state, peer)

    def save(self, sessions: PeerSessions) -> None:
        """In the open transaction, before anything made with them is sent or acknowledged."""
        ids = [session.id for session in sessions.sessions]
        self._desk.store.sessions.save(sessions.peer.device, sessions.to_bytes(), ids, self._desk.clock())

    def accept(self, peer: Certificate, received: Received) -> None:
        """A received slot's consequences, in the transaction that stores its message."""
        if self._desk.store.sessions.peer_of(received.session) not in (None, peer.device):
            raise InvalidHandshakeError("another device's session id")
        self.save(received.sessions)
        if received.accepted is not None:
            self._settle(peer, received, received.accepted)

    def _settle(self, peer: Certificate, received: Received, accepted: AcceptedHandshake) -> None:
        room, now = self._desk.store.sessions, self._desk.clock()
        signed, kem = accepted.prekeys[0], accepted.prekeys[1]
        room.accept(Accepted(accepted.transcript, peer.device, received.session, signed, kem, now))
        for used in accepted.used_up:
            room.destroy_prekey(used)

    async def prepare(self, relay: RelayClient, devices: Iterable[DeviceId], *, anew: bool = False) -> set[DeviceId]:
        """Sees to it that there is a sending session with each device; answers those that cannot be reached.

        A device that has published nothing, or nothing valid, is dormant: what is for it waits until it is heard from.
        `anew` begins a new session even where there is one. Raises RelayError.
        """
        wanted = {d: c for d in devices if (c := self.certificate(d)) and (anew or not self._has_sending(c))}
        dormant: set[DeviceId] = set()
        for some in _portions(list(wanted.values()), BUNDLES_AT_ONCE):
            taken = {b.mailbox: b.bundle for b in await relay.take_bundles([c.mailbox for c in some])}
            for certificate in some:
                if not self._begin(certificate, taken.get(certificate.mailbox), anew):
                    dormant.add(certificate.device)
        return dormant

    def _has_sending(self, peer: Certificate) -> bool:
        return self.sessions(peer).sending is not None

    def _begin(self, peer: Certificate, bundle: bytes | None, anew: bool) -> bool:
        sessions = self.sessions(peer)
        if sessions.sending is not None and not anew:
            return True  # the peer was quicker while the bundle was on its way
        if bundle is None:
            return False
        try:
            verified = decode(bundle, Bundle).verify(peer, self._desk.clock())
            begun = sessions.initiate(self._desk.local, verified, self._desk.random, self._desk.clock())
        except ProtocolError:
            return False
        with self._desk.store.transaction():
            self.save(begun)
        return True

    def renewed(self, sessions: PeerSessions, received: Received) -> PeerSessions:
        """With a new session where the peer offered one and it is our turn. A bad offer is the peer's loss only."""
        try:
            return sessions.renew(self._desk.local, received, self._desk.random, self._desk.clock())
        except ProtocolError:
            return sessions

    def offering(self, sessions: PeerSessions) -> PeerSessions:
        """With an offer of fresh prekeys where the session is due. In the open transaction."""
        now = self._desk.clock()
        if not sessions.needs_offer(self._desk.local, now):
            return sessions
        signed, kem = self.make_prekeys(("signed", "kem-once"), uploaded=True)
        return sessions.with_offer(signed, kem)

    # Prekeys

    def make_prekeys(self, kinds: Sequence[PrekeyKind], *, uploaded: bool) -> list[PrekeyPair]:
        """New pairs, stored in the open transaction. `uploaded` ones go to one peer and never to the relay."""
        room, now = self._desk.store.sessions, self._desk.clock()
        pairs = []
        for id_, kind in zip(room.allocate_ids(len(kinds)), kinds, strict=True):
            expires = now + life_of(kind)
            pair = PrekeyPair.make(self._desk.local, kind, id_, expires, self._desk.random)
            room.add_prekeys([OwnPrekey(id_, kind, pair.secret, encode(pair.prekey), now, expires, uploaded)])
            pairs.append(pair)
        return pairs

    def prekey(self, id_: int) -> PrekeyPair | None:
        stored = self._desk.store.sessions.prekey(id_)
        return PrekeyPair(decode(stored.published, Prekey), stored.secret) if stored else None

    def is_accepted(self, transcript: Transcript) -> bool:
        return self._desk.store.sessions.accepted(transcript) is not None

    def _drop_revoked(self, old: Roster) -> None:
        """Section 7: revocation deletes all sessions with the device."""
        gone = [m.id for m in old.active if (now := self._membership.roster.member(m.id)) and not now.active]
        if gone:
            with self._desk.store.transaction():
                for device in gone:
                    self._desk.store.sessions.delete(device)


def _portions(items: list[Certificate], size: int) -> list[list[Certificate]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
