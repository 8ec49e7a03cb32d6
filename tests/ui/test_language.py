"""The window in another language: every word there is, and that it reaches the screen."""

import ast
import importlib
import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from pkgutil import walk_packages
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import agent_app
from agent_app.engine import events, notices
from agent_app.engine.events import Notice, NoticeRaised, Sentence, Severity
from agent_app.engine.figures import as_csv
from agent_app.protocol.errors import ExhaustedStreamError, SpokenError
from agent_app.store.errors import UnlockDelayed
from agent_app.ui import words
from agent_app.ui.language import Interpreter, Language, in_words
from agent_app.ui.main_window import MainWindow
from agent_app.ui.preferences import Preferences
from agent_app.ui.theme import Theme
from tests.ui import translations
from tests.ui.conftest import PASSPHRASE, UNLOCKED, Recorder, show
from tests.ui.samples import conversation, message

_HELD = re.compile(r"\{[a-z_]+\}|%n|&(?=\w)")
_ENDINGS = (".", "…", ":", "?", "!")
_FIGURES = re.compile(r"\{(\w+)\} (?=[^\W\d_]{3})")  # before a word
_NEVER_ONE = {
    "all",
    "author",
    "clinic",
    "file",
    "folder",
    "last",
    "limit",
    "longest",
    "means",
    "most",
    "name",
    "needed",
    "path",
    "placeholders",
    "prefix",
    "role",
    "sheet",
    "what",
    "who",
}  # texts and bounds
_ALIKE = ("{count} min", "{percent} %", "{percent} % of what fits in one message")  # whatever the figure


@pytest.fixture
def spanish(qapp: QApplication) -> Iterator[Interpreter]:
    made = Interpreter(qapp, Language.SPANISH)
    yield made
    made.dismiss()


def messages(name: str) -> list[tuple[str, list[str], str | None]]:
    """Source, its translation or its forms, and what is wrong with them by lupdate's word."""
    found = []
    for each in ElementTree.parse(translations.FOLDER / name).iter("message"):  # noqa: S314 - our own file
        said = each.find("translation")
        assert said is not None
        forms = [form.text or "" for form in said.iter("numerusform")] or [said.text or ""]
        found.append((each.findtext("source", ""), forms, said.get("type")))
    return found


class TestTheFiles:
    def test_are_what_the_source_says(self, tmp_path: Path) -> None:
        """A word that was added, changed or removed without `make translations`."""
        for path in translations.FOLDER.iterdir():
            shutil.copy(path, tmp_path)
        translations.refresh(tmp_path)
        for path in translations.FOLDER.iterdir():
            assert (tmp_path / path.name).read_bytes() == path.read_bytes(), f"{path.name}: run `make translations`"

    @pytest.mark.parametrize("name", ["sealdesk_en.ts", "sealdesk_es.ts"])
    def test_leave_nothing_out(self, name: str) -> None:
        missing = [source for source, forms, state in messages(name) if state or not all(forms)]
        assert not missing, f"{name} has no translation of {missing}"

    def test_keep_placeholders_keys_and_endings(self) -> None:
        for source, forms, _ in messages("sealdesk_es.ts"):
            for form in forms:
                assert sorted(_HELD.findall(form)) == sorted(_HELD.findall(source)), source
                for ending in _ENDINGS:
                    assert form.rstrip("”»").endswith(ending) == source.rstrip("”»").endswith(ending), source

    def test_give_what_is_counted_a_form_for_one(self) -> None:
        """The window's by Qt's %n; the engine's, which knows no Qt, by two sentences. A value that stands before a word
        is a figure that may be 1 unless it is named above."""
        in_two = {more for one, more in translations.pairs() if "{count}" not in one}
        for source, _, _ in messages("sealdesk_es.ts"):
            figures = set(_FIGURES.findall(source)) - _NEVER_ONE
            assert not figures or source in in_two or source in _ALIKE, f"{source}: one of it needs another form"

    def test_differ_in_english_where_one_is_counted(self) -> None:
        alike = [forms for _, forms, _ in messages("sealdesk_en.ts") if len(set(forms)) < 2]
        assert all(re.fullmatch(r".*(waiting|claimed|unverified|closed|unread|more)", one[0]) for one in alike), alike

    @pytest.mark.parametrize("said", ['f"{name} did it."', "str(error)"])
    def test_a_sentence_put_together_on_the_spot_is_found(self, said: str) -> None:
        with pytest.raises(translations.Unreadable):
            list(translations.sentences_of(f'Notice(Severity.WARNING, {said}, "", "")', Path("x.py")))


