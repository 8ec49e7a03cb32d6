"""Events, transcripts, streams, and destruction of content."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.store.errors import StoreConflict, StoreDamaged
from agent_app.store.events import Prominence, Standing
from agent_app.store.rooms import Store
from tests.store import samples
from tests.store.samples import conversation, conversation_in, device, event


def positions(store: Store, count: int, **changes: object) -> list[int]:
    with store.transaction():
        return [store.events.add(event(n, **changes)) for n in range(1, count + 1)]  # type: ignore[arg-type]


def unread(store: Store, number: int = 0) -> int:
    held = store.conversations.get(conversation(number).id)
    assert held is not None
    return held.unread


# Events


def test_an_event_comes_back_as_it_was_signed(store: Store) -> None:
    conversation_in(store)
    new = event(1, content=b"\x00signed bytes\xff")
    with store.transaction():
        position = store.events.add(new)
    held = store.events.by_hash(new.hash)
    assert held is not None
    for name in (
        "hash",
        "conversation",
        "stream",
        "message",
        "author",
        "sequence",
        "previous",
        "clock",
        "time",
        "kind",
    ):
        assert getattr(held, name) == getattr(new, name)
    assert (held.position, held.content, held.signature) == (position, new.content, new.signature)
    assert (held.standing, held.prominence) == (Standing.ADMITTED, Prominence.COUNTED)
    assert store.events.by_message(new.stream, new.message) == held
    assert store.events.by_message_id(new.message) == held


def test_the_same_event_is_stored_once(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        store.events.add(event(1))
        with pytest.raises(StoreConflict):
            store.events.add(event(1))
    assert len(store.events.held(conversation().id)) == 1


def test_an_event_of_no_conversation_stands_in_its_direct_stream(store: Store) -> None:
    stream = samples.of("direct")
    with store.transaction():
        store.events.add(event(1, place=None, stream=stream))
    (held,) = store.events.in_stream(stream)
    assert held.conversation is None
    assert store.events.by_message_id(held.message) is None


def test_an_event_of_an_unknown_conversation_is_refused(store: Store) -> None:
    with store.transaction(), pytest.raises(StoreConflict):
        store.events.add(event(1))


def test_a_position_is_never_used_again(store: Store) -> None:
    conversation_in(store)
    last = positions(store, 3)[-1]
    with store.transaction():
        store.database.write("DELETE FROM events WHERE position = ?", last)
    with store.transaction():
        assert store.events.add(event(9)) > last


def test_a_hole_in_an_authors_sequence_is_seen_and_closes(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        for sequence in (1, 5, 7):
            store.events.add(event(sequence))
    assert [held.missing for held in store.events.newest(conversation().id, 9).events] == [0, 3, 1]
    with store.transaction():
        for sequence in (6, 3, 2, 4):
            store.events.add(event(sequence))
    assert {held.missing for held in store.events.newest(conversation().id, 9).events} == {0}


def test_a_first_message_that_is_not_the_first_is_a_hole_too(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        store.events.add(event(3))
    assert store.events.newest(conversation().id, 1).events[0].missing == 2


def test_the_shown_events_of_some_kinds_come_in_order(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        for sequence, kind, prominence in (
            (3, "file", 1),
            (1, "file", 2),
            (2, "text", 2),
            (4, "file", 0),
            (5, "block", 1),
        ):
            store.events.add(replace(event(sequence, prominence=Prominence(prominence)), kind=kind))
    found = store.events.shown_of_kinds(conversation().id, ("block", "file"))
    assert [(held.sequence, held.kind) for held in found] == [(3, "file"), (1, "file"), (5, "block")]


def test_what_is_missing_is_said_at_the_next_shown_event(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        for sequence, prominence in ((1, 2), (3, 0), (4, 0), (6, 2), (7, 0), (8, 1)):
            store.events.add(event(sequence, prominence=Prominence(prominence)))
    rooms = store.events
    shown = {held.sequence: held for held in rooms.newest(conversation().id, 9).events}
    assert {number: rooms.missing_before(held) for number, held in shown.items()} == {1: 0, 6: 2, 8: 0}
    with store.transaction():
        rooms.add(event(2, prominence=Prominence.HIDDEN))
        rooms.add(event(6, twin=1))
    assert rooms.missing_before(shown[6]) == 1
    (late,) = rooms.by_sequence(shown[6].stream, shown[6].author, 2)
    assert {held.sequence for held in rooms.beside(late)} == {6}
    assert [held.sequence for held in rooms.beside(shown[6])] == [6, 8]  # its twin, and the next


def test_two_events_with_one_sequence_are_both_kept_and_marked(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        store.events.add(event(1))
        store.events.add(event(1, twin=1, standing=Standing.FORKED))
    twins = store.events.by_sequence(conversation().shared, device(1), 1)
    assert [twin.forked for twin in twins] == [True, True]
    assert {held.hash for held in store.events.held(conversation().id)} == {twin.hash for twin in twins}


def test_the_reducer_gets_all_that_is_held_in_the_order_of_the_specification(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        for sequence, author, clock in ((1, 2, 3), (1, 1, 3), (2, 1, 4), (1, 3, 1)):
            store.events.add(event(sequence, author=author, clock=clock))
        store.events.add(event(1, author=4, standing=Standing.QUARANTINED))
        store.events.add(event(1, author=5, standing=Standing.VOID))
    order = [(held.clock, held.author, held.sequence) for held in store.events.held(conversation().id)]
    assert order == sorted(order)
    assert len(order) == 6


def test_quarantine_can_be_left(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        store.events.add(event(1, standing=Standing.QUARANTINED))
    assert unread(store) == 0
    assert store.streams.state(conversation().shared, device(9)).unlisted == ()
    (held,) = store.events.quarantined()
    with store.transaction():
        store.events.set_standing(held.hash, Standing.ADMITTED)
    assert store.events.quarantined() == ()
    assert unread(store) == 1
    assert len(store.streams.state(conversation().shared, device(9)).unlisted) == 1


# Destruction


def test_a_retracted_event_keeps_its_place_and_loses_its_content(store: Store) -> None:
    conversation_in(store)
    positions(store, 2)
    with store.transaction():
        assert store.events.retract(event(1).hash, event(1).message, event(1).stream, 50)
        assert not store.events.retract(event(1).hash, event(1).message, event(1).stream, 60)
    first, second = store.events.newest(conversation().id, 9).events
    assert (first.content, first.signature, first.retracted) == (None, None, 50)
    assert second.content == b"content"
    assert unread(store) == 1


def test_a_retraction_that_comes_first_wins_too(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        assert not store.events.retract(event(1).hash, event(1).message, event(1).stream, 50)
        store.events.add(event(1))
    (held,) = store.events.newest(conversation().id, 9).events
    assert (held.content, held.retracted) == (None, 50)


def test_a_retracted_content_is_no_longer_in_the_file_whoever_has_the_database_key(store: Store) -> None:
    """Every page, free ones too, as somebody reads them who took the keyring's item and heard the passphrase."""
    conversation_in(store)
    secret = event(1, content=b"content" * 3_000)  # over several pages, which a deletion would only set free
    with store.transaction():
        store.events.add(secret)
    wrapped, sealed = store.database.rows("SELECT wrapped_key, sealed FROM events")[0]
    pieces = [wrapped, *(sealed[start : start + 64] for start in range(0, len(sealed), 5_000))]
    before = store.database._connection.serialize("main")
    assert all(piece in before for piece in pieces)
    with store.transaction():
        store.events.retract(secret.hash, secret.message, secret.stream, 50)
    after = store.database._connection.serialize("main")
    assert secret.hash in after
    assert not any(piece in after for piece in pieces)


