"""Warnings and alarms above what they concern: what happened, what it means, what to do."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from agent_app.engine.events import Notice, Severity
from agent_app.ui import words
from agent_app.ui.theme import Theme
from agent_app.ui.views.basics import Glyph, IconButton, PlainLabel, announce, column, row

_COLOURS = {
    Severity.INFORMATION: "on-accent-soft",
    Severity.WARNING: "on-warning-soft",
    Severity.ALARM: "on-danger-soft",
}
_MOST = 4  # banners at once; older ones that may be dismissed make room


class Banner(QFrame):
    """One notice. An alarm stays: only what raised it can end it. Signal: `dismissed`."""

    dismissed = Signal()

    def __init__(self, theme: Theme, notice: Notice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self.setProperty("banner", notice.severity.value)
        self._head = PlainLabel("", "strong", "bannerHappened", wrap=True)
        self._body = PlainLabel("", "body", "bannerAction", wrap=True)
        icon = Glyph(theme, notice.severity.value, _COLOURS[notice.severity], 24)
        layout = row(icon, spacing=10, margins=(14, 10, 8, 10))
        layout.addLayout(column(self._head, self._body, spacing=2), 1)
        if notice.severity is not Severity.ALARM:
            close = IconButton(theme, "close", self.tr("Dismiss"), "bannerDismiss", _COLOURS[notice.severity])
            close.clicked.connect(self.dismissed)
            layout.addWidget(close)
        self.setLayout(layout)
        self.say(notice)

    def say(self, notice: Notice) -> None:
        """`notice` is as grave as the one before."""
        self.notice = notice
        rest = " ".join(part for part in (notice.means, notice.action) if part)
        self._head.setText(words.one_line(notice.happened))
        self._body.setText(words.one_line(rest))
        self._body.setVisible(bool(rest))
        self.setAccessibleName(words.notice(notice))


class Banners(QWidget):
    """The stack of notices, the gravest first. Lives on Qt's thread. Signal: `dismissed` with a Notice, by hand."""

    dismissed = Signal(object)

    def __init__(self, theme: Theme, name: str, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName(name)
        self._column: QVBoxLayout = column(spacing=8, margins=margins)
        self.setLayout(self._column)
        self._shown: list[Banner] = []
        self.hide()

    @property
    def notices(self) -> list[Notice]:
        return [banner.notice for banner in self._shown]

    def show_notice(self, notice: Notice) -> None:
        if notice in self.notices:
            return
        banner = Banner(self._theme, notice, self)
        banner.dismissed.connect(lambda: self._on_dismissed(banner))
        self._shown.append(banner)
        self._column.insertWidget(0 if notice.severity is Severity.ALARM else -1, banner)
        self._make_room()
        self.setVisible(True)
        announce(banner, words.notice(notice), urgent=notice.severity is not Severity.INFORMATION)

    def exchange(self, old: Notice, new: Notice) -> None:
        """Says `new` in the place of `old`; nothing where somebody has dismissed that."""
        for banner in self._shown:
            if banner.notice == old:
                banner.say(new)

    def keep_alarms(self) -> None:
        """Drops what may name a patient's file or message; alarms name none, and stay."""
        self.replace([notice for notice in self.notices if notice.severity is Severity.ALARM])

    def replace(self, notices: list[Notice]) -> None:
        for banner in list(self._shown):
            if banner.notice not in notices:
                self._remove(banner)
        for notice in notices:
            self.show_notice(notice)

    def _on_dismissed(self, banner: Banner) -> None:
        self._remove(banner)
        self.dismissed.emit(banner.notice)

    def _make_room(self) -> None:
        spare = [banner for banner in self._shown if banner.notice.severity is not Severity.ALARM]
        for banner in spare[: max(len(self._shown) - _MOST, 0)]:
            self._remove(banner)

    def _remove(self, banner: Banner) -> None:
        self._shown.remove(banner)
        self._column.removeWidget(banner)
        banner.hide()
        banner.deleteLater()
        self.setVisible(bool(self._shown))