class TestTheSource:
    @pytest.mark.parametrize("floor", ["bridge", "engine", "relay", "store"])
    def test_has_no_sentence_that_is_not_in_the_files(self, floor: str) -> None:
        """Whatever reads as one, however it reaches the window: docstrings are for whoever reads the source."""
        known = set(translations.engine_sentences())
        for path in (translations.ROOT / "agent_app" / floor).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
                    said = node.value
                    reads = re.fullmatch(r"[A-Z“{].* .*[a-z”}][.?!]", said)
                    assert not reads or said in known, f"{path}:{node.lineno} is never translated: {said}"


def spoken_errors() -> list[type[SpokenError]]:
    """Every error with a code, on whichever floor: what has none is a base that nobody raises."""
    for found in walk_packages(agent_app.__path__, "agent_app."):
        if found.name.split(".")[1] in translations.FLOORS:
            importlib.import_module(found.name)
    kinds = [SpokenError]
    for kind in kinds:
        kinds += [one for one in kind.__subclasses__() if one not in kinds]
    return [kind for kind in kinds if hasattr(kind, "code") and kind.__module__.startswith("agent_app.")]


class TestEveryError:
    def test_says_what_it_means_and_what_to_do_in_both_languages(self) -> None:
        said = {source: forms[0] for source, forms, _ in messages("sealdesk_es.ts")}
        for kind in spoken_errors():
            for part in (kind.sentence, kind.action):
                assert re.match(r"[A-Z“{]", part) and re.search(r"[.}]$", part), f"{kind.__name__}: {part}"  # noqa: PT018
                assert said.get(part, part) != part, f"{kind.__name__} has no Spanish for: {part}"

    def test_has_a_code_of_its_own(self) -> None:
        for kind in spoken_errors():
            if kind.sentence not in [base.__dict__.get("sentence") for base in kind.__mro__[1:]]:
                assert "code" in kind.__dict__ or issubclass(kind, ExhaustedStreamError), kind.__name__
        assert len({kind.code for kind in spoken_errors()}) > 50

    def test_is_said_with_its_facts(self, spanish: Interpreter) -> None:
        told = in_words(notices.of_error(UnlockDelayed(16), "Sealdesk was not unlocked."))
        assert told.action == "Espere 16 s e inténtelo de nuevo."


class TestTheEngine:
    def test_speaks_english_by_itself(self) -> None:
        assert Sentence("{name} has this conversation now.", name="Ana") == "Ana has this conversation now."

    def test_is_interpreted_and_what_people_wrote_is_not(self, spanish: Interpreter) -> None:
        row = message(1, "Patient", kind="text")
        said = in_words(events.MessageAdded(row))
        assert said.row.text == "Patient"
        told = Notice(
            Severity.WARNING, Sentence("{name} has this conversation now.", name="{mean}"), "Go on working.", ""
        )
        assert in_words(told).happened == "Ahora {mean} tiene esta conversación."
        assert in_words(told).means == "Siga trabajando."

    def test_what_was_never_translated_is_said_in_english(self, spanish: Interpreter) -> None:
        assert in_words(Sentence("Nobody wrote this.")) == "Nobody wrote this."


