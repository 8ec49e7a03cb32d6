"""Bundles of prekeys, handed out to those who may write to their owners: docs/protocol.md, 4 and 16.6."""

from typing import Final

from relay_server import clock, directory, wire
from relay_server.clinic_log import certificate_core, device_id
from relay_server.clinics import Clinics
from relay_server.directory import Mailbox
from relay_server.limits import Rates
from relay_server.problems import MalformedRequest, NotPermitted, StatementInvalid, TooLarge, refusal
from relay_server.reading import Reading
from relay_server.signing import is_ml_kem_key, is_x25519_key, verify
from relay_server.storage import Connection
from relay_server.wire import DeviceId, Prekey, PrekeyKind
from relay_server.writer import Transaction, Writer

_X25519: Final[frozenset[PrekeyKind]] = frozenset({"signed", "one-time"})
_KEYS_A_CALL: Final = 10
_LONGEST: Final = 31 * 86_400_000  # ms; one-time keys live 30 days, and clocks differ


class Prekeys:
    """Lives on the event loop."""

    def __init__(self, writer: Writer, reading: Reading, clinics: Clinics, rates: Rates) -> None:
        self._writer = writer
        self._reading = reading
        self._clinics = clinics
        self._rates = rates

    async def publish(self, owner: Mailbox, body: bytes) -> None:
        """Adds the one-time keys, replaces the others. Refuses what a taker would refuse. Raises a Problem."""
        try:
            published = wire.PUBLISH_PREKEYS.decode(body)
            # Each key is a signature and a point to check: a hundred of them cost what a thousand small calls do.
            self._rates.mailbox.take(owner.key, (len(published.one_time) + len(published.kem_once)) // _KEYS_A_CALL)
            device, signing = await self._device(owner, published.certificate)
            signed = _prekey(published.signed, "signed", device, signing)
            kem_last = _prekey(published.kem_last, "kem-last", device, signing)
            once = [("one-time", p, _prekey(p, "one-time", device, signing)) for p in published.one_time]
            once += [("kem-once", p, _prekey(p, "kem-once", device, signing)) for p in published.kem_once]
        except wire.Malformed as error:
            raise refusal(error) from None
        except StatementInvalid as error:
            raise MalformedRequest(str(error)) from None
        expires = min(signed.expires, kem_last.expires)
        rows = [(owner.id, kind, prekey.id, prekey.expires, data) for kind, data, prekey in once]

        def write(transaction: Transaction) -> None:
            transaction.directory.active(owner)
            connection = transaction.connection
            if published.reset:
                connection.run("DELETE FROM one_time WHERE mailbox = ?", owner.id)
            connection.run(
                "INSERT INTO prekeys (mailbox, certificate, signed, kem_last, expires) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (mailbox) DO UPDATE SET certificate = excluded.certificate, signed = excluded.signed,"
                " kem_last = excluded.kem_last, expires = excluded.expires",
                *(owner.id, published.certificate, published.signed, published.kem_last, expires),
            )
            # The same key again is a retry; a second one under a used id would be two keys with one name.
            connection.run_many(
                "INSERT INTO one_time (mailbox, kind, id, expires, prekey) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (mailbox, kind, id) DO NOTHING",
                rows,
            )
            if max(_left(connection, owner.id, transaction.now)) > wire.MAX_ONE_TIME:
                raise TooLarge("A mailbox keeps at most 50 one-time prekeys of each kind here.")

        await self._writer.work(write)

    async def left(self, owner: Mailbox) -> tuple[int, int]:
        """How many one-time keys, and kem-once keys, nobody has taken yet."""
        now = clock.now()
        return await self._reading.run(lambda connection: _left(connection, owner.id, now))

    async def take(self, taker: Mailbox, body: bytes) -> list[tuple[bytes, bytes | None]]:
        """A bundle for each mailbox that the taker may write to and that has one; nil for the others."""
        try:
            wanted = wire.TAKE_PREKEYS.decode(body)
        except wire.Malformed as error:
            raise refusal(error) from None
        if len(set(wanted)) != len(wanted):
            raise MalformedRequest("The list names a mailbox twice.")
        # A taker who empties a mailbox's one-time keys gets the last-resort ones, and others keep theirs.
        lasting = taker.kind == "intake"
        once = {key for key in wanted if not lasting and not self._rates.prekeys.missing((taker.id, key))}

        def write(transaction: Transaction) -> list[tuple[bytes, bytes | None]]:
            transaction.directory.active(taker)
            return [(key, _bundle(transaction, taker, key, key in once)) for key in wanted]

        return await self._writer.work(write)

    async def _device(self, owner: Mailbox, certificate: bytes) -> tuple[DeviceId, bytes]:
        """Whose prekeys these are: the device that the clinic admitted, or a patient's that owns this mailbox."""
        if owner.is_device:
            device = (await self._clinics.get(owner.clinic)).log.device_of(owner.key)
            if device is None or device.certificate != certificate:
                raise NotPermitted("This is not the certificate that the clinic admitted for this mailbox.")
            return device.id, device.signing
        core = certificate_core(certificate, owner.clinic, "patient")
        if core.mailbox != owner.key:
            raise NotPermitted("The certificate is of another mailbox.")
        return device_id(certificate), core.signing


def _prekey(data: bytes, kind: PrekeyKind, device: DeviceId, signing: bytes) -> Prekey:
    prekey = wire.PREKEY.decode(data)
    if prekey.kind != kind:
        raise MalformedRequest(f"A prekey of kind {prekey.kind} stands where {kind} belongs.")
    if not (is_x25519_key if kind in _X25519 else is_ml_kem_key)(prekey.public):
        raise MalformedRequest("A prekey's key is not a valid key of its kind.")
    if not 0 < prekey.expires - clock.now() <= _LONGEST:
        raise MalformedRequest("A prekey has expired, or expires in more than 30 days.")
    fields = (device, kind, prekey.id, prekey.public, prekey.expires)
    if not verify(signing, prekey.signature, "prekey", *fields):
        raise MalformedRequest("A prekey's signature does not hold.")
    return prekey


def _left(connection: Connection, mailbox: int, now: int) -> tuple[int, int]:
    sql = "SELECT kind, count(*) FROM one_time WHERE mailbox = ? AND expires > ? GROUP BY kind"
    counts = dict(connection.rows(sql, mailbox, now))
    return counts.get("one-time", 0), counts.get("kem-once", 0)


def _bundle(transaction: Transaction, taker: Mailbox, key: bytes, once: bool) -> bytes | None:
    connection = transaction.connection
    owner = directory.find(connection, key)
    if owner is None or not owner.active or owner.clinic_id != taker.clinic_id:
        return None
    if not (owner.is_device or taker.is_device):
        return None
    row = connection.one(
        "SELECT certificate, signed, kem_last FROM prekeys WHERE mailbox = ? AND expires > ?", owner.id, transaction.now
    )
    if row is None:
        return None
    certificate, signed, kem = row
    one_time = _pop(transaction, owner.id, "one-time") if once else None
    kem = (_pop(transaction, owner.id, "kem-once") if once else None) or kem
    return wire.encode((certificate, signed, kem, one_time))


def _pop(transaction: Transaction, mailbox: int, kind: PrekeyKind) -> bytes | None:
    sql = "SELECT id, prekey FROM one_time WHERE mailbox = ? AND kind = ? AND expires > ? ORDER BY id LIMIT 1"
    row = transaction.connection.one(sql, mailbox, kind, transaction.now)
    if row is None:
        return None
    transaction.connection.run("DELETE FROM one_time WHERE mailbox = ? AND kind = ? AND id = ?", mailbox, kind, row[0])
    prekey: bytes = row[1]
    return prekey
