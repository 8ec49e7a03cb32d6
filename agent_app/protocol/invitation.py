"""Invitations and the patient check: docs/protocol.md, section 11.

The checker is a pure state machine: the caller stores the new state *before* it sends the answer, so that a crash
between the two gives nobody another try.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal

import msgspec

from . import limits, primitives
from .encoding import B16, B32, Bytes32, Bytes64, Record, Uint, decode, encode
from .errors import ExpiredInvitationError, InvalidInvitationError
from .events import Identifiers, Invite, Outcome, Verdict
from .keys import SUITE, Certificate, ClinicId, DeviceId, InvitationId, LocalDevice, Transcript, check_suite
from .labels import Label
from .primitives import equal

LINK_VERSION = b"\x01"  # SD1
TRIES = 5  # of an invitation, over all its checkers


def tries_of(place: int, checkers: int) -> int:
    """How many the checker at `place` answers: each but the first has one, so that all have five together."""
    return 1 if place else TRIES + 1 - checkers


@dataclass(frozen=True, slots=True)
class Link:
    """What the patient is given: 16 secret bytes and the clinic's fingerprint, in the fragment that no server sees."""

    secret: bytes = field(repr=False)
    clinic: ClinicId

    def fragment(self) -> str:
        return base64.urlsafe_b64encode(LINK_VERSION + self.secret + self.clinic).rstrip(b"=").decode()

    @classmethod
    def parse(cls, fragment: str) -> "Link":
        """Raises InvalidInvitationError unless `fragment` (without `#`) is exactly what `fragment()` writes."""
        try:
            data = base64.b64decode(fragment.encode("ascii") + b"=" * (-len(fragment) % 4), b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error) as error:
            raise InvalidInvitationError("link") from error
        link = cls(data[1:17], ClinicId(data[17:]))
        if len(data) != 49 or link.fragment() != fragment:  # another version too: `fragment` writes ours
            raise InvalidInvitationError("link")
        return link

    def derive(self) -> "InvitationKeys":
        def derived(label: Label, length: int) -> bytes:
            return primitives.kdf(self.secret, self.clinic, label, length=length)

        return InvitationKeys(
            InvitationId(derived(Label.INVITATION_ID, 16)),
            derived(Label.INVITATION_KEY, 32),
            derived(Label.INVITATION_TOKEN, 32),
        )


@dataclass(frozen=True, slots=True)
class InvitationKeys:
    """What both sides derive from a link: its public name, the proof's key, and the relay's token."""

    id: InvitationId
    key: bytes = field(repr=False)
    token: bytes = field(repr=False)

    @property
    def token_hash(self) -> bytes:
        return primitives.labelled_hash(Label.INVITATION_TOKEN_HASH, self.token)


class Registration(Record, frozen=True):
    """What the issuer registers at the relay. Times in milliseconds."""

    suite: str
    clinic: Annotated[ClinicId, B32]
    invitation: Annotated[InvitationId, B16]
    token_hash: Bytes32
    issuer: Annotated[DeviceId, B32]
    checkers: Annotated[tuple[Annotated[DeviceId, B32], ...], msgspec.Meta(min_length=1, max_length=3)]
    created: Uint
    expires: Uint

    def __post_init__(self) -> None:
        if not self.created < self.expires <= self.created + limits.INVITATION_LIFE:
            raise ValueError("an invitation lives for at most 72 hours")
        if len(set(self.checkers)) != len(self.checkers):
            raise ValueError("a checker named twice")


class SignedRegistration(Record, frozen=True):
    registration: bytes
    signature: Bytes64

    def verify(self, issuer: Certificate) -> Registration:
        """Raises InvalidInvitationError unless `issuer` signed it for its own clinic; or an EncodingError."""
        registration = read_registration(self.registration)
        if registration.issuer != issuer.device or registration.clinic != issuer.clinic:
            raise InvalidInvitationError("issuer")
        if not primitives.verify(issuer.core.signing, self.signature, Label.INVITATION, self.registration):
            raise InvalidInvitationError("signature")
        return registration


def read_registration(encoded: bytes) -> Registration:
    """The registration, not yet believed: it names the issuer whose certificate `verify` then needs."""
    registration = decode(encoded, Registration)
    check_suite(registration.suite)
    return registration


def register(
    issuer: LocalDevice, link: Link, checkers: Sequence[DeviceId], created: int, expires: int
) -> SignedRegistration:
    """Signs the registration of `link` with one to three checkers, in the order in which the page tries them."""
    keys = link.derive()
    body = (keys.id, keys.token_hash, issuer.device, tuple(checkers), created, expires)
    encoded = encode(Registration(SUITE, link.clinic, *body))
    read_registration(encoded)
    return SignedRegistration(encoded, primitives.sign(issuer.keys.signing, Label.INVITATION, encoded))


