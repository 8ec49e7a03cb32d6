"""Every primitive against C2SP/wycheproof, whole files.

"acceptable" X25519 cases are those where implementations differ on purpose; ours refuses exactly the points that
section 1 of the specification refuses.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agent_app.protocol import primitives
from agent_app.protocol.errors import InvalidKeyError, UndecryptableError
from tests.vectors import mlkem

Wycheproof = Callable[[str], dict[str, Any]]


def cases(file: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(group, test) of every case, and that there are as many as the file says."""
    found = [(group, test) for group in file["testGroups"] for test in group["tests"]]
    assert len(found) == file["numberOfTests"]
    yield from found


def b(fields: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(fields[name])


def test_ed25519(wycheproof: Wycheproof) -> None:
    for group, test in cases(wycheproof("ed25519_test")):
        public = bytes.fromhex(group["publicKey"]["pk"])
        valid = primitives.verify_bytes(public, b(test, "sig"), b(test, "msg"))
        assert valid == (test["result"] == "valid"), test


def test_x25519(wycheproof: Wycheproof) -> None:
    refused_flags = {"LowOrderPublic", "NonCanonicalPublic", "ZeroSharedSecret"}
    refused = 0
    for _, test in cases(wycheproof("x25519_test")):
        point = int.from_bytes(b(test, "public"), "little")
        is_refused = bool(refused_flags & set(test["flags"])) or point >= 2**255 - 19
        if is_refused:
            assert test["result"] == "acceptable"
            refused += 1
            with pytest.raises(InvalidKeyError):
                primitives.dh(b(test, "private"), b(test, "public"))
        else:
            assert primitives.dh(b(test, "private"), b(test, "public")) == b(test, "shared"), test
    assert refused > 20


def test_xchacha20_poly1305(wycheproof: Wycheproof) -> None:
    for group, test in cases(wycheproof("xchacha20_poly1305_test")):
        sealed = b(test, "iv") + b(test, "ct") + b(test, "tag")
        key, ad, message = b(test, "key"), b(test, "aad"), b(test, "msg")
        if group["ivSize"] != 192:
            # Another nonce length is no XChaCha20-Poly1305, and cannot be asked for.
            assert test["result"] == "invalid"
            with pytest.raises(InvalidKeyError):
                primitives.seal(key, b(test, "iv"), ad, message)
        elif test["result"] == "valid":
            assert primitives.unseal(key, ad, sealed) == message
            assert primitives.seal(key, b(test, "iv"), ad, message) == sealed
        else:
            with pytest.raises(UndecryptableError):
                primitives.unseal(key, ad, sealed)


def test_hkdf_sha512(wycheproof: Wycheproof) -> None:
    for _, test in cases(wycheproof("hkdf_sha512_test")):
        arguments = (b(test, "ikm"), b(test, "salt"), b(test, "info"), test["size"])
        if test["result"] == "valid":
            assert primitives.hkdf_sha512(*arguments) == b(test, "okm"), test
        else:
            with pytest.raises(ValueError, match="Cannot derive keys larger"):
                primitives.hkdf_sha512(*arguments)


def test_hmac_sha256(wycheproof: Wycheproof) -> None:
    for group, test in cases(wycheproof("hmac_sha256_test")):
        tag = primitives.hmac_sha256(b(test, "key"), b(test, "msg"))[: group["tagSize"] // 8]
        assert primitives.equal(tag, b(test, "tag")) == (test["result"] == "valid"), test


def test_ml_kem_768(wycheproof: Wycheproof) -> None:
    for _, test in cases(wycheproof("mlkem_768_test")):
        seed, ciphertext = b(test, "seed"), b(test, "c")
        if test["result"] == "valid":
            assert primitives.kem_public(seed) == b(test, "ek")
            assert primitives.kem_decapsulate(seed, ciphertext) == b(test, "K"), test
        else:
            with pytest.raises(InvalidKeyError):
                primitives.kem_decapsulate(seed, ciphertext)


def test_ml_kem_768_keygen(wycheproof: Wycheproof) -> None:
    for _, test in cases(wycheproof("mlkem_768_keygen_seed_test")):
        assert primitives.kem_public(b(test, "seed")) == b(test, "ek"), test


def test_ml_kem_768_encapsulation(wycheproof: Wycheproof) -> None:
    """Our library draws the randomness itself, so valid keys are checked by the vectors' own encapsulation."""
    for _, test in cases(wycheproof("mlkem_768_encaps_test")):
        public = b(test, "ek")
        if test["result"] == "valid":
            assert primitives.kem_check(public) == public
            assert mlkem.encapsulate(public, b(test, "m")) == (b(test, "c"), b(test, "K")), test
        else:
            with pytest.raises(InvalidKeyError):
                primitives.kem_encapsulate(public)


def test_ml_kem_768_semi_expanded(wycheproof: Wycheproof) -> None:
    """We hold seeds, never expanded keys: what this file can show is the public key inside a valid expanded one."""
    for _, test in cases(wycheproof("mlkem_768_semi_expanded_decaps_test")):
        expanded = b(test, "dk")
        public, digest = expanded[1152:2336], expanded[2336:2368]
        well_formed = len(expanded) == 2400 and hashlib.sha3_256(public).digest() == digest
        if test["result"] == "valid":
            assert well_formed
            assert primitives.kem_check(public) == public == b(test, "ek")
        elif "IncorrectCiphertextLength" in test["flags"]:
            with pytest.raises(InvalidKeyError):
                primitives.kem_decapsulate(bytes(64), b(test, "c"))
        else:
            with pytest.raises(InvalidKeyError):
                primitives.kem_public(expanded)


def test_encapsulation_and_decapsulation_agree() -> None:
    seed = bytes(range(64))
    ciphertext, secret = primitives.kem_encapsulate(primitives.kem_public(seed))
    assert primitives.kem_decapsulate(seed, ciphertext) == secret
    assert len(secret) == 32
