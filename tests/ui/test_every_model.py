"""Every model of the window under Qt's own tester, from empty to filled and back; none is left out."""

import importlib
from collections.abc import Callable
from pkgutil import walk_packages
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel
from PySide6.QtTest import QAbstractItemModelTester

from agent_app import ui
from agent_app.engine.events import ReplyRow, SearchFound, TranscriptLoaded
from agent_app.ui.language import Language
from agent_app.ui.models.conversations import ConversationModel, Narrowing, Order, Tab
from agent_app.ui.models.replies import ReplyModel
from agent_app.ui.models.search import SearchModel
from agent_app.ui.models.table import Line, TableModel
from agent_app.ui.models.transcript import TranscriptModel
from agent_app.ui.views.emoji_picker import EmojiModel
from agent_app.ui.views.mention_picker import ColleagueModel
from tests.ui.samples import conversation, conversation_id, hit, message, messages


def _conversations(model: ConversationModel) -> None:
    model.load((conversation(1), conversation(2, unread=1)))
    model.change(conversation(1, title="Changed"), conversation(3, unread=2))
    model.sort_by(Order.LONGEST_WAITING)
    model.narrow(Narrowing(unread=True))
    model.choose(Tab.WAITING)
    model.load(())


def _transcript(model: TranscriptModel) -> None:
    model.open(conversation_id())
    model.load(TranscriptLoaded(conversation_id(), messages(5, 9), at_start=False, at_end=True))
    model.load(TranscriptLoaded(conversation_id(), messages(1, 4), at_start=True, at_end=False))
    model.add(message(10))
    model.change(message(7, "", kind="deleted"))
    model.open(conversation_id(1))


def _search(model: SearchModel) -> None:
    for number in (1, 2):
        model.ask("wrist")
        found = (hit("my wrist", (3, 8)),) if number == 1 else ()
        model.receive(SearchFound(number, (), found, before=0, more=False))


def _replies(model: ReplyModel) -> None:
    model.load((ReplyRow(b"1" * 16, "Hours", "We open at eight.", ""), ReplyRow(b"2" * 16, "Thanks", "", "Gracias")))
    model.narrow("h")
    model.speak(Language.SPANISH)
    model.load(())


def _table(model: TableModel) -> None:
    model.load((Line(1, ("a", "b")), Line(2, ("c", "d"))))
    model.narrow("c")
    model.load(())


def _emoji(model: EmojiModel) -> None:
    for typed in ("", "fl", "no such thing"):
        model.narrow(typed)


def _colleagues(model: ColleagueModel) -> None:
    model.load(("Ben Okafor", "Carla Méndez", "ben okafor"))
    for typed in ("", "me", "no such name"):
        model.narrow(typed)


CASES: dict[type[QAbstractItemModel], tuple[Callable[[], QAbstractItemModel], Callable[[Any], None]]] = {
    ConversationModel: (ConversationModel, _conversations),
    TranscriptModel: (TranscriptModel, _transcript),
    SearchModel: (lambda: SearchModel(ConversationModel()), _search),
    ReplyModel: (ReplyModel, _replies),
    TableModel: (lambda: TableModel(("One", "Two")), _table),
    EmojiModel: (EmojiModel, _emoji),
    ColleagueModel: (ColleagueModel, _colleagues),
}


def test_none_is_left_out() -> None:
    modules = [importlib.import_module(found.name) for found in walk_packages(ui.__path__, f"{ui.__name__}.")]
    kinds = {
        kind
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, QAbstractItemModel) and kind.__module__ == module.__name__
    }
    assert kinds == set(CASES)


@pytest.mark.parametrize("kind", CASES, ids=lambda kind: kind.__name__)
def test_keeps_qts_rules(kind: type[QAbstractItemModel]) -> None:
    """The tester warns of each rule that is broken, and a warning of Qt's fails the run."""
    make, fill = CASES[kind]
    model = make()
    rows: list[int] = []
    for signal in (model.rowsInserted, model.modelReset):
        signal.connect(lambda: rows.append(model.rowCount()))
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    fill(model)
    assert max(rows) > 0, "it was never filled"
