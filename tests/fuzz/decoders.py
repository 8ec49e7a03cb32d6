"""What is fuzzed. Runs in a process of its own, which libFuzzer ends: see __main__.py.

The first byte chooses the decoder, the rest is its input. A decoder answers with a value or a ProtocolError; what it
accepts, it writes back byte for byte. Anything else is a finding, which libFuzzer writes to a file and names.
"""

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import atheris

with atheris.instrument_imports(include=["agent_app"]):
    from agent_app.protocol import attachment, content, envelope, events, invitation, receipt
    from agent_app.protocol.encoding import decode, encode
    from agent_app.protocol.errors import ProtocolError
    from agent_app.protocol.keys import BlobId, Certificate, MailboxId, MessageId, StreamId
    from agent_app.protocol.prekeys import Bundle, Prekey
    from agent_app.protocol.session import PeerSessions
    from agent_app.protocol.slot import SlotPlaintext, read_slot
    from tests.vectors.material import CLINIC, device

PEER = device("alice").certificate
FILE = events.File("", "", 5000, bytes(32), bytes(32), BlobId(bytes(32)), bytes(16), bytes(16), "")
PLACE = (StreamId(bytes(32)), MailboxId(bytes(32)), MessageId(bytes(16)))


def record(kind: Any) -> Callable[[bytes], None]:
    """Decodes one structure; its only encoding is what was read."""

    def target(data: bytes) -> None:
        if encode(decode(data, kind)) != data:
            raise AssertionError("accepted another encoding")

    return target


def link(data: bytes) -> None:
    fragment = data.decode("latin-1")
    if invitation.Link.parse(fragment).fragment() != fragment:
        raise AssertionError("accepted another spelling of a link")


def opening(data: bytes) -> None:
    content.verify_opening(events.SignedContent(data, bytes(64)), CLINIC)


# Order matters to a kept corpus: new ones go last.
TARGETS: list[Callable[[bytes], object]] = [
    record(events.Event),
    record(content.Content),
    read_slot,
    SlotPlaintext.from_bytes,
    Certificate.parse,
    record(Prekey),
    record(Bundle),
    record(envelope.Envelope),
    record(receipt.Accepted),
    record(receipt.ReceiptPayload),
    record(invitation.InvitationProof),
    invitation.read_registration,
    lambda data: PeerSessions.from_bytes(data, PEER),
    lambda data: envelope.open_body(data, bytes(32), *PLACE),
    lambda data: list(attachment.open_chunks([data], FILE)),
    link,
    opening,
]


def one(data: bytes) -> None:
    if data:
        with suppress(ProtocolError):
            TARGETS[data[0] % len(TARGETS)](data[1:])


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
