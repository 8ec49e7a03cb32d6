"""What people compare and type: fingerprints, words of an enrolment, the page's configuration, the auditor's key."""

from dataclasses import replace

import pytest

from agent_app.engine.words import eff_long
from agent_app.protocol.encoding import encode
from agent_app.protocol.errors import (
    InvalidCertificateError,
    InvalidKeyError,
    LimitError,
    ProtocolError,
    UndecryptableError,
)
from agent_app.protocol.keys import ClinicId
from agent_app.transparency import enrolment, fingerprint, page_config
from agent_app.transparency.audit import RecipientSecret
from tests.protocol.reader import Vector, vectors

from .clinic import START, Clinic, secret

CLINIC = Clinic()
FINGERPRINT = CLINIC.log.clinic


def test_a_fingerprint_is_ten_groups_of_four() -> None:
    text = fingerprint.to_text(FINGERPRINT)

    assert [len(group) for group in text.split()] == [4] * 10
    assert text == text.lower()


@pytest.mark.parametrize(
    "typed",
    [
        fingerprint.to_text(FINGERPRINT),
        fingerprint.to_text(FINGERPRINT).upper(),
        fingerprint.to_text(FINGERPRINT).replace(" ", "-"),
        fingerprint.to_text(FINGERPRINT).replace(" ", ""),
        f"  {fingerprint.to_text(FINGERPRINT)}\n",
        FINGERPRINT.hex(),
    ],
)
def test_people_may_type_a_fingerprint_as_they_like(typed: str) -> None:
    assert fingerprint.matches(FINGERPRINT, typed)
    assert not fingerprint.matches(secret("other"), typed)


@pytest.mark.parametrize("typed", ["", "abcd", "0189 " * 10, FINGERPRINT.hex()[:-1], "ä" * 40, "zz" * 32])
def test_what_is_no_fingerprint_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(InvalidKeyError):
        fingerprint.matches(FINGERPRINT, typed)


def test_the_words_are_those_of_exactly_this_request() -> None:
    request = CLINIC.request(CLINIC.device("Bea"), "Bea")
    other = CLINIC.request(CLINIC.device("Bea"), "Eve")
    words = enrolment.words(encode(request), eff_long())

    assert len(words) == 6
    assert set(words) <= set(eff_long())
    assert words != enrolment.words(encode(other), eff_long())
    assert enrolment.parse(encode(request)) == request


def test_a_request_waits_under_its_words_and_opens_with_no_others() -> None:
    request = encode(CLINIC.request(CLINIC.device("Bea"), "Bea"))
    words = enrolment.words(request, eff_long())
    place = enrolment.waiting(FINGERPRINT, words)
    sealed = place.seal(request, secret("nonce")[:24])

    assert enrolment.waiting(FINGERPRINT, words).open(sealed) == request
    assert b"Bea" not in sealed
    for other in (
        enrolment.waiting(FINGERPRINT, words[::-1]),
        enrolment.waiting(bytes(32), words),
        replace(place, ticket=bytes(16)),
    ):
        with pytest.raises(UndecryptableError):
            other.open(sealed)


@vectors("enrolment-waiting")
def test_where_a_request_waits_is_as_the_vectors_say(v: Vector) -> None:
    place = enrolment.waiting(v.b("clinic"), v["words"].split())
    assert (place.ticket, place.key) == (v.b("ticket"), v.b("key"))
    assert place.open(v.b("sealed")) == v.b("request")


def test_a_shortened_word_list_is_a_programmers_error() -> None:
    with pytest.raises(ValueError, match="7776"):
        enrolment.words(b"", eff_long()[:-1])


def test_a_request_is_of_an_agent_and_has_a_short_name() -> None:
    device = CLINIC.device("Bea")
    patient = device.keys.certify(FINGERPRINT, "patient", START)
    with pytest.raises(InvalidCertificateError):
        enrolment.parse(encode(enrolment.EnrolmentRequest(patient.encoded, secret("p", 16), "Bea", secret("s"))))
    with pytest.raises(LimitError):
        enrolment.parse(encode(CLINIC.request(device, "B" * 201)))


def config(clinic: ClinicId = FINGERPRINT, admin: bytes = CLINIC.admins[0].key) -> bytes:
    return page_config.build(clinic, "https://relay.example", "Mo-Fr 8-17", "+1 303 555 0100", START, admin)


def test_the_pages_configuration_is_an_administrators() -> None:
    verified = page_config.verify(config(), CLINIC.log.roster)

    assert (verified.origin, verified.hours, verified.phone) == (
        "https://relay.example",
        "Mo-Fr 8-17",
        "+1 303 555 0100",
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (config(admin=secret("eve")), "statement.refused"),
        (config(clinic=ClinicId(secret("clinic"))), "statement.refused"),
        (config().replace(b'"signature":"', b'"signature":"AAAA'), "statement.invalid"),
        (config().replace(b"{", b'{"more":1,'), "encoding.malformed"),
        (b"", "encoding.malformed"),
        (b"\xff", "encoding.malformed"),
        (b"[]", "encoding.malformed"),
        (config() + b" " * 20_000, "limit.exceeded"),
    ],
)
def test_any_other_configuration_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        page_config.verify(raw, CLINIC.log.roster)
    assert refused.value.code == code


def test_the_auditors_key_survives_its_file() -> None:
    text = CLINIC.auditor.to_text()

    assert text.startswith("SEALDESK-AUDIT-KEY-1 ")
    assert RecipientSecret.from_text(text) == CLINIC.auditor
    assert secret("auditor x25519").hex() not in repr(CLINIC.auditor)


@pytest.mark.parametrize("text", ["", "noise", "SEALDESK-AUDIT-KEY-1 AAAA\n", "SEALDESK-AUDIT-KEY-1 !\n", "ä"])
def test_a_file_that_holds_no_auditors_key_is_said_to_hold_none(text: str) -> None:
    with pytest.raises(InvalidKeyError):
        RecipientSecret.from_text(text)
