"""The whole window: its phases, its notices, and the list of conversations."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QMenu,
    QWidget,
)
from pytestqt.qtbot import QtBot

from agent_app.engine import commands, events
from agent_app.engine.events import Notice, Phase, PhaseChanged, Severity, Status
from agent_app.ui.main_window import MainWindow
from agent_app.ui.models.conversations import ROW, Narrowing
from agent_app.ui.views.desk import DeskView
from tests.ui.conftest import PASSPHRASE, UNLOCKED, Recorder
from tests.ui.driving import LEFT, find, press, text_of, type_into
from tests.ui.samples import conversation, conversation_id, hit


class TestPhases:
    def test_a_new_profile_is_asked_to_join(self, window: MainWindow, engine: Recorder, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.NEW))
        assert text_of(window, "joinSuggested") == PASSPHRASE
        type_into(qtbot, window, "joinAddress", "sealdesk-clinic:abc")
        type_into(qtbot, window, "joinName", "Ana Ruiz")
        press(qtbot, window, "joinButton")
        assert find(window, "joinError").isVisible()
        assert engine.asked == []
        qtbot.mouseClick(find(window, "joinWritten"), LEFT)
        press(qtbot, window, "joinButton")
        assert engine.asked == [commands.Join("sealdesk-clinic:abc", "Ana Ruiz", PASSPHRASE)]
        assert not find(window, "joinButton").isEnabled()

    def test_a_passphrase_of_ones_own_is_typed_twice(self, window: MainWindow, engine: Recorder, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.NEW))
        type_into(qtbot, window, "joinAddress", "sealdesk-clinic:abc")
        type_into(qtbot, window, "joinName", "Ana")
        qtbot.mouseClick(find(window, "joinOwn"), LEFT)
        type_into(qtbot, window, "joinPassphrase", "four score and seven")
        type_into(qtbot, window, "joinRepeat", "four score and eight")
        press(qtbot, window, "joinButton")
        assert engine.asked == []
        find(window, "joinRepeat").setText("four score and seven")  # type: ignore[attr-defined]
        press(qtbot, window, "joinButton")
        assert engine.asked == [commands.Join("sealdesk-clinic:abc", "Ana", "four score and seven")]

    def test_a_refused_join_says_why_and_can_be_tried_again(self, window: MainWindow, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.NEW))
        window.receive(
            events.NoticeRaised(Notice(Severity.WARNING, "Not joined.", "No such clinic.", "Copy it again."))
        )
        assert "Copy it again." in text_of(window, "joinError")
        assert find(window, "joinButton").isEnabled()

    def test_waiting_for_approval_shows_words_and_request_and_forgets_the_passphrase(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        window.receive(PhaseChanged(Phase.NEW))
        window.receive(PhaseChanged(Phase.AWAITING_APPROVAL))
        window.receive(events.EnrolmentRequested("sealdesk-enrol:AAAA", ("one", "two", "three", "four", "five", "six")))
        window.receive(events.EnrolmentRequested("sealdesk-enrol:BBBB", ("one", "two", "three", "four", "five", "six")))
        assert find(window, "approvalScreen").isVisible()
        assert text_of(window, "enrolmentWords").split() == [
            "1",
            "one",
            "2",
            "two",
            "3",
            "three",
            "4",
            "four",
            "5",
            "five",
            "6",
            "six",
        ]
        assert text_of(window, "enrolmentRequest") == "sealdesk-enrol:BBBB"
        assert find(window, "enrolmentQr").width() > 100
        assert text_of(window, "joinSuggested") == ""

    def test_unlock_sends_the_passphrase_and_keeps_nothing_of_it(
        self, window: MainWindow, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(PhaseChanged(Phase.LOCKED, "Riverside", "Ana"))
        window.receive(events.MessagesWait("", 3))
        assert text_of(window, "unlockWaiting") == "3 messages wait, sealed, until you unlock."
        field = find(window, "unlockPassphrase")
        assert isinstance(field, QLineEdit)
        assert field.echoMode() is QLineEdit.EchoMode.Password
        type_into(qtbot, window, "unlockPassphrase", "a secret")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert engine.asked == [commands.Unlock("a secret")]
        field.undo()
        assert field.text() == ""
        assert not find(window, "unlockButton").isEnabled()

    def test_a_wrong_passphrase_says_so_and_makes_one_wait(self, window: MainWindow, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.LOCKED))
        wrong = Notice(Severity.WARNING, "That passphrase is not right.", "", "Type it again.")
        window.receive(events.UnlockFailed(wrong, 1))
        assert text_of(window, "unlockError") == "That passphrase is not right. Type it again."
        assert text_of(window, "unlockButton") == "Wait 1 s"
        assert not find(window, "unlockPassphrase").isEnabled()
        qtbot.waitUntil(lambda: find(window, "unlockButton").isEnabled())
        assert text_of(window, "unlockButton") == "Unlock"

    def test_an_unlock_that_fails_otherwise_can_be_tried_again(self, window: MainWindow, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.LOCKED))
        type_into(qtbot, window, "unlockPassphrase", "x")
        press(qtbot, window, "unlockButton")
        window.receive(events.NoticeRaised(Notice(Severity.WARNING, "The keyring is closed.", "", "Open it.")))
        assert find(window, "unlockButton").isEnabled()
        assert "Open it." in text_of(window, "unlockError")

    def test_the_waiting_count_grows_while_somebody_types(self, window: MainWindow, qtbot: QtBot) -> None:
        window.receive(PhaseChanged(Phase.LOCKED))
        window.receive(events.MessagesWait("", 1))
        type_into(qtbot, window, "unlockPassphrase", "half")
        window.receive(events.MessagesWait("", 2))
        assert text_of(window, "unlockPassphrase") == "half"
        assert text_of(window, "unlockWaiting").startswith("2 messages")

    def test_a_revoked_device_shows_nothing_else(self, window: MainWindow, desk: DeskView) -> None:
        window.receive(PhaseChanged(Phase.REVOKED))
        assert find(window, "revokedScreen").isVisible()
        assert window.desk is None


class TestNotices:
    ALARM = Notice(Severity.ALARM, "The log exists in two versions.", "Nothing is sent.", "Call.")

    def test_an_alarm_cannot_be_dismissed_and_outlives_a_lock(self, window: MainWindow, desk: DeskView) -> None:
        window.receive(events.NoticeRaised(self.ALARM))
        window.receive(events.NoticeRaised(Notice(Severity.WARNING, "A small thing.", "", "")))
        banners = window.findChildren(QWidget, "banner")
        assert [text_of(banner, "bannerHappened") for banner in banners].count(self.ALARM.happened) == 1
        alarm = next(each for each in banners if text_of(each, "bannerHappened") == self.ALARM.happened)
        assert alarm.findChild(QWidget, "bannerDismiss") is None
        window.lock()
        window.receive(PhaseChanged(Phase.LOCKED))
        window.receive(UNLOCKED)
        shown = [each for each in window.findChildren(QWidget, "banner") if each.isVisible()]
        assert [text_of(each, "bannerHappened") for each in shown] == [self.ALARM.happened]

    def test_a_warning_can_be_dismissed(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        window.receive(events.NoticeRaised(Notice(Severity.WARNING, "A small thing.", "", "")))
        press(qtbot, window, "bannerDismiss")
        assert not find(window, "notices").isVisible()

    def test_the_same_notice_twice_is_one_banner_and_many_make_room(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        def shown() -> list[QWidget]:
            return [each for each in window.findChildren(QWidget, "banner") if each.isVisible()]

        window.receive(events.NoticeRaised(self.ALARM))
        for number in range(20):
            window.receive(events.NoticeRaised(self.ALARM))
            window.receive(events.NoticeRaised(Notice(Severity.WARNING, f"Thing {number}.", "", "")))
        qtbot.waitUntil(lambda: len(shown()) == 4)
        said = [text_of(each, "bannerHappened") for each in shown()]
        assert said.count(self.ALARM.happened) == 1
        assert "Thing 19." in said

    def test_a_new_device_is_announced_and_called_by_its_name_once_that_is_known(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        window.receive(events.DeviceAdmitted("Device 64646464", "agent", b"d" * 32))
        window.receive(events.DeviceNamed("Nobody", b"e" * 32))
        assert text_of(window, "bannerHappened") == "Device 64646464 was added to the clinic as agent."
        window.receive(events.DeviceNamed("Mallory", b"d" * 32))
        assert text_of(window, "bannerHappened") == "Mallory was added to the clinic as agent."
        press(qtbot, window, "bannerDismiss")
        window.receive(events.DeviceNamed("Mallory again", b"d" * 32))
        assert not find(window, "notices").isVisible()

    def test_an_alarm_ends_when_messages_are_sent_again(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        def says(*expected: Notice) -> None:
            def said() -> set[str]:
                shown = [each for each in window.findChildren(QWidget, "banner") if each.isVisible()]
                return {text_of(each, "bannerHappened") for each in shown}

            qtbot.waitUntil(lambda: said() == {notice.happened for notice in expected})

        small = Notice(Severity.WARNING, "A small thing.", "", "")
        passing = Notice(Severity.WARNING, "The log has grown.", "Nothing is sent.", "Wait.")
        window.receive(events.NoticeRaised(small))
        window.receive(events.NoticeRaised(self.ALARM))
        window.receive(events.SendingChanged(self.ALARM))
        says(small, self.ALARM)
        window.receive(events.SendingChanged(passing))
        says(small, passing)
        window.receive(events.SendingChanged(None))
        says(small)
        # One that was raised before a lock, and cleared during it.
        window.receive(events.NoticeRaised(self.ALARM))
        window.lock()
        window.receive(PhaseChanged(Phase.LOCKED))
        window.receive(UNLOCKED)
        says(self.ALARM)
        window.receive(events.SendingChanged(None))
        says()

    def test_the_connection_is_shown_also_when_it_was_known_before(self, window: MainWindow) -> None:
        window.receive(events.ConnectionChanged(True, events.Sentence("relay.example")))
        window.receive(UNLOCKED)
        assert text_of(window, "connectionStatus") == "Online · relay.example"
        window.receive(events.ConnectionChanged(False))
        assert text_of(window, "connectionStatus").startswith("Offline")
        assert text_of(window, "statusWho") == "Ana Ruiz · Riverside Family Clinic"


class TestList:
    def test_a_click_opens_and_opens_once(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(1, title="One"), conversation(2, title="Two"))))
        view = find(window, "conversationList")
        assert isinstance(view, QAbstractItemView)
        place = view.visualRect(view.model().index(1, 0)).center()
        qtbot.mouseClick(view.viewport(), LEFT, pos=place)
        qtbot.mouseClick(view.viewport(), LEFT, pos=place)
        assert engine.asked == [commands.OpenConversation(conversation_id(1))]
        assert text_of(window, "conversationTitle") == "One"

    def test_enter_opens_and_arrows_only_move(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(1), conversation(2), conversation(3))))
        view = find(window, "conversationList")
        view.setFocus()
        qtbot.keyClick(view, Qt.Key.Key_Down)
        assert engine.asked == []
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert engine.asked == [commands.OpenConversation(conversation_id(2))]

    def test_a_conversation_that_leaves_the_tab_opens_no_other(
        self, window: MainWindow, desk: DeskView, engine: Recorder
    ) -> None:
        """Each view stands in the audit log; a neighbour that slides into place was not viewed by anybody."""
        window.receive(events.ConversationsLoaded((conversation(1), conversation(2), conversation(3))))
        desk.open(conversation_id(2))
        window.receive(events.ConversationChanged(conversation(2, status=Status.CLOSED)))
        assert engine.of(commands.OpenConversation) == [commands.OpenConversation(conversation_id(2))]
        assert desk.pane.row is not None
        assert desk.pane.row.status is Status.CLOSED

    def test_tabs_count_and_choose(self, window: MainWindow, desk: DeskView, qtbot: QtBot) -> None:
        rows = (conversation(1), conversation(2, status=Status.HELD, mine=True), conversation(3, status=Status.CLOSED))
        window.receive(events.ConversationsLoaded(rows))
        assert text_of(window, "tabTeam") == "Team 2"
        press(qtbot, window, "tabMine")
        view = find(window, "conversationList")
        assert isinstance(view, QAbstractItemView)
        assert view.model().rowCount() == 1
        qtbot.keyClick(find(window, "tabMine"), Qt.Key.Key_Left)
        assert find(window, "tabWaiting").hasFocus()
        assert view.model().index(0, 0).data(ROW).conversation == conversation_id(1)

    def test_an_empty_list_says_why_and_offers_the_next_step(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        assert text_of(window, "conversationsEmpty") == "No conversation is open."
        window.receive(events.ConversationsLoaded((conversation(1),)))
        assert not find(window, "conversationsEmpty").isVisible()
        press(qtbot, window, "tabMine")
        assert not find(window, "conversationList").isVisible()
        press(qtbot, window, "conversationsNextStep")
        assert find(window, "conversationList").isVisible()
        desk.conversations.narrow(Narrowing(unread=True))
        assert text_of(window, "conversationsEmpty") == "Nothing here is like that."
        press(qtbot, window, "conversationsNextStep")
        assert find(window, "conversationList").isVisible()
        press(qtbot, window, "tabClosed")
        assert not find(window, "conversationsNextStep").isVisible()

    def test_filter_and_order_are_chosen_from_menus_and_stand_on_their_buttons(
        self, window: MainWindow, desk: DeskView, qtbot: QtBot
    ) -> None:
        def choose(menu: str, action: str) -> None:
            opened = find(window, menu)
            assert isinstance(opened, QMenu)
            opened.aboutToShow.emit()
            next(each for each in opened.actions() if each.objectName() == action).trigger()

        waits = replace(conversation(1, unread=1), waiting_since=5, tags=("billing",))
        window.receive(events.ConversationsLoaded((waits, conversation(2))))
        choose("sortMenu", "sort-longest-waiting")
        assert desk.conversations.index(0).data(ROW) == waits
        assert text_of(window, "sortButton") == "Longest waiting first"
        choose("filterMenu", "filterUnread")
        choose("filterMenu", "filterTag")
        assert desk.conversations.rowCount() == 1
        assert find(window, "filterButton").accessibleName() == "Show: Unread · billing"
        choose("filterMenu", "filterAll")
        assert text_of(window, "filterButton") == "All"
        assert desk.conversations.rowCount() == 2


class TestSearch:
    def answer(self, engine: Recorder, *hits: events.Hit, called: tuple[bytes, ...] = ()) -> events.SearchFound:
        asked = engine.of(commands.Search)[-1]
        assert isinstance(asked, commands.Search)
        return events.SearchFound(asked.number, called, hits, asked.before, more=False)

    def test_asks_as_one_types_and_shows_only_the_latest_answer(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(1, status=Status.CLOSED), conversation(2))))
        qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        type_into(qtbot, window, "conversationSearch", "thurs")
        qtbot.waitUntil(lambda: bool(engine.of(commands.Search)))
        stale = self.answer(engine, hit("stale", (0, 5), number=2))
        assert engine.of(commands.Search) == [commands.Search("thurs", stale.number)]
        assert not find(window, "conversationList").isVisible()
        type_into(qtbot, window, "conversationSearch", "day")
        qtbot.waitUntil(lambda: len(engine.of(commands.Search)) == 2)
        model = desk.list.search.model
        window.receive(stale)
        assert model.rowCount() == 0
        one = hit("See you on Thursday then", (11, 19), number=1)
        window.receive(self.answer(engine, one, called=(conversation_id(2),)))
        assert [model.index(place).data() for place in range(model.rowCount())] == [
            "Conversations",
            "Maria Lopez",
            "Messages",
            "See you on Thursday then",
        ]
        said = model.index(3).data(Qt.ItemDataRole.AccessibleTextRole)
        assert said.startswith("Maria Lopez, ")
        assert said.endswith("Patient: See you on Thursday then")

    def test_the_keyboard_leads_to_a_message_and_back(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(1, status=Status.CLOSED), conversation(2))))
        type_into(qtbot, window, "conversationSearch", "th")
        qtbot.waitUntil(lambda: bool(engine.of(commands.Search)))
        first, second = hit("Thursday", (0, 2), number=1), hit("Thermometer", (0, 2), number=1)
        window.receive(self.answer(engine, first, second))
        field, results = find(window, "conversationSearch"), find(window, "searchResults")
        qtbot.keyClick(field, Qt.Key.Key_Down)
        assert results.hasFocus()
        qtbot.keyClick(results, Qt.Key.Key_Down)
        assert engine.of(commands.OpenConversation) == []
        qtbot.keyClick(results, Qt.Key.Key_Return)
        assert engine.of(commands.OpenConversation) == [commands.OpenConversation(conversation_id(1), 40)]
        qtbot.keyClick(results, Qt.Key.Key_Escape)
        assert text_of(window, "conversationSearch") == ""
        assert find(window, "conversationList").isVisible()
        assert engine.of(commands.Search)[-1].text == ""  # type: ignore[attr-defined]

    def test_enter_in_the_field_opens_the_first_and_nothing_found_says_so(
        self, window: MainWindow, desk: DeskView, engine: Recorder, qtbot: QtBot
    ) -> None:
        window.receive(events.ConversationsLoaded((conversation(1),)))
        type_into(qtbot, window, "conversationSearch", "xy")
        qtbot.waitUntil(lambda: bool(engine.of(commands.Search)))
        window.receive(self.answer(engine))
        assert find(window, "searchEmpty").isVisible()
        window.receive(self.answer(engine, called=(conversation_id(1), conversation_id(7))))
        assert not find(window, "searchEmpty").isVisible()
        qtbot.keyClick(find(window, "conversationSearch"), Qt.Key.Key_Return)
        assert engine.of(commands.OpenConversation) == [commands.OpenConversation(conversation_id(1))]