def test_shedding_empties_the_write_ahead_log(store: Store, tmp_path: Path) -> None:
    conversation_in(store)
    assert (tmp_path / "store.db-wal").stat().st_size > 0
    store.database.shed()
    assert (tmp_path / "store.db-wal").stat().st_size == 0


def test_content_is_sealed_under_the_epoch_key_inside_the_database_too(tmp_path: Path) -> None:
    store = Store.create(tmp_path, samples.DATABASE_KEY, samples.EPOCH_KEY)
    conversation_in(store)
    positions(store, 1)
    store.close()
    other = Store.open(tmp_path, samples.DATABASE_KEY, bytes(32))
    with pytest.raises(StoreDamaged):
        other.events.by_hash(event(1).hash)
    other.close()


def test_a_content_moved_to_another_row_does_not_open(store: Store) -> None:
    conversation_in(store)
    positions(store, 2)
    with store.transaction():
        store.database.write(
            "UPDATE events SET (wrapped_key, sealed) = (SELECT wrapped_key, sealed FROM events WHERE hash = ?) "
            "WHERE hash = ?",
            event(1).hash,
            event(2).hash,
        )
    assert store.events.by_hash(event(1).hash) is not None
    with pytest.raises(StoreDamaged):
        store.events.by_hash(event(2).hash)


