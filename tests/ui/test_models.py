"""What the models hold and announce."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QImage
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from agent_app.engine.events import (
    ConversationRow,
    ConversationsAdded,
    Delivery,
    Hit,
    PreviewsLoaded,
    SearchFound,
    Status,
    TranscriptLoaded,
)
from agent_app.ui import words
from agent_app.ui.models.conversations import ROW, ConversationModel, Narrowing, Order, Tab
from agent_app.ui.models.search import SearchModel
from agent_app.ui.models.transcript import SLACK, WINDOW, TranscriptModel
from tests.ui.samples import MINUTE, NOON, conversation, conversation_id, hit, message, messages


@pytest.fixture
def transcript() -> TranscriptModel:
    made = TranscriptModel()
    made.open(conversation_id())
    return made


def newest(first: int, last: int, at_start: bool = False) -> TranscriptLoaded:
    return TranscriptLoaded(conversation_id(), messages(first, last), at_start, at_end=True)


def page(first: int, last: int, at_start: bool = False, at_end: bool = False) -> TranscriptLoaded:
    return TranscriptLoaded(conversation_id(), messages(first, last), at_start, at_end)


def positions(model: TranscriptModel) -> list[int]:
    return [model.row(place).position for place in range(model.rowCount())]


def rows_of(model: ConversationModel) -> list[ConversationRow]:
    return [model.index(place, 0).data(ROW) for place in range(model.rowCount())]


def titles(model: ConversationModel) -> list[str]:
    return [model.index(place, 0).data() for place in range(model.rowCount())]


@pytest.mark.parametrize("time", [0, 2**53 - 1])
def test_a_time_that_no_calendar_has_is_shown_all_the_same(time: int) -> None:
    """A patient's program may write any time: it must not take the list and the transcript away."""
    today = date(2026, 3, 1)
    assert words.short_time(time, today)
    assert words.day_name(words.local_date(time), today)
    assert words.full_time(time)


