"""Ours against independent implementations: PyPI's DoubleRatchet and X3DH.

DoubleRatchet has no header encryption: its 64 bytes of root output are the prefix of our 96, and its header's content
is what ours encrypts. X3DH is PQXDH without the KEM.
"""

from collections.abc import Coroutine
from typing import Any

import doubleratchet
import pytest
import x3dh
from hypothesis import given, settings
from hypothesis import strategies as st
from x3dh.identity_key_pair import IdentityKeyPairPriv
from x3dh.models import BaseStateModel, SignedPreKeyPairModel

from agent_app.protocol import primitives
from agent_app.protocol.double_ratchet import Context, DoubleRatchet, RatchetMessage, _associated
from agent_app.protocol.encoding import decode, encode, frame
from agent_app.protocol.errors import UndecryptableError
from agent_app.protocol.keys import SessionId, Transcript
from agent_app.protocol.labels import Label
from agent_app.protocol.pqxdh import Agreement, initiate
from tests.vectors.material import NOW, Randomness, bundle, device, prekeys


def finish(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The oracles' functions are asynchronous and wait for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("it waits")


class RootKdf(doubleratchet.KDF):
    @staticmethod
    async def derive(key: bytes, data: bytes, length: int) -> bytes:
        return primitives.hkdf_sha512(data, key, frame(Label.ROOT), length)


class ChainKdf(doubleratchet.KDF):
    @staticmethod
    async def derive(key: bytes, data: bytes, length: int) -> bytes:
        return primitives.hmac_sha256(key, b"\x02") + primitives.hmac_sha256(key, b"\x01")


class ShownKey(doubleratchet.AEAD):
    """The "ciphertext" is the message key itself, so that the test can hold it against ours."""

    @staticmethod
    async def encrypt(plaintext: bytes, key: bytes, associated_data: bytes) -> bytes:
        return key

    @staticmethod
    async def decrypt(ciphertext: bytes, key: bytes, associated_data: bytes) -> bytes:
        if ciphertext != key:
            raise doubleratchet.AuthenticationFailedException
        return key


class GivenSecrets(doubleratchet.DiffieHellmanRatchet):
    next_secret = b""

    @staticmethod
    def _generate_priv() -> bytes:
        return GivenSecrets.next_secret

    @staticmethod
    def _derive_pub(priv: bytes) -> bytes:
        return primitives.dh_public(priv)

    @staticmethod
    def _perform_diffie_hellman(own_priv: bytes, other_pub: bytes) -> bytes:
        return primitives.dh(own_priv, other_pub)


class Oracle(doubleratchet.DoubleRatchet):
    @staticmethod
    def _build_associated_data(associated_data: bytes, header: doubleratchet.Header) -> bytes:
        return b""


SETTINGS: dict[str, Any] = {
    "diffie_hellman_ratchet_class": GivenSecrets,
    "root_chain_kdf": RootKdf,
    "message_chain_kdf": ChainKdf,
    "message_chain_constant": b"",
    "dos_protection_threshold": 1000,
    "max_num_skipped_message_keys": 1000,
    "aead": ShownKey,
}

Sent = tuple[RatchetMessage, doubleratchet.EncryptedMessage]


class Pair:
    """Two of our ratchets and two oracles, step by step with the same secrets."""

    def __init__(self) -> None:
        self.random = Randomness("oracle")
        secret = self.random(32)
        self.agreement = Agreement(Transcript(self.random(32)), self.random(32), self.random(32), self.random(32))
        self.context = Context(self.agreement.transcript, SessionId(self.random(16)))
        self.bob_secret = secret
        GivenSecrets.next_secret = self.random(32)
        begun = DoubleRatchet.begin(self.agreement, primitives.dh_public(secret), lambda _: GivenSecrets.next_secret)
        self.ours = [begun, DoubleRatchet.answer(self.agreement, secret)]
        oracle, first = finish(
            Oracle.encrypt_initial_message(
                **SETTINGS,
                shared_secret=self.agreement.root_key,
                recipient_ratchet_pub=primitives.dh_public(secret),
                message=b"",
                associated_data=b"",
            )
        )
        self.oracles: list[Any] = [oracle, None]
        self.sent: list[list[Sent]] = [[], []]
        self._send(0, first)

    def send(self, side: int) -> None:
        if self.oracles[side] is not None:
            self._send(side, finish(self.oracles[side].encrypt_message(b"", b"")))

    def _send(self, side: int, theirs: doubleratchet.EncryptedMessage) -> None:
        header_key = self.ours[side].sending_header_key
        self.ours[side], message = self.ours[side].encrypt(self.context, b"said", self.random)
        header = primitives.unseal(header_key or b"", frame(Label.HEADER, self.context.session), message.header)
        their = theirs.header
        numbers = their.previous_sending_chain_length.to_bytes(4, "big") + their.sending_chain_length.to_bytes(4, "big")
        assert header == their.ratchet_pub + numbers
        ad = _associated(self.context, message.header)
        assert primitives.unseal(theirs.ciphertext, ad, message.ciphertext) == b"said"
        self.sent[side].append((message, theirs))

    def deliver(self, sender: int, which: int) -> None:
        if not self.sent[sender]:
            return
        receiver = 1 - sender
        message, theirs = self.sent[sender][which % len(self.sent[sender])]
        GivenSecrets.next_secret = self.random(32)
        if (accepted := self._ours(receiver, message)) != self._theirs(receiver, theirs):
            pytest.fail(f"ours {'accepts' if accepted else 'refuses'} and the oracle does not")

    def _ours(self, receiver: int, message: RatchetMessage) -> bool:
        state = decode(encode(self.ours[receiver]), DoubleRatchet)  # a restart between any two steps
        try:
            self.ours[receiver], plaintext = state.decrypt(
                self.context, message, lambda _: GivenSecrets.next_secret, NOW
            )
        except UndecryptableError:
            assert self.ours[receiver] == state
            return False
        assert plaintext == b"said"
        return True

    def _theirs(self, receiver: int, message: doubleratchet.EncryptedMessage) -> bool:
        try:
            if self.oracles[receiver] is None:
                self.oracles[receiver], _ = finish(
                    Oracle.decrypt_initial_message(
                        **SETTINGS,
                        shared_secret=self.agreement.root_key,
                        own_ratchet_priv=self.bob_secret,
                        message=message,
                        associated_data=b"",
                    )
                )
            else:
                finish(self.oracles[receiver].decrypt_message(message, b""))
        except (doubleratchet.AuthenticationFailedException, doubleratchet.DuplicateMessageException):
            return False
        return True


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.sampled_from([0, 1]), st.just(0)),
        st.tuples(st.just("deliver"), st.sampled_from([0, 1]), st.integers(0, 40)),
    ),
    max_size=60,
)


