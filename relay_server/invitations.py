"""How a patient's mailbox is opened: by an invitation, once, or by intake: docs/protocol.md, 11.3, 16.4 and 16.5."""

from relay_server import clock, directory, wire
from relay_server.clinics import Clinic, Clinics
from relay_server.directory import Mailbox
from relay_server.hashes import H
from relay_server.limits import Limits, Rates
from relay_server.problems import (
    IntakeClosed,
    InvitationInvalid,
    MailboxBound,
    MalformedRequest,
    NotFound,
    NotPermitted,
    TooLarge,
    refusal,
)
from relay_server.signing import verify
from relay_server.storage import Connection
from relay_server.wire import Fingerprint, MailboxId, Registration, SignedRegistration
from relay_server.writer import Transaction, Writer

_SKEW = 600_000  # ms that an issuer's clock may be ahead
_NOBODY = 0
"""Who has redeemed what was cancelled: no mailbox has this number."""


class Invitations:
    """Lives on the event loop."""

    def __init__(self, writer: Writer, clinics: Clinics, limits: Limits, rates: Rates) -> None:
        self._writer = writer
        self._clinics = clinics
        self._limits = limits
        self._rates = rates

    # --- The clinic's side

    async def register(self, issuer: Mailbox, body: bytes) -> None:
        """16.5. The same registration again is no error. Raises a Problem."""
        try:
            signed = wire.SIGNED_REGISTRATION.decode(body)
            registration = wire.REGISTRATION.decode(signed.registration)
        except wire.Malformed as error:
            raise refusal(error) from None
        _check(await self._clinics.get(issuer.clinic), issuer, signed, registration)

        def write(transaction: Transaction) -> None:
            self._insert(transaction, issuer, signed, registration)

        await self._writer.work(write)

    def _insert(
        self, transaction: Transaction, issuer: Mailbox, signed: SignedRegistration, registration: Registration
    ) -> None:
        transaction.directory.active(issuer)
        connection = transaction.connection
        row = connection.one(
            "SELECT registration FROM invitation WHERE token_hash = ? OR (clinic = ? AND invitation = ?)",
            *(registration.token_hash, issuer.clinic_id, registration.invitation),
        )
        if row is not None:
            if row[0] != signed.registration:
                raise NotPermitted("An invitation with this id or token is registered already.")
            return
        count = connection.one(
            "SELECT count(*) FROM invitation WHERE issuer = ? AND expires > ?", issuer.id, transaction.now
        )
        if count and count[0] >= self._limits.invitations:
            raise TooLarge("This device has as many open invitations as it may have.")
        connection.run(
            "INSERT INTO invitation (token_hash, clinic, invitation, issuer, expires, registration, signature)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(registration.token_hash, issuer.clinic_id, registration.invitation, issuer.id),
            *(registration.expires, signed.registration, signed.signature),
        )

    async def cancel(self, caller: Mailbox, body: bytes) -> None:
        """16.5, by any of the clinic's devices: the issuer may have gone home. Unknown ones are no error."""
        try:
            invitation = wire.CANCEL_INVITATION.decode(body).invitation
        except wire.Malformed as error:
            raise refusal(error) from None
        if not caller.is_device:
            raise NotPermitted("Only the clinic's devices cancel invitations.")

        def write(transaction: Transaction) -> None:
            transaction.directory.active(caller)
            # One that was redeemed keeps its answer: the patient's page may not have received it yet. The row stays
            # until it expires: its issuer, who has not heard of this, may register the same again.
            sql = "UPDATE invitation SET redeemer = ? WHERE clinic = ? AND invitation = ? AND redeemer IS NULL"
            transaction.connection.run(sql, _NOBODY, caller.clinic_id, invitation)

        await self._writer.work(write)

    # --- The patient's side

    async def redeem(self, key: MailboxId, clinic: Clinic, token: bytes) -> tuple[Mailbox, tuple[bytes, bytes]]:
        """Binds the mailbox `key`; gives it and the signed registration. Raises a Problem."""
        token_hash = H("invitation-token-hash", token)

        def write(transaction: Transaction) -> tuple[Mailbox, tuple[bytes, bytes]]:
            connection = transaction.connection
            row = connection.one(
                "SELECT redeemer, expires, registration, signature FROM invitation WHERE token_hash = ? AND clinic = ?",
                *(token_hash, clinic.number),
            )
            bound = directory.find(connection, key)
            redeemer = row[0] if row else None
            again = redeemer is not None and bound is not None and redeemer == bound.id
            if row is None or (not again and (redeemer is not None or row[1] <= transaction.now)):
                raise InvitationInvalid("This invitation is unknown, used, cancelled or expired.")
            mailbox = self._bind(transaction, key, clinic.number, "invited", bound)
            connection.run("UPDATE invitation SET redeemer = ? WHERE token_hash = ?", mailbox.id, token_hash)
            return mailbox, (row[2], row[3])

        return await self._writer.work(write)

    async def intake(self, key: MailboxId, clinic: Clinic, network: str) -> Mailbox:
        """Binds the mailbox `key` as a visitor's. Raises a Problem."""

        def known(transaction: Transaction) -> Mailbox | None:
            return directory.find(transaction.connection, key)

        bound = await self._writer.work(known)
        if bound is None:
            if not (self._limits.intake_address_hour and self._limits.intake_clinic_hour):
                raise IntakeClosed("This relay opens no mailbox without an invitation.")
            self._rates.intake_address.take(network)
            self._rates.intake_clinic.take(clinic.number)

        def write(transaction: Transaction) -> Mailbox:
            found = directory.find(transaction.connection, key)
            kind: directory.Kind = "invited" if found and found.kind == "invited" else "intake"
            return self._bind(transaction, key, clinic.number, kind, found)

        return await self._writer.work(write)

    def _bind(
        self, transaction: Transaction, key: MailboxId, clinic: int, kind: directory.Kind, bound: Mailbox | None
    ) -> Mailbox:
        connection = transaction.connection
        if bound is None:
            self._check_room(connection, clinic)
            connection.run("INSERT INTO mailbox (key, clinic, kind, active) VALUES (?, ?, ?, 1)", key, clinic, kind)
        elif bound.is_device or bound.clinic_id != clinic:
            raise MailboxBound("This mailbox is a device's, or another clinic's.")
        else:
            connection.run("UPDATE mailbox SET kind = ? WHERE id = ?", kind, bound.id)
        transaction.directory.drop(key)
        mailbox = directory.find(connection, key)
        if mailbox is None:
            raise NotFound("The mailbox could not be opened.")
        return mailbox

    def _check_room(self, connection: Connection, clinic: int) -> None:
        row = connection.one("SELECT count(*) FROM mailbox WHERE clinic = ?", clinic)
        if row and row[0] >= self._limits.clinic_patients:
            raise NotPermitted("This clinic has as many mailboxes as it may have.")


def _check(clinic: Clinic, issuer: Mailbox, signed: SignedRegistration, registration: Registration) -> None:
    device = clinic.log.device_of(issuer.key)
    if device is None or not device.active or registration.issuer != device.id:
        raise NotPermitted("An invitation is registered by the device that issues it.")
    if registration.clinic != Fingerprint(clinic.log.fingerprint):
        raise NotPermitted("The invitation is of another clinic.")
    checkers = [clinic.log.devices.get(wire.DeviceId(checker)) for checker in registration.checkers]
    if len(set(registration.checkers)) != len(checkers) or not all(c is not None and c.active for c in checkers):
        raise NotPermitted("A checker of the invitation is not an active device, or is named twice.")
    if not 0 < registration.expires - registration.created <= wire.INVITATION_LIFE:
        raise MalformedRequest("An invitation is valid for at most 72 hours.")
    if registration.created > clock.now() + _SKEW or registration.expires <= clock.now():
        raise MalformedRequest("The invitation's time does not fit this relay's clock.")
    if not verify(device.signing, signed.signature, "invitation", signed.registration):
        raise MalformedRequest("The registration's signature does not hold.")
