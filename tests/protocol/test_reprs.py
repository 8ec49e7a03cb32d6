"""What stands in a trace or a log line must open nothing."""

import pytest

from agent_app.protocol.encoding import Record
from agent_app.protocol.events import File, Identifier, Invite
from agent_app.protocol.invitation import InvitationProof
from agent_app.protocol.keys import BlobId, InvitationId
from agent_app.relay.wire import Token

_BORN = (Identifier("birth-date", "1980-02-29"),)


@pytest.mark.parametrize(
    "record",
    [
        File("n", "text/plain", 1, b"h" * 32, b"SECRET--" * 4, BlobId(b"b" * 32), b"SECRET--" * 2, b"SECRET--" * 2, ""),
        Invite(b"", b"s" * 64, b"SECRET--" * 2, "SECRET", _BORN, "SECRET", "SECRET"),
        InvitationProof(InvitationId(b"i" * 16), b"SECRET--" * 4, "SECRET", _BORN),
        Token("SECRET", 1),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_secret_does_not_stand_in_a_repr(record: Record) -> None:
    assert "SECRET" not in repr(record)
    assert "1980" not in repr(record)