@given(STEPS)
@settings(max_examples=60)
def test_the_ratchet_agrees_with_doubleratchet(steps: list[tuple[str, int, int]]) -> None:
    """Loss, reordering, duplicates and restarts: the same keys, the same headers, the same refusals."""
    pair = Pair()
    for kind, side, which in steps:
        if kind == "send":
            pair.send(side)
        else:
            pair.deliver(side, which)


class X3dh(x3dh.BaseState):
    @staticmethod
    def _encode_public_key(key_format: x3dh.IdentityKeyFormat, pub: bytes) -> bytes:
        return pub


@pytest.mark.parametrize("one_time", [True, False])
def test_the_handshake_without_its_kem_is_x3dh(one_time: bool) -> None:
    alice, bob = device("alice"), device("bob")
    pairs = prekeys(bob)
    verified = bundle(bob, pairs, one_time=one_time).verify(bob.certificate, NOW)
    agreement, handshake = initiate(alice, verified, Randomness("x3dh"), lambda _: (bytes(1088), b""))
    signed = SignedPreKeyPairModel(priv=pairs.signed.secret, sig=bytes(64), timestamp=0)
    state = X3dh.from_model(
        BaseStateModel(
            identity_key=IdentityKeyPairPriv(bob.keys.identity).model,
            signed_pre_key=signed,
            old_signed_pre_key=None,
            pre_keys=frozenset({pairs.one_time.secret}),
        ),
        x3dh.IdentityKeyFormat.CURVE_25519,
        x3dh.HashFunction.SHA_512,
        frame(Label.PQXDH, agreement.transcript),
    )
    header = x3dh.Header(
        identity_key=alice.certificate.core.identity,
        ephemeral_key=handshake.ephemeral,
        signed_pre_key=pairs.signed.prekey.public,
        pre_key=pairs.one_time.prekey.public if one_time else None,
    )
    secret, _, _ = finish(state.get_shared_secret_passive(header, require_pre_key=one_time))
    assert secret == agreement.root_key