class TestConversations:
    def test_keeps_the_rules_of_a_model(self, qtmodeltester: ModelTester) -> None:
        model = ConversationModel()
        qtmodeltester.check(model)
        model.load((conversation(1), conversation(2)))
        model.change(conversation(3, title="James O’Connor"))
        model.change(conversation(1, title="Changed"))
        qtmodeltester.check(model)
        model.change(conversation(2, status=Status.CLOSED))
        model.sort_by(Order.LONGEST_WAITING)
        model.change(replace(conversation(3), waiting_since=1))
        qtmodeltester.check(model)

    def test_shows_the_newest_first_and_moves_a_row_that_becomes_it(self) -> None:
        model = ConversationModel()
        model.load((conversation(1, title="First"), conversation(2, title="Second")))
        assert titles(model) == ["Second", "First"]
        changed = conversation(9, title="First")
        model.change(replace(changed, conversation=conversation_id(1)))
        assert titles(model) == ["First", "Second"]
        assert model.rowCount() == 2

    @pytest.mark.parametrize(
        ("tab", "expected"),
        [
            (Tab.TEAM, {"Waits", "Mine", "Other"}),
            (Tab.WAITING, {"Waits"}),
            (Tab.MINE, {"Mine"}),
            (Tab.CLOSED, {"Closed", "Ended"}),
        ],
    )
    def test_a_tab_shows_its_own(self, tab: Tab, expected: set[str]) -> None:
        model = ConversationModel()
        model.load(
            (
                conversation(1, title="Waits"),
                conversation(2, title="Mine", status=Status.HELD, mine=True),
                conversation(3, title="Other", status=Status.HELD, holder="Ben"),
                conversation(4, title="Closed", status=Status.CLOSED),
                conversation(5, title="Ended", status=Status.ENDED, mine=True),
            )
        )
        model.choose(tab)
        assert set(titles(model)) == expected
        assert model.count(tab) == len(expected)

    def test_conversations_that_were_left_out_may_follow_later(self, qtbot: QtBot) -> None:
        model = ConversationModel()
        model.load((conversation(1, title="One"), conversation(2, title="Two", status=Status.CLOSED)))
        with qtbot.waitSignal(model.counts_changed):
            model.receive(
                ConversationsAdded(
                    (conversation(3, title="Three"), conversation(4, title="Four", status=Status.CLOSED))
                )
            )
        assert set(titles(model)) == {"One", "Three"}
        assert (model.count(Tab.TEAM), model.count(Tab.CLOSED)) == (2, 2)

    def test_previews_may_follow_later(self, qtbot: QtBot) -> None:
        model = ConversationModel()
        model.load((conversation(1, preview=""), conversation(2, preview="")))
        with qtbot.waitSignal(model.dataChanged):
            model.receive(PreviewsLoaded(((conversation_id(1), "See you"), (conversation_id(9), "Nobody"))))
        assert [row.preview for row in rows_of(model)] == ["", "See you"]

    def test_an_override_of_direction_does_not_reach_the_list(self) -> None:
        model = ConversationModel()
        model.load((conversation(title="a\u202egpj.exe\nb"),))
        assert model.index(0).data() == "a gpj.exe b"
        assert "\u202e" not in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)

    def test_a_screen_reader_hears_what_the_row_shows(self) -> None:
        model = ConversationModel()
        model.load((conversation(unread=2, level=1),))
        said = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
        assert said.startswith("Maria Lopez, Link only, Waiting, 2 unread, Thank you!, ")
        waiting = replace(
            conversation(warning="A gap", status=Status.HELD, holder="Ben"),
            waiting_since=words.now() - 125 * MINUTE,
            reason="Knee",
            tags=("español",),
        )
        model.load((waiting,))
        said = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
        assert said.startswith(
            "Maria Lopez, Checked, Needs attention, With Ben, waits 2 h, Knee, español, Thank you!, "
        )
        assert said.endswith(words.short_time(waiting.time, words.local_date(words.now())))

    @pytest.mark.parametrize(
        ("narrowing", "expected"),
        [
            (Narrowing(unread=True), {"Unread"}),
            (Narrowing(unchecked=True), {"Unread", "Link"}),
            (Narrowing(attention=True), {"Gap"}),
            (Narrowing(tag="billing"), {"Tagged"}),
            (Narrowing(unread=True, tag="billing"), set()),
        ],
    )
    def test_is_narrowed_to_what_somebody_chose(self, narrowing: Narrowing, expected: set[str]) -> None:
        model = ConversationModel()
        model.load(
            (
                conversation(1, title="Unread", unread=1, level=0),
                conversation(2, title="Link", level=2),
                conversation(3, title="Gap", warning="Messages are missing"),
                replace(conversation(4, title="Tagged"), tags=("billing", "new")),
            )
        )
        model.narrow(narrowing)
        assert set(titles(model)) == expected
        assert model.tags() == ["billing", "new"]
        model.narrow(Narrowing())
        assert model.rowCount() == 4

    def test_can_show_first_who_waits_longest(self) -> None:
        model = ConversationModel()
        model.sort_by(Order.LONGEST_WAITING)
        since = {1: 30, 2: 0, 3: 10}
        model.load(replace(conversation(n, title=str(n)), waiting_since=since[n]) for n in since)
        assert titles(model) == ["3", "1", "2"]
        model.change(replace(conversation(2, title="2"), waiting_since=20))
        assert titles(model) == ["3", "2", "1"]

    @given(
        first=st.lists(st.tuples(st.integers(0, 7), st.sampled_from(Status), st.integers(0, 3)), max_size=8),
        then=st.lists(st.tuples(st.integers(0, 7), st.sampled_from(Status), st.integers(0, 3)), max_size=12),
        tab=st.sampled_from(Tab),
        order=st.sampled_from(Order),
    )
    def test_one_by_one_or_at_once_is_the_same_list(
        self, first: list[tuple[int, Status, int]], then: list[tuple[int, Status, int]], tab: Tab, order: Order
    ) -> None:
        def row(number: int, status: Status, time: int) -> ConversationRow:
            return replace(conversation(number, status=status, mine=time > 1), time=time, waiting_since=(time + 1) % 3)

        model, at_once = ConversationModel(), ConversationModel()
        model.load(row(*each) for each in first)
        model.choose(tab)
        model.sort_by(order)
        for each in then:
            model.change(row(*each))
        at_once.load(row(*each) for each in (*first, *then))
        at_once.choose(tab)
        at_once.sort_by(order)
        assert rows_of(model) == rows_of(at_once)
        assert [model.count(each) for each in Tab] == [at_once.count(each) for each in Tab]

    def test_a_row_that_is_not_there_has_no_data(self) -> None:
        model = ConversationModel()
        model.load((conversation(),))
        assert model.data(model.index(0), ROW) == conversation()
        assert model.data(model.index(1), ROW) is None


