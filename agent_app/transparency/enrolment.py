"""A workstation asks to be admitted: docs/protocol.md section 14.3.

The administrator compares six words on two screens, over the telephone if need be: 77 bits that tie the
approval to exactly this certificate, person and name. The words are also the key under which the request waits at
the relay (14.7): whoever has not been told them reads nothing of it, and whoever approves it has to have been told.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agent_app.protocol import primitives
from agent_app.protocol.encoding import Bytes16, Bytes32, Record, decode
from agent_app.protocol.errors import InvalidCertificateError
from agent_app.protocol.keys import Certificate
from agent_app.protocol.labels import Label
from agent_app.protocol.limits import NAME
from agent_app.transparency.statement import Admission, Role

WORD_COUNT = 6
WORD_LIST = 7_776


class EnrolmentRequest(Record, frozen=True):
    certificate: bytes
    person: Bytes16
    name: str
    salt: Bytes32


def parse(raw: bytes) -> EnrolmentRequest:
    """A request as received; its certificate is checked."""
    request = decode(raw, EnrolmentRequest)
    NAME.check_text(request.name)
    if Certificate.parse(request.certificate).core.kind != "agent":
        raise InvalidCertificateError("the request is not of an agent's device")
    return request


def words(raw: bytes, word_list: Sequence[str]) -> tuple[str, ...]:
    """The six words of a request's bytes; `word_list` is the EFF long list, 7,776 words."""
    if len(word_list) != WORD_LIST:
        raise ValueError(f"the EFF long list has {WORD_LIST} words, not {len(word_list)}")
    digest = primitives.labelled_hash(Label.ENROLMENT, raw)
    pairs = (digest[2 * i : 2 * i + 2] for i in range(WORD_COUNT))
    return tuple(word_list[int.from_bytes(pair, "big") % WORD_LIST] for pair in pairs)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where a request waits at the relay, and the key that it waits under. Both follow from its words alone."""

    clinic: bytes
    ticket: bytes
    key: bytes

    def seal(self, request: bytes, nonce: bytes) -> bytes:
        return primitives.seal(self.key, nonce, self._bound, request)

    def open(self, sealed: bytes) -> bytes:
        """The request's bytes. Raises UndecryptableError."""
        return primitives.unseal(self.key, self._bound, sealed)

    @property
    def _bound(self) -> bytes:
        return primitives.labelled_hash(Label.ENROLMENT_WAITING, self.clinic, self.ticket)


def waiting(clinic: bytes, said: Sequence[str]) -> Waiting:
    """Takes a moment on purpose: 77 bits are within reach of the largest machines, and not behind Argon2id."""
    salt = primitives.labelled_hash(Label.ENROLMENT_WAITING, clinic)[:16]
    stretched = primitives.stretch(" ".join(said).encode(), salt)
    both = primitives.kdf(stretched, b"", Label.ENROLMENT_WAITING, clinic, length=48)
    return Waiting(clinic, both[:16], both[16:])


def name_commitment(name: str, salt: bytes) -> bytes:
    """What the log holds of a name; without the salt nobody can try names against it."""
    return primitives.labelled_hash(Label.NAME, salt, name)


def admission(request: EnrolmentRequest, role: Role) -> Admission:
    """The action that admits the request's device."""
    commitment = name_commitment(request.name, request.salt)
    return Admission(request.certificate, request.person, role, commitment)
