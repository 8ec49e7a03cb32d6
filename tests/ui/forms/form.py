"""A form that is refused: how it comes up, what is typed into it, and what is to be seen then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from agent_app.engine import events
from agent_app.engine.events import Notice, Severity, news
from agent_app.ui.main_window import MainWindow
from agent_app.ui.views.error_line import ErrorLine
from tests.ui.conftest import UNLOCKED, Recorder, refused, show
from tests.ui.driving import find, press
from tests.ui.samples import conversation, message

WRONG = Notice(Severity.WARNING, "Not done.", "The relay is away.", "Try later.")


FAILED = news.ActFailed("Not done.", "The relay is away. Try later.")


SAID = "Not done. The relay is away. Try later."


SHEET = " ".join(f"word{place}" for place in range(25))


@dataclass
class House:
    """The window, and the engine's part in it."""

    window: MainWindow
    engine: Recorder
    qtbot: QtBot

    def tell(self, *raised: events.Event) -> None:
        for event in raised:
            self.window.receive(event)

    @property
    def desk(self):  # type: ignore[no-untyped-def]
        assert self.window.desk is not None
        return self.window.desk


@dataclass(frozen=True)
class Row:
    """How a form comes up, what is typed into it, which button is pressed, who refuses, and where that is to be seen.

    `refuse` is the engine's part; None where the form refuses by itself. Secrets are `cleared` on purpose.
    """

    kind: type
    open: Callable[[House], object]
    pressed: str
    error: str
    fault: str
    typed: Mapping[str, str | int] = field(default_factory=dict)
    refuse: Callable[[House], object] | None = None
    said: str = SAID
    cleared: tuple[str, ...] = ()

    def refuse_twice(self, house: House, said: list[str]) -> None:
        self.open(house)
        for _ in range(2):  # the same sentence is said anew
            said.clear()
            self.submit(house)
            error, fault = find(house.window, self.error), find(house.window, self.fault)
            assert isinstance(error, ErrorLine)
            assert error.isVisible()
            assert self.said in error.text()
            assert said.count(error.text()) == 1
            assert fault.window().focusWidget() is fault
            assert fault.accessibleDescription() == error.text()
            for named, text in self.typed.items():
                assert read(find(house.window, named)) == ("" if named in self.cleared else text), named
            button = find(house.window, self.pressed.removeprefix("Return:"))
            assert button.isEnabled()
            assert near(error, fault) or near(error, button)
            banners = [
                each.accessibleName() for each in house.window.findChildren(QWidget, "banner") if each.isVisible()
            ]
            assert error.text() not in banners, "said twice"

    def about(self, fault: str, refuse: Callable[[House], object], **changed: object) -> "Row":
        """The same form, refused for a reason that is about another field of it, or about none."""
        return replace(self, fault=fault, refuse=refuse, **changed)  # type: ignore[arg-type]

    def submit(self, house: House) -> None:
        """Types, presses, and has it refused."""
        for named, text in self.typed.items():
            write(find(house.window, named), text)
        submit(house, self.pressed)
        if self.refuse is not None:
            self.refuse(house)


def at_desk(house: House, **details: object) -> None:
    house.tell(UNLOCKED)
    show(house.window, replace(conversation(), **details), message())  # type: ignore[arg-type]


def over(signal: str) -> Callable[[House], None]:
    def bring(house: House) -> None:
        at_desk(house)
        getattr(house.desk.pane, signal).emit()

    return bring


def notice(house: House) -> None:
    refused(house.window, house.engine, WRONG)


def act_failed(house: House) -> None:
    house.tell(FAILED)


def notice_about(code: str) -> Callable[[House], None]:
    """The engine refuses what was asked, and says by its code what of it."""
    return lambda house: refused(house.window, house.engine, replace(WRONG, code=code))


def act_failed_about(code: str) -> Callable[[House], None]:
    return lambda house: house.tell(replace(FAILED, code=code))


def submit(house: House, pressed: str) -> None:
    if pressed.startswith("Return:"):
        house.qtbot.keyClick(find(house.window, pressed.removeprefix("Return:")), Qt.Key.Key_Return)
    else:
        press(house.qtbot, house.window, pressed)


def write(widget: QWidget, text: str | int) -> None:
    if isinstance(widget, QSpinBox):
        widget.setValue(int(text))
    elif isinstance(widget, QLineEdit):
        widget.setText(str(text))
    else:
        assert isinstance(widget, QPlainTextEdit)
        widget.setPlainText(str(text))


def read(widget: QWidget) -> str | int:
    if isinstance(widget, QSpinBox):
        return widget.value()
    if isinstance(widget, QLineEdit):
        return widget.text()
    assert isinstance(widget, QPlainTextEdit)
    return widget.toPlainText()


def near(one: QWidget, other: QWidget) -> bool:
    """Nothing but a line stands between them."""
    areas = [QRect(each.mapTo(each.window(), QPoint(0, 0)), each.size()) for each in (one, other)]
    upper, lower = sorted(areas, key=QRect.top)
    return one.window() is other.window() and lower.top() - upper.bottom() < 60