class InvitationProof(Record, frozen=True):
    """Shows one device, over that device's transcript, that the patient has the link.

    Code and identifiers are filled in for checkers only.
    """

    invitation: Annotated[InvitationId, B16]
    mac: Bytes32
    code: str
    identifiers: Identifiers

    def __post_init__(self) -> None:
        limits.CODE.check_text(self.code)
        limits.IDENTIFIERS.check(len(self.identifiers))

    def __repr__(self) -> str:
        return f"InvitationProof({self.invitation.hex()})"


@dataclass(frozen=True, slots=True)
class Presentation:
    """What the patient presents to one device; `code` and `identifiers` stay empty for all but the checker."""

    keys: InvitationKeys
    code: str = field(default="", repr=False)
    identifiers: Identifiers = field(default=(), repr=False)

    def prove(self, transcript: Transcript) -> InvitationProof:
        mac = primitives.mac(self.keys.key, Label.INVITATION_PROOF, transcript)
        return InvitationProof(self.keys.id, mac, self.code, self.identifiers)


class Answer(Record, frozen=True):
    """The stored answer to one transcript."""

    transcript: Annotated[Transcript, B32]
    outcome: Outcome
    level: Uint
    tries_left: Uint


class Checker(Record, frozen=True):
    """One checker's side of one invitation."""

    invitation: Annotated[InvitationId, B16]
    key: Bytes32
    code: str
    identifiers: Identifiers
    expires: Uint
    tries_left: Uint
    state: Literal["open", "passed", "cancelled"]
    patient: Annotated[DeviceId, B32] | None
    answers: tuple[Answer, ...]

    def __repr__(self) -> str:
        return f"Checker({self.state!r}, tries_left={self.tries_left})"

    @classmethod
    def begin(cls, invite: Invite, issuer: Certificate, own: DeviceId) -> "Checker":
        """From the `invite` event. InvalidInvitationError when it does not name `own` or its secret differs."""
        registration = SignedRegistration(invite.registration, invite.signature).verify(issuer)
        keys = Link(invite.secret, registration.clinic).derive()
        if own not in registration.checkers:
            raise InvalidInvitationError("not a checker")
        if keys.id != registration.invitation or keys.token_hash != registration.token_hash:
            raise InvalidInvitationError("secret")
        tries = tries_of(registration.checkers.index(own), len(registration.checkers))
        return cls(
            keys.id, keys.key, invite.code, invite.identifiers, registration.expires, tries, "open", None, ()
        )  # fmt: skip

    def cancel(self) -> "Checker":
        """After `uninvite`."""
        return self if self.state == "passed" else msgspec.structs.replace(self, state="cancelled")

    def exhaust(self) -> "Checker":
        """After this device's store was restored from a copy: what was tried since is unknown, so nothing is left."""
        return msgspec.structs.replace(self, tries_left=0)

    def judge(
        self, proof: InvitationProof, transcript: Transcript, patient: DeviceId, now: int
    ) -> tuple["Checker", Verdict | None]:
        """The new state, to be stored first, and the verdict to send; None when the proof is to be ignored.

        A wrong MAC is not a try: otherwise anybody who can write to the checker could use the tries up.
        """
        expected = primitives.mac(self.key, Label.INVITATION_PROOF, transcript)
        if proof.invitation != self.invitation or not equal(expected, proof.mac):
            return self, None
        known = next((answer for answer in self.answers if answer.transcript == transcript), None)
        if known is not None:
            return self, _verdict(patient, known)
        if self.state != "open" or now >= self.expires or self.tries_left == 0 or self.patient not in (None, patient):
            return self, _verdict(patient, Answer(transcript, "refused", 0, 0))
        return self._try(proof, transcript, patient)

    def _try(self, proof: InvitationProof, transcript: Transcript, patient: DeviceId) -> tuple["Checker", Verdict]:
        left = self.tries_left - 1
        passed = self._matches(proof)
        level = (2 if self.code else 1) if passed else 0
        answer = Answer(transcript, "passed" if passed else "wrong", level, left)
        state = msgspec.structs.replace(
            self,
            tries_left=left,
            state="passed" if passed else "open",
            patient=patient,
            answers=(*self.answers, answer),
        )
        return state, _verdict(patient, answer)

    def _matches(self, proof: InvitationProof) -> bool:
        # Exactly the same identifiers: a proof that lists several birth dates would be several guesses in one try.
        same_code = equal(self.code.encode(), proof.code.encode())
        return equal(_canonical(self.identifiers), _canonical(proof.identifiers)) and same_code


def _canonical(identifiers: Identifiers) -> bytes:
    return encode(sorted(identifiers, key=lambda identifier: (identifier.kind, identifier.value)))


def _verdict(patient: DeviceId, answer: Answer) -> Verdict:
    return Verdict(patient, answer.transcript, answer.outcome, answer.level, answer.tries_left)


def require_unexpired(registration: Registration, now: int) -> None:
    """Raises ExpiredInvitationError from `expires` on."""
    if now >= registration.expires:
        raise ExpiredInvitationError
