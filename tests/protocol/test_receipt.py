"""Which reason a rejection gives, and how chains of two pairs stay apart."""

import pytest

from agent_app.protocol import errors
from agent_app.protocol.errors import InvalidReceiptError, ProtocolError
from agent_app.protocol.keys import DeliveryHash
from agent_app.protocol.receipt import ReceiptChain, reason_for, receipt_hash
from tests.vectors.material import NOW, device

SENDER, OTHER, RECIPIENT = device("alice"), device("carol"), device("bob")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (errors.UnknownSessionError(), "no-session"),
        (errors.ExpiredPrekeyError(), "no-session"),
        (errors.UndecryptableError(), "undecryptable"),
        (errors.ForgedError(), "undecryptable"),
        (errors.InvalidHandshakeError(), "undecryptable"),
        (errors.ReplayedHandshakeError(), "replayed"),
        (errors.NotPermittedError(), "not-permitted"),
        (errors.MalformedError(), "malformed"),
        (errors.NotCanonicalError(), "malformed"),
        (errors.LimitError("slot", 1, 2), "malformed"),
        (errors.UnknownSuiteError(), "malformed"),
    ],
)
def test_reasons(error: ProtocolError, reason: str) -> None:
    assert reason_for(error) == reason


def test_each_pair_has_its_own_chain() -> None:
    delivery = DeliveryHash(bytes(32))
    chain, first = ReceiptChain().issue(RECIPIENT.keys.mailbox, SENDER.mailbox, delivery, NOW)
    _, second = chain.issue(RECIPIENT.keys.mailbox, SENDER.mailbox, delivery, NOW, "malformed")
    followed, payload = ReceiptChain().follow(first, RECIPIENT.mailbox, SENDER.mailbox)
    assert (payload.status, payload.reason, followed) == ("delivered", "", chain)
    _, payload = followed.follow(second, RECIPIENT.mailbox, SENDER.mailbox)
    assert (payload.status, payload.reason, payload.previous) == ("rejected", "malformed", receipt_hash(first))
    with pytest.raises(InvalidReceiptError, match="another pair"):
        ReceiptChain().follow(first, RECIPIENT.mailbox, OTHER.mailbox)