class TestTheWindow:
    def test_speaks_spanish(self, qtbot: QtBot, qapp: QApplication, spanish: Interpreter, tmp_path: Path) -> None:
        window = MainWindow(Recorder().submit, Theme(qapp), lambda: PASSPHRASE, Preferences(tmp_path / "p.ini"))
        qtbot.addWidget(window)
        window.receive(UNLOCKED)
        show(
            window,
            conversation(1, unread=2),
            message(1, Sentence("{author} took the conversation.", author="Ana"), kind="event"),
        )
        window.receive(
            NoticeRaised(Notice(Severity.WARNING, "The patients' page cannot be reached.", "", "Check the network."))
        )
        assert window.desk is not None
        assert window.desk.list.view.accessibleName() == "Conversaciones"
        model = window.desk.pane.model
        assert model.data(model.index(0)) == "Ana tomó la conversación."
        assert "sin leer" in words.spoken_conversation(conversation(1, unread=2))

    def test_numbers_have_their_form(self, qapp: QApplication, spanish: Interpreter) -> None:
        def waiting(count: int) -> str:
            return QCoreApplication.translate("UnlockScreen", "%n messages wait, sealed, until you unlock.", "", count)

        assert waiting(1).startswith("1 mensaje espera,")
        assert waiting(3).startswith("3 mensajes esperan,")
        spanish.dismiss()
        english = Interpreter(qapp, Language.ENGLISH)
        assert waiting(1).startswith("1 message waits,")
        english.dismiss()

    def test_dates_and_qts_own_words_follow(self, spanish: Interpreter) -> None:
        assert QLocale().language() == QLocale.Language.Spanish
        assert words.full_time(1_760_000_000_000).split()[1] == "oct"
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancelar"

    @pytest.mark.parametrize("role", ["agent", "supervisor", "administrator", "auditor"])
    def test_roles_have_words(self, spanish: Interpreter, role: str) -> None:
        assert words.role(role).startswith(role[:5])
        assert words.role("other") == "other"


class TestAFileForPeople:
    def test_is_in_the_desks_language(self, spanish: Interpreter) -> None:
        """The engine writes it, and asks the window's language for every word of its own."""
        day, spans = date(2026, 11, 24), events.Spans(1, 60_000, 60_000)
        hours = tuple(events.HourFigures(hour, spans) for hour in range(24))
        told = events.FiguresLoaded(
            day, day, 0, events.Counts(1, 1, 1, 1), (events.DayFigures(day, 1, 1, 1, 1),), spans, spans, hours,
            (events.AgentFigures("=Ana", spans),), True,
        )  # fmt: skip
        english, here = (as_csv(told, say).splitlines() for say in (str, in_words))
        assert "primera respuesta por agente,'=Ana,1,60,60" in here
        assert "tiempo de espera,del 2026-11-24 al 2026-11-24,1,60,60" in here
        assert not set(here) & set(english)


class TestTheChoice:
    def test_outlives_the_program(self, tmp_path: Path) -> None:
        Preferences(tmp_path / "workstation.ini").language = Language.SPANISH
        assert Preferences(tmp_path / "workstation.ini").language is Language.SPANISH

    @pytest.mark.parametrize("content", ["", "[General]\nlanguage=xx\n", "[General]\nlanguage=en, es\n", "\x00\xff[["])
    def test_a_damaged_file_counts_as_none(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "workstation.ini").write_text(content, encoding="latin-1")
        assert Preferences(tmp_path / "workstation.ini").language is Language.SYSTEM

    @pytest.mark.parametrize(("system", "spoken"), [("es_MX", "es"), ("en_GB", "en"), ("fr_FR", "en")])
    def test_the_system_is_followed(self, monkeypatch: pytest.MonkeyPatch, system: str, spoken: str) -> None:
        monkeypatch.setattr(QLocale, "system", staticmethod(lambda: QLocale(system)))
        assert Language.SYSTEM.locale.name().startswith(spoken)
        assert Language(spoken).locale.name() == (system if system[:2] == spoken else QLocale(spoken).name())
