"""The search index: what is found, and that a word which was deleted is nowhere in the file."""

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_app.protocol.content import Content, LogHead
from agent_app.protocol.encoding import encode
from agent_app.protocol.events import Event, File, Note, Text
from agent_app.protocol.keys import BlobId
from agent_app.store.events import NewEvent, Prominence, Standing
from agent_app.store.folding import words
from agent_app.store.rooms import Store
from tests.engine.killing import Steps, chosen_at_random, in_a_process
from tests.store import samples
from tests.store.samples import conversation_in, device, event, of

EVERYTHING = 2**62


def told(sequence: int, said: Event, **changes: object) -> NewEvent:
    """A stored event that says `said`."""
    plain = event(sequence, **changes)  # type: ignore[arg-type]
    inside = Content(
        "SD1", plain.stream, plain.message, plain.author, (device(2),), 1, b"", (), 1, 1, LogHead(1, bytes(32)), said
    )
    kind = str(said.__struct_config__.tag)
    return NewEvent(
        **{name: getattr(plain, name) for name in NewEvent.__slots__} | {"kind": kind, "content": encode(inside)}
    )


def add(store: Store, *events: NewEvent) -> list[int]:
    with store.transaction():
        return [store.events.add(one) for one in events]


def found(store: Store, query: str, before: int = EVERYTHING, limit: int = 10) -> list[int]:
    return store.search.find(words(query), before, limit)


def test_finds_by_the_beginnings_of_words_in_any_order_newest_first(store: Store) -> None:
    conversation_in(store)
    first, second, third = add(
        store,
        told(1, Text("El señor Núñez tiene fiebre")),
        told(2, Note("Fiebre since Monday, ask Nuñez")),
        told(
            3,
            File("nunez-scan.pdf", "application/pdf", 1, of("h"), of("k"), BlobId(of("b")), bytes(16), bytes(16), "x"),
        ),
    )
    assert found(store, "nun") == [third, second, first]
    assert found(store, "FIEB nuñe") == [second, first]
    assert found(store, "scan pdf") == [third]
    assert found(store, "ebre") == []
    assert found(store, "") == []
    assert found(store, "nun", before=third, limit=1) == [second]


@pytest.mark.parametrize("standing", [Standing.VOID, Standing.QUARANTINED])
def test_what_does_not_count_is_not_found_until_it_counts(store: Store, standing: Standing) -> None:
    conversation_in(store)
    one = told(1, Text("swollen ankle"), standing=standing)
    (position,) = add(store, one)
    assert found(store, "ankle") == []
    with store.transaction():
        store.events.set_standing(one.hash, Standing.ADMITTED)
    assert found(store, "ankle") == [position]


def test_what_belongs_to_no_conversation_or_is_not_shown_is_not_found(store: Store) -> None:
    conversation_in(store)
    add(
        store,
        told(1, Text("swollen ankle"), place=None, stream=of("direct")),
        told(2, Text("swollen ankle"), prominence=Prominence.HIDDEN),
    )
    assert found(store, "ankle") == []


