"""The lines that people carry: each has one spelling, and whatever is pasted instead gets one clear sentence."""

import base64

import pytest

from agent_app.engine.clinic_address import ADDRESS_PREFIX, AddressRefused, ClinicAddress, to_text
from agent_app.protocol.encoding import encode

ADDRESS = ClinicAddress("https://relay.example", bytes(range(32)))


def test_an_address_survives_the_line_breaks_of_a_mail() -> None:
    text = ADDRESS.text()
    assert ClinicAddress.parse(f" {text[:30]}\r\n{text[30:]}\n") == ADDRESS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        encode(("https://relay.example", bytes(31))),
        encode(("x" * 513, bytes(32))),
        encode(("https://relay.example", bytes(32), 0)),
        encode(("https://relay.example", bytes(32))) + b"\0",
        b"\x92\xa1\xff" + encode(bytes(32)),  # not UTF-8
        b"\xdc\x00\x02\xa0" + encode(bytes(32)),  # a longer way to say "two elements"
    ],
)
def test_what_is_no_address_is_refused(data: bytes) -> None:
    with pytest.raises(AddressRefused, match="Copy it again"):
        ClinicAddress.parse(ADDRESS_PREFIX + to_text(data))


def test_an_address_has_one_spelling() -> None:
    text = ClinicAddress("https://relay.example/", bytes(31) + b"\xff").text()  # the last character has bits to spare
    assert text.endswith("w")
    standard = base64.b64encode(encode(("https://relay.example", b"\xff" * 32))).decode()
    for other in (text[:-1] + "x", text + "=", ADDRESS_PREFIX + standard, text[1:], text + "\ud800"):
        with pytest.raises(AddressRefused):
            ClinicAddress.parse(other)