# Transcript


def test_the_newest_rows_come_in_order_and_say_whether_there_are_more(store: Store) -> None:
    conversation_in(store)
    all_of_them = positions(store, 10)
    window = store.events.newest(conversation().id, 4)
    assert [held.position for held in window.events] == all_of_them[-4:]
    assert (window.at_start, window.at_end) == (False, True)
    whole = store.events.newest(conversation().id, 10)
    assert (len(whole.events), whole.at_start, whole.at_end) == (10, True, True)


def test_an_empty_transcript_has_both_ends(store: Store) -> None:
    conversation_in(store)
    for window in (
        store.events.newest(conversation().id, 4),
        store.events.newer(conversation().id, 0, 4),
    ):
        assert (window.events, window.at_start, window.at_end) == ((), True, True)


@settings(max_examples=40, deadline=None)
@given(count=st.integers(0, 30), page=st.integers(1, 12), hidden=st.sets(st.integers(1, 30)))
def test_paging_either_way_shows_every_shown_event_once(
    count: int, page: int, hidden: set[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = Store.create(tmp_path_factory.mktemp("paging"), samples.DATABASE_KEY, samples.EPOCH_KEY)
    conversation_in(store)
    shown = []
    with store.transaction():
        for sequence in range(1, count + 1):
            prominence = Prominence.HIDDEN if sequence in hidden else Prominence.SHOWN
            position = store.events.add(event(sequence, prominence=prominence))
            shown += [position] if prominence else []
    back, window = [], store.events.newest(conversation().id, page)
    back[:0] = [held.position for held in window.events]
    while not window.at_start:
        window = store.events.older(conversation().id, back[0], page)
        assert not window.at_end
        back[:0] = [held.position for held in window.events]
    forth: list[int] = []
    while True:
        window = store.events.newer(conversation().id, forth[-1] if forth else 0, page)
        assert window.at_start == (not forth)
        forth += [held.position for held in window.events]
        if window.at_end:
            break
    assert back == forth == shown
    store.close()


# The list


def test_the_list_has_the_newest_conversation_first(store: Store) -> None:
    for number in (0, 1, 2):
        conversation_in(store, number)
    with store.transaction():
        for sequence, number in enumerate((1, 2, 0, 2), 1):
            store.events.add(event(sequence, place=number))
    listed = [held.id for held in store.conversations.list()]
    assert listed == [conversation(number).id for number in (2, 0, 1)]
    assert all(a.last_position > b.last_position for a, b in pairwise(store.conversations.list()))
    assert len(store.conversations.list(limit=2)) == 2


def test_hidden_events_do_not_move_a_conversation_up(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        store.events.add(event(1, prominence=Prominence.HIDDEN))
    held = store.conversations.get(conversation().id)
    assert held is not None
    assert (held.last_position, held.last_time, held.unread) == (0, 0, 0)


def test_unread_counts_what_counts_after_the_last_read(store: Store) -> None:
    conversation_in(store)
    all_of_them = positions(store, 5)
    with store.transaction():
        store.events.add(event(6, prominence=Prominence.SHOWN))
    assert unread(store) == 5
    with store.transaction():
        store.conversations.mark_read(conversation().id, all_of_them[2])
        store.conversations.mark_read(conversation().id, all_of_them[0])
    assert unread(store) == 2


def test_a_conversation_is_found_by_stream_and_patient(store: Store) -> None:
    opened = conversation_in(store)
    for stream in (opened.shared, opened.team):
        found = store.conversations.of_stream(stream)
        assert found is not None
        assert found.id == opened.id
    assert store.conversations.of_stream(samples.of("other")) is None
    assert [held.id for held in store.conversations.of_patient(opened.patient)] == [opened.id]


def test_the_reduced_state_is_kept(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        store.conversations.update(conversation().id, "held", b"summary")
    held = store.conversations.get(conversation().id)
    assert held is not None
    assert (held.status, held.summary) == ("held", b"summary")


# Streams


def test_the_next_own_message_builds_on_the_last(store: Store) -> None:
    conversation_in(store)
    shared, me = conversation().shared, device(1)
    empty = store.streams.state(shared, me)
    assert (empty.sequence, empty.previous, empty.clock, empty.unlisted) == (0, b"", 0, ())
    with store.transaction():
        store.events.add(event(1, author=1, clock=1))
        store.events.add(event(1, author=2, clock=7))
        store.events.add(event(2, author=2, clock=9))
        store.events.add(event(1, author=3, clock=2))
    state = store.streams.state(shared, me)
    assert (state.sequence, state.previous, state.clock) == (1, event(1, author=1).hash, 9)
    assert [(head.author, head.sequence) for head in state.unlisted] == [(device(2), 2), (device(3), 1)]


def test_a_head_is_listed_once(store: Store) -> None:
    conversation_in(store)
    shared, me = conversation().shared, device(1)
    with store.transaction():
        store.events.add(event(1, author=2))
        store.streams.mark_listed(shared, store.streams.state(shared, me).unlisted)
    assert store.streams.state(shared, me).unlisted == ()
    with store.transaction():
        store.events.add(event(2, author=2))
    assert [head.sequence for head in store.streams.state(shared, me).unlisted] == [2]


def test_a_late_or_forked_message_does_not_move_a_head(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        store.events.add(event(3, author=2))
        store.events.add(event(2, author=2))
        store.events.add(event(4, author=2, standing=Standing.FORKED))
        store.events.add(event(5, author=2, standing=Standing.QUARANTINED))
    (head,) = store.streams.state(conversation().shared, device(1)).unlisted
    assert (head.sequence, head.hash) == (3, event(3, author=2).hash)


def test_a_stream_knows_nothing_of_another(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        store.events.add(event(1, author=2, clock=40, stream=conversation().team))
    assert store.streams.state(conversation().shared, device(1)).clock == 0
    assert store.streams.state(conversation().team, device(1)).clock == 40


def test_a_trace_holds_no_content(store: Store) -> None:
    conversation_in(store)
    with store.transaction():
        store.events.add(event(1, content=b"very private"))
    assert "private" not in repr(event(1, content=b"very private"))
    assert "private" not in repr(store.events.newest(conversation().id, 1))


def test_who_else_than_the_patient_has_acted(store: Store) -> None:
    conversation_in(store)
    place, patient = conversation().id, device(900)
    with store.transaction():
        store.events.add(event(1, author=900))
        store.events.add(event(1, author=2, standing=Standing.VOID))
        store.events.add(event(1, author=3, standing=Standing.QUARANTINED))
    assert not store.conversations.acted(place, patient, ("text",))
    with store.transaction():
        store.events.add(event(1, author=4))
    assert store.conversations.acted(place, patient, ("claim", "text"))
    assert not store.conversations.acted(place, patient, ("claim",))
