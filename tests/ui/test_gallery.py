"""Every screen and dialog: nothing cut off, nothing without a name, nothing left in English, in both directions."""

import importlib
import re
from collections.abc import Iterator
from itertools import combinations
from pkgutil import walk_packages

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from agent_app import ui
from agent_app.ui.language import Interpreter, Language
from agent_app.ui.theme import Look, TextSize
from tests.ui.driving import own
from tests.ui.gallery import SCENES, walk

_CONTROLS = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QAbstractItemView)
_LOOKED_AT: set[str] = set()
_FLOATING = {"newestButton"}  # stands over the transcript on purpose
# Rows that hold what people wrote, or what stands there in both languages on purpose.
_WRITTEN = (
    "transcript",
    "searchResults",
    "earlierTable",
    "replyPicker",
    "repliesList",
    "emojiPicker",
    "clinicZone",
    "hoursZone",
)
# The same in both languages, and nothing else is.
_SAME = re.compile(
    r"[\d\W]*|\d+ min|Alt\+\d|c07d12aa"  # digits, keys, a conversation's number
    r"|(Maria Lopez|Ana Ruiz|Ben Okafor|Carla Méndez|Grace Kim|Lucía Fernández|Omar Haddad|Samuel Adeyemi|Tomás Herrera"
    r"|Riverside Family Clinic|Sealdesk|supervisor|[ ·,()\d]+)+"  # names; a role that is spelt alike
    r"|auditor|Normal|PIN|HTML"  # words that are spelt alike
    r"|English|Español( \(Alt\+L\))?"  # each language by its own name
    r"|(glacier|1  anchor)\b[a-z\d\s]+|https://relay\.example|sealdesk-clinic:…"  # to be copied letter by letter
    r"|appointment  ×|Vaccination|wrist\.png|elbow\.png|referral\.pdf"  # tags, reasons, names of files
)


class Seen:
    """What two walks over all scenes have found: `faults` by scene, and the classes that were on the screen."""

    def __init__(self, application: QApplication) -> None:
        self.faults: dict[str, list[str]] = {}
        self.kinds: set[type] = set()
        english = self._leftwards(application)
        spanish = Interpreter(application, Language.SPANISH)
        for scene, shown in walk(application, Look.CONTRAST_LIGHT, TextSize.LARGEST):
            self.faults[scene] += [*cut_off(shown), *overlapping(shown)]
            same = texts(shown) & english[scene]
            self.faults[scene] += [f"not translated: {text!r}" for text in same if not _SAME.fullmatch(text)]
        spanish.dismiss()

    def _leftwards(self, application: QApplication) -> dict[str, set[str]]:
        """The words of each scene, in English and from right to left."""
        english: dict[str, set[str]] = {}
        application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        for scene, shown in walk(application, Look.DARK):
            english[scene] = texts(shown)
            self.kinds.update(kind for each in parts(shown) for kind in type(each).__mro__)
            self.faults[scene] = [*cut_off(shown), *overlapping(shown), *nameless(shown), *unmarked(shown)]
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        return english


@pytest.fixture(scope="module")
def seen(qapp: QApplication) -> Seen:
    return Seen(qapp)


@pytest.mark.timeout(1_200)  # two walks over all scenes, before the first test
@pytest.mark.qt_log_ignore("This plugin does not support")  # of a menu, by the offscreen platform
class TestEveryScreen:
    @pytest.mark.parametrize("scene", [scene.name for scene in SCENES])
    def test_fits_has_names_and_speaks(self, seen: Seen, scene: str) -> None:
        """In Spanish with the largest text, and from right to left: what fits then fits always."""
        assert not seen.faults[scene]

    def test_is_in_the_gallery(self, seen: Seen) -> None:
        """A view or dialog that no scene brings up is looked at by nobody."""
        modules = [importlib.import_module(found.name) for found in walk_packages(ui.__path__, f"{ui.__name__}.")]
        kinds = {
            kind
            for module in modules
            for kind in vars(module).values()
            if isinstance(kind, type) and issubclass(kind, QWidget) and kind.__module__ == module.__name__
        }
        assert len(kinds) > 60
        assert {kind.__qualname__ for kind in kinds - seen.kinds} == set()


def parts(shown: QWidget) -> list[QWidget]:
    return [each for each in (shown, *shown.findChildren(QWidget)) if each.isVisibleTo(shown) and own(each)]


