"""That no form is left out, and what becomes of a refusal afterwards."""

import ast
import inspect
from importlib import import_module
from pkgutil import iter_modules, walk_packages

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from agent_app import ui
from agent_app.engine import events
from agent_app.engine.events import NoticeRaised
from agent_app.ui.dialogs.form import Form
from tests.ui import forms
from tests.ui.conftest import done
from tests.ui.driving import find, press
from tests.ui.forms import test_conversation
from tests.ui.forms.form import WRONG, House


def test_what_is_typed_next_takes_it_away(house: House) -> None:
    test_conversation.ROWS["close, too long"].open(house)
    test_conversation.ROWS["close, too long"].submit(house)
    outcome, error = find(house.window, "closeOutcome"), find(house.window, "closeError")
    assert outcome.property("invalid") == "true"
    house.qtbot.keyClick(outcome, Qt.Key.Key_Backspace)
    assert not error.isVisible()
    assert (outcome.property("invalid"), outcome.accessibleDescription()) == ("false", "")


def test_a_form_stays_until_it_is_done_and_no_longer(house: House) -> None:
    window, engine = house.window, house.engine
    test_conversation.ROWS["close"].open(house)
    press(house.qtbot, window, "closeConfirm")
    window.receive(NoticeRaised(WRONG))  # nothing that was asked here
    window.receive(events.CommandDone(object()))
    dialog = find(window, "closeDialog")
    assert dialog.isVisible()
    assert not find(window, "closeError").isVisible()
    assert [banner for banner in window.findChildren(QWidget, "banner") if banner.isVisible()]
    done(window, engine)
    assert not dialog.isVisible()


_INPUTS = {
    "QLineEdit",
    "QPlainTextEdit",
    "QSpinBox",
    "QComboBox",
    "QCheckBox",
    "QDateEdit",
    "PlainTextField",
    "passphrase_field",
    "pin_field",
    "line_field",
    "sheet_field",
    "roles",
    "Editor",
    "ErrorLine",
}


_NEVER_REFUSED = {
    "ApprovalScreen": "shows the request, to be copied",
    "OpeningScreen": "shows address and snippet, to be copied",
    "SettingsDialog": "keeps each choice at once, on this workstation",
    "LogSection": "narrows a table",
    "SearchBox": "searches as one types",
    "Period": "asks anew for what it shows",
    "SendFileDialog": "names each file that cannot be sent before it comes up",
    "Form": "is what forms are made of",
    "ErrorLine": "is what forms are made of",
}


def test_every_form_is_in_a_row() -> None:
    """A class that takes something in, or has something to refuse, and that nobody has refused here."""
    modules = [import_module(found.name) for found in walk_packages(ui.__path__, f"{ui.__name__}.")]
    kinds = {
        kind.__name__
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__ and issubclass(kind, QWidget) and asks(kind)
    }
    assert len(kinds) > 30
    rooms = [import_module(f"{forms.__name__}.{found.name}") for found in iter_modules(forms.__path__)]
    rows = {row.kind.__name__ for room in rooms for row in getattr(room, "ROWS", {}).values()}
    assert kinds - rows - set(_NEVER_REFUSED) == set()
    assert set(_NEVER_REFUSED) <= kinds | {"ErrorLine"}, "what is excused is there still"


def asks(kind: type) -> bool:
    if issubclass(kind, Form):
        return True
    tree = ast.parse(inspect.getsource(import_module(kind.__module__)))
    body = next(each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == kind.__name__)
    called = (each.func for each in ast.walk(body) if isinstance(each, ast.Call))
    return any(isinstance(each, ast.Name) and each.id in _INPUTS for each in called)