@given(query=st.text())
def test_no_query_is_an_error(query: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    store = hostile_store(tmp_path_factory)
    assert isinstance(store.search.find(words(query), EVERYTHING, 5), list)


_hostile: list[Store] = []


def hostile_store(folders: pytest.TempPathFactory) -> Store:
    """One for all examples: making a store takes longer than asking it."""
    if not _hostile:
        store = Store.create(folders.mktemp("hostile"), samples.DATABASE_KEY, samples.EPOCH_KEY)
        conversation_in(store)
        add(store, told(1, Text('plain "quoted" words NEAR (AND) OR * ^ : -')))
        _hostile.append(store)
    return _hostile[0]


def test_each_word_of_a_message_finds_it(store: Store) -> None:
    conversation_in(store)
    text = 'plain "quoted" words NEAR (AND) OR * ^ : - 日本語 Привет'
    (position,) = add(store, told(1, Text(text)))
    for word in words(text):
        assert found(store, word) == [position]
    assert found(store, "AND OR NEAR") == [position]


# Deletion


def decrypted(folder: Path) -> bytes:
    """Every page of the file, free ones too, as the key shows them. The write-ahead log is empty."""
    assert (folder / "store.db-wal").stat().st_size == 0
    with apsw.Connection(
        f"file:{folder / 'store.db'}?immutable=1", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    ) as file:
        file.execute("PRAGMA cipher = 'chacha20'")
        file.execute(f"PRAGMA key = 'raw:{samples.DATABASE_KEY.hex()}'")
        assert file.execute("SELECT count(*) FROM events").get > 0
        return bytes(file.serialize("main"))


def fill(store: Store, count: int) -> None:
    """Many messages with many words, so that the index has many pages."""
    for first in range(10, count + 10, 100):
        add(store, *(told(n, Text(f"common w{n:05}x zebra{n:05}end")) for n in range(first, first + 100)))


_BEGINNING = (b"3xyl", b"\x01\x03xyl")
"""A beginning of three letters as FTS5 writes it, whole or after one byte that it shares with the one before. The bare
letters would also be found among so many sealed bytes, now and then."""


@pytest.mark.parametrize("surroundings", [0, 3_000])
def test_after_a_retraction_no_trace_of_its_words_is_in_the_file(
    store: Store, tmp_path: Path, surroundings: int
) -> None:
    conversation_in(store)
    fill(store, surroundings)
    private = [told(n, Text(f"zebra0150{n}quetzalcoatl Xylophonia")) for n in range(5)[1:]]
    add(store, *private)
    if surroundings:  # in one part of the index, whose pages begin with words of every kind
        with store.transaction():
            store.database.write("INSERT INTO search (search) VALUES ('optimize')")
    store.database.shed()
    before = decrypted(tmp_path)  # the test can see it
    assert b"quetzalcoatl" in before
    assert any(trace in before for trace in _BEGINNING)
    with store.transaction():
        for one in private:
            assert store.events.retract(one.hash, one.message, one.stream, 9)
    assert found(store, "xylo") == []
    store.shed()
    left = decrypted(tmp_path)
    for trace in (b"quetzal", b"zebra01501q", b"zebra01502q", b"ylophon", *_BEGINNING):
        assert trace not in left
    assert len(found(store, "common", limit=EVERYTHING)) == surroundings


def test_a_deletion_that_a_crash_cut_short_is_settled_later(store: Store) -> None:
    conversation_in(store)
    one = told(1, Text("quetzalcoatl"))
    add(store, one)
    assert store.search.is_settled
    with store.transaction():
        store.events.retract(one.hash, one.message, one.stream, 9)
    assert not store.search.is_settled
    store.shed()
    assert store.search.is_settled


def test_killed_between_any_statements_of_it_the_rewriting_goes_on_where_it_was(store: Store, tmp_path: Path) -> None:
    chance = chosen_at_random()
    private = [told(n, Text(f"zebra0150{n}quetzalcoatl Xylophonia")) for n in range(5)[1:]]
    conversation_in(store)
    fill(store, 3_000)
    add(store, *private)
    with store.transaction():
        store.database.write("INSERT INTO search (search) VALUES ('optimize')")
    with store.transaction():
        store.events.retract(private[0].hash, private[0].message, private[0].stream, 9)
    store.close()

    def opened() -> Store:
        return Store.open(tmp_path, samples.DATABASE_KEY, samples.EPOCH_KEY)

    async def rewrite(steps: Steps) -> bytes:
        store = opened()
        steps.armed = True
        store.shed()
        return b""

    for allowed in chance.sample(range(9), 3):
        assert in_a_process(rewrite, allowed) is None
    store = opened()
    assert not store.search.is_settled
    store.shed_slice()  # the round is under way when the others are removed
    with store.transaction():
        for one in private[1:]:
            store.events.retract(one.hash, one.message, one.stream, 9)
    for sequence in range(4_000, 4_010):  # and somebody writes between the slices
        store.shed_slice()
        add(store, told(sequence, Text("common")))
    store.shed()
    left = decrypted(tmp_path)
    for trace in (b"quetzal", b"zebra01501q", b"ylophon", *_BEGINNING):
        assert trace not in left
    assert len(found(store, "common", limit=EVERYTHING)) == 3_010
    store.close()


@given(st.lists(st.sampled_from(["add", "remove", "slice"]), max_size=30), st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_whatever_happens_between_the_slices_all_that_stays_is_found_and_the_index_is_whole(
    steps: list[str], chance: Random
) -> None:
    with TemporaryDirectory() as folder:
        store = Store.create(Path(folder), samples.DATABASE_KEY, samples.EPOCH_KEY)
        try:
            conversation_in(store)
            kept = [told(n, Text(" ".join(f"w{n:03}x{m:03}" for m in range(40)))) for n in range(10, 60)]
            add(store, *kept)
            added = 100
            for step in ["remove", *steps]:
                if step == "add":
                    added += 1
                    kept.append(told(added, Text(f"w{added:03}x later")))
                    add(store, kept[-1])
                elif step == "slice":
                    store.shed_slice()
                elif len(kept) > 1:
                    gone = kept.pop(chance.randrange(len(kept)))
                    with store.transaction():
                        store.events.retract(gone.hash, gone.message, gone.stream, 9)
            store.shed()
            assert len(found(store, "w", limit=EVERYTHING)) == len(kept)
            with store.transaction():
                store.database.write("INSERT INTO search (search, rank) VALUES ('integrity-check', 0)")
        finally:
            store.close()


def test_a_retraction_that_came_first_leaves_nothing_to_find(store: Store) -> None:
    conversation_in(store)
    one = told(1, Text("quetzalcoatl"))
    with store.transaction():
        store.events.retract(one.hash, one.message, one.stream, 9)
    add(store, one)
    assert found(store, "quetz") == []


def test_a_retraction_that_is_taken_back_leaves_the_words(store: Store) -> None:
    conversation_in(store)
    one = told(1, Text("quetzalcoatl"))
    (position,) = add(store, one)

    def half() -> None:
        with store.transaction():
            store.events.retract(one.hash, one.message, one.stream, 9)
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert found(store, "quetz") == [position]


# Upgrades


def test_an_older_store_is_taken_in_by_steps_from_the_newest_on(store: Store) -> None:
    conversation_in(store)
    positions = add(store, *(told(n, Text(f"swollen ankle {n}")) for n in range(1, 8)))
    forget_index(store)
    assert found(store, "ankle") == []
    for steps in (1, 2, 3):
        batch = store.events.unindexed(3)
        with store.transaction():
            for one in batch:
                assert one.content is not None
                store.search.take_in(one.position, one.kind, one.content)
            store.search.begin_at(batch[0].position)
        assert found(store, "ankle", limit=99) == positions[::-1][: 3 * steps]
    assert store.events.unindexed(3) == ()


def test_what_the_index_does_not_hold_yet_can_be_deleted(store: Store) -> None:
    conversation_in(store)
    one = told(1, Text("swollen ankle"))
    add(store, one)
    forget_index(store)
    with store.transaction():
        assert store.events.retract(one.hash, one.message, one.stream, 9)
    (left,) = store.events.unindexed(9)
    assert left.content is None


def forget_index(store: Store) -> None:
    """As a store of an older schema has none."""
    with store.transaction():
        store.database.write("INSERT INTO search (search) VALUES ('delete-all')")
        store.search.begin_at(EVERYTHING)
