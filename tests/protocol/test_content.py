"""Positions in a stream, and what a signature is worth."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_app.protocol import content
from agent_app.protocol.content import LogHead, Message, Position
from agent_app.protocol.encoding import MAX_UINT
from agent_app.protocol.errors import ExhaustedStreamError, ForgedError
from agent_app.protocol.events import Text
from agent_app.protocol.keys import LocalDevice, MessageId, StreamId
from tests.vectors.material import NOW, device

ALICE, BOB, CAROL = device("alice"), device("bob"), device("carol")


def write(position: Position, author: LocalDevice, number: int = 0) -> tuple[Position, Message]:
    place = (StreamId(bytes(32)), MessageId(number.to_bytes(16, "big")), author.device, [], NOW, LogHead(1, bytes(32)))
    message = content.sign(author, position.next_content(*place, Text(str(number))))
    return position.sent(message), message


def test_a_message_continues_the_one_before() -> None:
    position, first = write(Position(), ALICE)
    _, second = write(position, ALICE, 1)
    assert (first.content.sequence, first.content.previous, first.content.clock) == (1, b"", 1)
    assert (second.content.sequence, second.content.previous, second.content.clock) == (2, first.hash, 2)


def test_heads_list_what_was_seen_and_not_yet_listed() -> None:
    bob, bobs = write(Position(), BOB)
    _, bobs_second = write(bob, BOB, 1)
    _, carols = write(Position(), CAROL)
    position, first = write(Position().seen(bobs).seen(carols).seen(bobs_second).seen(bobs), ALICE)
    assert [(head.device, head.sequence) for head in first.content.heads] == [(CAROL.device, 1), (BOB.device, 2)]
    assert first.content.heads[1].message_hash == bobs_second.hash
    assert first.content.clock == 3
    _, second = write(position, ALICE, 1)
    assert second.content.heads == ()
    assert second.content.clock == 4


def test_what_is_seen_again_keeps_its_place() -> None:
    (_, bobs), (_, carols) = write(Position(), BOB), write(Position(), CAROL)
    seen = Position().seen(bobs).seen(carols)
    assert seen.seen(bobs) == seen


@given(st.lists(st.integers(1, 100), max_size=20))
def test_the_clock_is_above_everything_seen(clocks: list[int]) -> None:
    position = Position()
    for number, clock in enumerate(clocks):
        _, message = write(Position(clock=clock - 1), BOB, number)
        position = position.seen(message)
    _, own = write(position, ALICE)
    assert own.content.clock == 1 + max(clocks, default=0)


def test_nobody_signs_for_another() -> None:
    _, message = write(Position(), ALICE)
    with pytest.raises(ForgedError):
        content.sign(BOB, message.content)


def test_the_hash_covers_the_signature() -> None:
    _, message = write(Position(), ALICE)
    other = msgspec.structs.replace(message.signed, signature=bytes(64))
    assert content.message_hash(other) != message.hash


def test_where_somebody_counted_to_the_end_nothing_more_is_signed() -> None:
    _, last = write(Position(clock=MAX_UINT - 1), BOB)
    with pytest.raises(ExhaustedStreamError, match="impossible to continue"):
        write(Position().seen(last), ALICE)