def texts(shown: QWidget) -> set[str]:
    """Whatever is read or spoken, of the window's own."""
    found: set[str] = set()
    for each in parts(shown):
        found.update((each.accessibleName(), each.toolTip()))
        if isinstance(each, QLabel | QAbstractButton):
            found.add(each.text())
        if isinstance(each, QLineEdit | QPlainTextEdit):
            found.add(each.placeholderText())
        if isinstance(each, QPlainTextEdit) and each.isReadOnly():
            found.update(each.toPlainText().split("\n"))
        written = any(each.objectName() == name or within(each, name) for name in _WRITTEN)
        if isinstance(each, QAbstractItemView | QComboBox) and each.model() is not None and not written:
            found.update(listed(each.model()))
        if each.isWindow():
            found.add(each.windowTitle())
    return found - {""}


def listed(model: QAbstractItemModel) -> Iterator[str]:
    """Heads and cells, as they are shown and spoken."""
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for column in range(columns):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for line in range(min(model.rowCount(QModelIndex()), 50)):
            index = model.index(line, column)
            yield from (said for role in roles if isinstance(said := model.data(index, role), str))


def nameless(shown: QWidget) -> Iterator[str]:
    for each in parts(shown):
        if isinstance(each, _CONTROLS):
            if not each.objectName():
                yield f"a {type(each).__name__} of {parent_name(each)} has no name"
            if not each.accessibleName() and not (isinstance(each, QAbstractButton) and each.text()):
                yield f"{each.objectName()} has no accessible name"
            walked = any(within(each, f"{name}Picker") for name in ("reply", "emoji", "mention"))  # from the composer
            if isinstance(each, QAbstractButton) and each.autoExclusive():
                walked = True  # by arrows, from one tab of the row to the next
            reached = each.focusPolicy() & Qt.FocusPolicy.TabFocus or walked
            if each.isEnabled() and not reached:
                yield f"{each.objectName()} cannot be reached by keyboard"


def unmarked(shown: QWidget) -> Iterator[str]:
    """Controls whose focus nobody sees; each is looked at once."""
    for each in parts(shown):
        if not isinstance(each, _CONTROLS) or each.focusPolicy() == Qt.FocusPolicy.NoFocus or not each.isEnabled():
            continue
        if each.objectName() in _LOOKED_AT:
            continue
        _LOOKED_AT.add(each.objectName())
        for pane in shown.findChildren(QScrollArea):
            if pane.isAncestorOf(each):
                pane.ensureWidgetVisible(each)  # as Tab does
        corner = each.mapTo(shown, each.rect().topLeft())
        area = QRect(corner, each.size()).adjusted(-30, -60, 30, 60)  # the composer's frame shows it for the composer
        each.clearFocus()
        before = shown.grab(area).toImage()
        each.setFocus(Qt.FocusReason.TabFocusReason)
        if each.hasFocus() and shown.grab(area).toImage() == before:
            yield f"nobody sees that {each.objectName()} has the focus"


def within(widget: QWidget, name: str) -> bool:
    parent = widget.parentWidget()
    return parent is not None and (parent.objectName() == name or within(parent, name))


def cut_off(shown: QWidget) -> Iterator[str]:
    for each in parts(shown):
        if isinstance(each, QLabel) and each.text():
            room, wanted = each.contentsRect(), max(map(each.fontMetrics().horizontalAdvance, each.text().split("\n")))
            if each.wordWrap():
                if each.height() + 1 < each.heightForWidth(each.width()):
                    yield f"{each.text()!r} needs {each.heightForWidth(each.width())} lines, has {each.height()}"
            elif room.width() + 1 < wanted and not each.text().endswith("…"):
                yield f"{each.text()!r} is {wanted} wide, has {room.width()}"
        elif isinstance(each, QPushButton) and each.width() < each.minimumSizeHint().width():
            yield f"{each.text()!r} wants {each.minimumSizeHint().width()}, has {each.width()}"
        if each is not shown and not each.isWindow() and not scrolls(each):
            inside = QRect(0, 0, each.parentWidget().width(), each.parentWidget().height())
            if not inside.contains(each.geometry()) and each.width() and each.height():
                yield f"{each.objectName() or type(each).__name__} leaves {parent_name(each)}"


def overlapping(shown: QWidget) -> Iterator[str]:
    for parent in parts(shown):
        if isinstance(parent, QAbstractScrollArea | QStackedWidget | QComboBox):
            continue
        children = [
            each
            for each in parts(shown)
            if each.parent() is parent and not each.isWindow() and each.objectName() not in _FLOATING
        ]
        for one, other in combinations(children, 2):
            if one.geometry().intersects(other.geometry()):
                yield f"{name(one)} lies over {name(other)}"


def scrolls(widget: QWidget) -> bool:
    return isinstance(widget.parentWidget().parentWidget(), QAbstractScrollArea)


def name(widget: QWidget) -> str:
    return widget.objectName() or getattr(widget, "text", lambda: type(widget).__name__)()


def parent_name(widget: QWidget) -> str:
    return name(widget.parentWidget()) if widget.parentWidget() else "nothing"