class TestTranscript:
    def test_keeps_the_rules_of_a_model(self, transcript: TranscriptModel, qtmodeltester: ModelTester) -> None:
        qtmodeltester.check(transcript)
        transcript.load(newest(500, 599))
        transcript.want_page(older=True)
        transcript.load(page(400, 499))
        transcript.add(message(600))
        transcript.change(message(600, "changed", mine=True, delivery=Delivery.READ))
        qtmodeltester.check(transcript)

    def test_begins_what_was_not_read_with_a_line_that_a_screen_reader_says(self, transcript: TranscriptModel) -> None:
        transcript.load(replace(page(1, 20, at_end=True), target=15, unread_from=15))
        assert [place for place in range(20) if transcript.placement(place).starts_new] == [14]
        assert transcript.placement(14).starts_group
        said = transcript.index(14).data(Qt.ItemDataRole.AccessibleTextRole)
        assert said.startswith("New from here. ")
        transcript.load(replace(newest(30, 60), unread_from=0))
        assert transcript.placement(0).starts_new, "what came before them is not here"

    def test_takes_the_page_around_what_was_sought_and_no_other(self, transcript: TranscriptModel) -> None:
        transcript.load(newest(500, 599))
        assert transcript.seek(520)
        assert not transcript.seek(200)
        transcript.load(replace(page(250, 349), target=300))
        assert positions(transcript)[0] == 500
        transcript.load(replace(page(150, 249), target=200))
        assert positions(transcript) == list(range(150, 250))
        assert transcript.target == 200
        assert not transcript.at_end
        assert not transcript.add(message(600)), "beyond what is here"

    def test_asks_once_for_what_lies_beyond_an_edge(self, transcript: TranscriptModel, qtbot: QtBot) -> None:
        asked: list[tuple[int, bool]] = []
        transcript.page_wanted.connect(lambda anchor, older: asked.append((anchor, older)))
        transcript.load(newest(500, 599))
        transcript.want_page(older=True)
        transcript.want_page(older=True)
        transcript.want_page(older=False)
        assert asked == [(500, True)]
        transcript.load(page(400, 499))
        transcript.want_page(older=True)
        assert asked == [(500, True), (400, True)]

    def test_slides_over_ten_thousand_rows_without_growing_or_losing_one(self, transcript: TranscriptModel) -> None:
        transcript.load(newest(9_901, 10_000))
        seen = set(positions(transcript))
        while not transcript.at_start:
            transcript.want_page(older=True)
            first = positions(transcript)[0]
            transcript.load(page(first - 100, first - 1, at_start=first - 100 == 1))
            held = positions(transcript)
            assert held == list(range(held[0], held[-1] + 1))
            assert len(held) <= WINDOW + SLACK
            seen.update(held)
        assert seen == set(range(1, 10_001))
        assert not transcript.at_end
        while not transcript.at_end:
            transcript.want_page(older=False)
            last = positions(transcript)[-1]
            transcript.load(page(last + 1, last + 100, at_end=last + 100 == 10_000))
            held = positions(transcript)
            assert held == list(range(held[0], held[-1] + 1))
        assert positions(transcript)[-1] == 10_000

    def test_a_page_from_before_the_window_moved_leaves_no_hole(self, transcript: TranscriptModel) -> None:
        transcript.load(newest(500, 599))
        transcript.want_page(older=True)
        transcript.open(conversation_id())
        transcript.load(page(400, 499))
        assert positions(transcript) == []
        transcript.load(newest(900, 999))
        assert positions(transcript) == list(range(900, 1000))

    def test_a_page_of_another_conversation_is_not_taken(self, transcript: TranscriptModel) -> None:
        other = TranscriptLoaded(conversation_id(7), (message(1, number=7),), True, True)
        transcript.load(other)
        assert transcript.rowCount() == 0
        assert not transcript.add(message(1, number=7))

    def test_an_empty_older_page_says_that_this_is_the_start(self, transcript: TranscriptModel) -> None:
        transcript.load(newest(500, 599))
        transcript.want_page(older=True)
        transcript.load(TranscriptLoaded(conversation_id(), (), at_start=True, at_end=False))
        assert transcript.at_start
        assert transcript.rowCount() == 100

    def test_a_late_row_stands_where_its_position_says(self, transcript: TranscriptModel) -> None:
        transcript.load(TranscriptLoaded(conversation_id(), (message(10), message(30)), True, True))
        assert transcript.add(message(20))
        assert positions(transcript) == [10, 20, 30]

    def test_a_row_that_comes_twice_is_one_row(self, transcript: TranscriptModel) -> None:
        transcript.load(newest(1, 5, at_start=True))
        transcript.add(message(5, "again"))
        assert positions(transcript) == [1, 2, 3, 4, 5]
        assert transcript.row(4).text == "again"

    def test_new_rows_do_not_enter_while_the_end_is_far(self, transcript: TranscriptModel) -> None:
        transcript.load(newest(1_000, 1_099))
        while transcript.at_end:
            transcript.want_page(older=True)
            first = positions(transcript)[0]
            transcript.load(page(first - 100, first - 1))
        assert not transcript.add(message(1_100))
        assert 1_100 not in positions(transcript)

    def test_a_busy_conversation_drops_its_oldest_rows(self, transcript: TranscriptModel) -> None:
        transcript.load(newest(1, 100, at_start=True))
        for position in range(101, 701):
            assert transcript.add(message(position))
        held = positions(transcript)
        assert held == list(range(held[0], 701))
        assert len(held) <= WINDOW + SLACK
        assert not transcript.at_start

    def test_a_change_keeps_a_row_where_it_is(self, transcript: TranscriptModel, qtbot: QtBot) -> None:
        transcript.load(newest(1, 10, at_start=True))
        with qtbot.waitSignal(transcript.dataChanged) as change:
            transcript.change(message(3, mine=True, delivery=Delivery.READ))
        assert change.args[0].row() == 2
        transcript.change(message(99))
        assert transcript.rowCount() == 10

    def test_groups_by_author_and_by_day(self, transcript: TranscriptModel) -> None:
        day = 24 * 60 * MINUTE
        rows = (
            message(1, time=NOON),
            message(2, time=NOON + MINUTE),
            message(3, time=NOON + 2 * MINUTE, author="Ana Ruiz", mine=True),
            message(4, time=NOON + 3 * MINUTE, kind="note", author="Ana Ruiz", mine=True),
            message(5, time=NOON + day),
            message(6, time=NOON + day + 60 * MINUTE),
        )
        transcript.load(TranscriptLoaded(conversation_id(), rows, True, True))
        made = [transcript.placement(place) for place in range(6)]
        assert [placement.starts_day for placement in made] == [True, False, False, False, True, False]
        assert [placement.starts_group for placement in made] == [True, False, True, True, True, True]
        assert [placement.ends_group for placement in made] == [False, True, True, True, True, True]

    def test_neighbours_are_told_when_their_group_changes(self, transcript: TranscriptModel, qtbot: QtBot) -> None:
        transcript.load(TranscriptLoaded(conversation_id(), (message(1, time=NOON),), True, True))
        assert transcript.placement(0).ends_group
        changed: list[int] = []
        transcript.dataChanged.connect(lambda first, last: changed.append(first.row()))
        transcript.add(message(2, time=NOON + MINUTE))
        assert changed == [0]
        assert not transcript.placement(0).ends_group

    def test_progress_ends_when_the_whole_has_come(self, transcript: TranscriptModel) -> None:
        row = message(1)
        transcript.load(TranscriptLoaded(conversation_id(), (row,), True, True))
        transcript.set_progress(row.message, 25, 100)
        assert transcript.progress(row.message) == 0.25
        transcript.set_progress(row.message, 100, 100)
        assert transcript.progress(row.message) is None

    def test_opening_another_conversation_keeps_nothing(self, transcript: TranscriptModel) -> None:
        transcript.load(newest(1, 3, at_start=True))
        transcript.set_picture(message(1).message, QImage(QSize(4, 4), QImage.Format.Format_RGB32))
        transcript.open(conversation_id(2))
        assert transcript.rowCount() == 0
        assert transcript.picture(message(1).message) is None
        assert transcript.find(message(1).message) is None


