"""What vectors cannot say of invitations: the issuer's side, storage, and that tries only ever go down."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.protocol import primitives
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.errors import EncodingError, ExpiredInvitationError, InvalidInvitationError, LimitError
from agent_app.protocol.events import Identifier, Invite
from agent_app.protocol.invitation import (
    TRIES,
    Checker,
    Link,
    Presentation,
    read_registration,
    register,
    require_unexpired,
    tries_of,
)
from agent_app.protocol.keys import Transcript
from agent_app.protocol.labels import Label
from tests.vectors.material import CLINIC, NOW, device

ISSUER, PATIENT, OTHER = device("alice"), device("patient", "patient").device, device("other", "patient").device
CHECKERS = [ISSUER.device, device("bob").device, device("carol").device]
HOUR = 3_600_000
LINK = Link(bytes(range(16)), CLINIC)
BIRTHDAY = (Identifier("birth-date", "1980-02-29"),)


def invite(code: str = "1234", link: Link = LINK) -> Invite:
    signed = register(ISSUER, LINK, CHECKERS, NOW, NOW + HOUR)
    return Invite(signed.registration, signed.signature, link.secret, code, BIRTHDAY, "Ada", "")


def begin(place: int = 0) -> Checker:
    return Checker.begin(invite(), ISSUER.certificate, CHECKERS[place])


@pytest.mark.parametrize("place", [0, 1, 2])
def test_tries_by_place(place: int) -> None:
    assert begin(place).tries_left == tries_of(place, 3) == (3, 1, 1)[place]


@pytest.mark.parametrize("checkers", [1, 2, 3])
def test_an_invitation_has_five_tries_whoever_checks(checkers: int) -> None:
    assert sum(tries_of(place, checkers) for place in range(checkers)) == TRIES


def test_only_a_named_checker_checks() -> None:
    with pytest.raises(InvalidInvitationError, match="not a checker"):
        Checker.begin(invite(), ISSUER.certificate, device("mallory").device)


def test_the_secret_is_the_registered_one() -> None:
    other = invite(link=Link(bytes(16), CLINIC))
    with pytest.raises(InvalidInvitationError, match="secret"):
        Checker.begin(other, ISSUER.certificate, CHECKERS[0])


@pytest.mark.parametrize("change", [{"invitation": bytes(16)}, {"token_hash": bytes(32)}])
def test_id_and_token_are_the_secrets(change: dict[str, bytes]) -> None:
    registration = msgspec.structs.replace(read_registration(invite().registration), **change)
    encoded = encode(registration)
    signature = primitives.sign(ISSUER.keys.signing, Label.INVITATION, encoded)
    mixed = msgspec.structs.replace(invite(), registration=encoded, signature=signature)
    with pytest.raises(InvalidInvitationError, match="secret"):
        Checker.begin(mixed, ISSUER.certificate, CHECKERS[0])


@pytest.mark.parametrize(
    ("code", "identifiers"), [("x" * 17, ()), ("", tuple(Identifier("phone", str(n)) for n in range(3)))]
)
def test_a_proof_is_bounded(code: str, identifiers: Any) -> None:
    with pytest.raises(LimitError):
        Presentation(LINK.derive(), code, identifiers).prove(Transcript(bytes(32)))


def test_the_issuer_signed_it() -> None:
    with pytest.raises(InvalidInvitationError, match="issuer"):
        Checker.begin(invite(), device("bob").certificate, CHECKERS[0])


@pytest.mark.parametrize(("checkers", "life"), [([], HOUR), (CHECKERS * 2, HOUR), (CHECKERS, 73 * HOUR), (CHECKERS, 0)])
def test_no_registration_that_others_would_refuse(checkers: Any, life: int) -> None:
    with pytest.raises((EncodingError, ValueError)):
        register(ISSUER, LINK, checkers, NOW, NOW + life)


def test_expiry() -> None:
    registration = read_registration(invite().registration)
    require_unexpired(registration, NOW + HOUR - 1)
    with pytest.raises(ExpiredInvitationError):
        require_unexpired(registration, NOW + HOUR)


TRY = st.tuples(
    st.integers(0, 6),  # transcript
    st.sampled_from(["1234", "0000"]),
    st.sampled_from([BIRTHDAY, ()]),
    st.sampled_from([PATIENT, OTHER]),
    st.sampled_from(["good", "forged"]),
    st.sampled_from([NOW, NOW + HOUR]),
)


@given(st.integers(0, 2), st.lists(TRY, max_size=25))
@settings(max_examples=200)
def test_no_schedule_gives_more_tries(place: int, tries: list[Any]) -> None:
    checker, judged = begin(place), set[Transcript]()
    answers: dict[Transcript, bytes] = {}
    for number, code, identifiers, patient, kind, now in tries:
        transcript = Transcript(bytes([number]) * 32)
        proof = Presentation(LINK.derive(), code, identifiers).prove(transcript)
        if kind == "forged":
            proof = msgspec.structs.replace(proof, mac=bytes(32))
        before = checker
        checker, verdict = decode(encode(checker), Checker).judge(proof, transcript, patient, now)
        assert checker.tries_left <= before.tries_left
        assert before.state == "open" or checker.state == before.state
        if kind == "forged":
            assert verdict is None
            assert checker == before
            continue
        assert verdict is not None
        if verdict.outcome == "passed":
            assert transcript in answers or (code, identifiers, now) == ("1234", BIRTHDAY, NOW)
        if checker != before:
            judged.add(transcript)
            answers[transcript] = encode(msgspec.structs.replace(verdict, patient=PATIENT))
        elif transcript in answers:
            assert answers[transcript] == encode(msgspec.structs.replace(verdict, patient=PATIENT))
        else:
            assert verdict.outcome == "refused"
    assert len(judged) == tries_of(place, 3) - checker.tries_left <= tries_of(place, 3)


def test_no_secret_in_a_trace() -> None:
    shown = repr(LINK) + repr(LINK.derive()) + repr(begin()) + repr(Presentation(LINK.derive(), "1234", BIRTHDAY))
    assert "1234" not in shown
    assert "1980" not in shown
    assert repr(LINK.secret) not in shown
    assert repr(LINK.derive().key) not in shown
