"""A device's keys: made separately, kept whole, never shown."""

import pytest

from agent_app.protocol import primitives
from agent_app.protocol.encoding import decode, encode
from agent_app.protocol.errors import InvalidKeyError, MalformedError
from agent_app.protocol.keys import DeviceKeys
from agent_app.protocol.prekeys import PrekeyPair, check_secret
from tests.vectors.material import NOW, Randomness, device


def test_four_secrets_drawn_one_by_one() -> None:
    random = Randomness("keys")
    keys = DeviceKeys.generate(random, cosigning=True)
    assert random.drawn == keys.signing + keys.identity + keys.mailbox + keys.cosigning
    assert len(random.drawn) == 4 * 32
    assert DeviceKeys.generate(random).cosigning == b""


@pytest.mark.parametrize("bad", [["x" * 32] * 4, [bytes(32)] * 3 + [bytes(16)], [bytes(31)] + [bytes(32)] * 3])
def test_stored_keys_have_their_lengths(bad: list[bytes]) -> None:
    with pytest.raises(MalformedError):
        decode(encode(bad), DeviceKeys)


def test_the_certificate_names_the_keys() -> None:
    local = device("supervisor", cosigning=True)
    core = local.certificate.core
    assert core.signing == primitives.signing_public(local.keys.signing)
    assert core.mailbox == local.mailbox == primitives.signing_public(local.keys.mailbox)
    assert core.cosigning == primitives.signing_public(local.keys.cosigning)
    assert core.identity == primitives.dh_public(local.keys.identity)


def test_no_secret_in_a_trace() -> None:
    local = device("alice")
    pair = PrekeyPair.make(local, "signed", 1, NOW, Randomness("pair"))
    assert repr(local.keys) == "DeviceKeys(...)"
    assert repr(pair) == "PrekeyPair('signed', 1)"
    assert "keys" not in repr(local)


@pytest.mark.parametrize("kind", ["signed", "kem-last"])
def test_a_secret_that_is_not_the_prekeys(kind: str) -> None:
    first, second = (PrekeyPair.make(device("alice"), kind, 1, NOW, Randomness(f"pair {n}")) for n in range(2))  # type: ignore[arg-type]
    check_secret(first)
    with pytest.raises(InvalidKeyError):
        check_secret(PrekeyPair(first.prekey, second.secret))


@pytest.mark.parametrize("use", [primitives.signing_public, primitives.dh_public, primitives.kem_public])
def test_keys_of_another_length(use: object) -> None:
    with pytest.raises(InvalidKeyError):
        use(bytes(31))  # type: ignore[operator]