class TestSearch:
    def hits(self, first: int, last: int) -> tuple[Hit, ...]:
        return tuple(hit("Fever", (0, 5), position=at) for at in range(last, first - 1, -1))

    def test_keeps_the_rules_of_a_model_and_asks_for_more_at_its_end(self, qtmodeltester: ModelTester) -> None:
        conversations = ConversationModel()
        conversations.load((conversation(1),))
        model = SearchModel(conversations)
        asked: list[tuple[str, int, int]] = []
        model.asked.connect(lambda text, number, before: asked.append((text, number, before)))
        model.ask("fev")
        found = SearchFound(1, (conversation_id(1),), self.hits(51, 90), 0, more=True, reached=51)
        model.receive(found)
        qtmodeltester.check(model, force_py=True)
        assert asked == [("fev", 1, 0), ("fev", 1, 51)]
        assert not model.canFetchMore(QModelIndex())
        model.receive(SearchFound(1, (), self.hits(1, 50), 51, more=False))
        assert model.rowCount() == 3 + 90
        assert not model.canFetchMore(QModelIndex())
        assert not model.flags(model.index(0)) & Qt.ItemFlag.ItemIsEnabled
        model.ask("")
        model.receive(found)
        assert model.rowCount() == 0

    def test_marks_stay_on_their_words_whatever_a_message_contains(self) -> None:
        said, shift = words.hit_line(hit("\u202e\n👋 fever", (4, 9)))
        assert said == "Patient:   👋 fever"
        assert said[4 + shift : 9 + shift] == "fever"
