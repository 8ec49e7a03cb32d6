"""What all dialogs share: a heading, a body, a row of buttons, and that they never stop the window's events."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QDialog, QLayout, QVBoxLayout, QWidget

from agent_app.ui.views.basics import PlainLabel, row


class Sheet(QDialog):
    """Opened with `open()`, never `exec()`; gone from memory when it is closed."""

    def __init__(self, title: str, name: str, parent: QWidget, width: int = 460) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self._width = width
        self.body = QVBoxLayout()
        self.body.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.body.setContentsMargins(24, 22, 24, 20)
        self.body.setSpacing(12)
        self.body.addWidget(PlainLabel(title, "heading", f"{name}Title", wrap=True))
        self.setLayout(self.body)

    def event(self, event: QEvent) -> bool:
        """Grows and shrinks with what it says: of wrapped lines, Qt asks the height only when told the width."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Polish):
            width = max(self._width, self.body.totalMinimumSize().width())  # a row of buttons in long words, or large
            self.resize(width, self.body.totalHeightForWidth(width))
        return done

    def add_buttons(self, *buttons: QWidget) -> None:
        """At the foot, the main one last."""
        line = row(spacing=10)
        line.addStretch()
        for each in buttons:
            line.addWidget(each)
        self.body.addSpacing(6)
        self.body.addLayout(line)


def field_label(text: str, buddy: QWidget) -> PlainLabel:
    """A caption above a field, which it names for screen readers too."""
    label = PlainLabel(text, "caption-strong")
    label.setBuddy(buddy)
    buddy.setAccessibleName(text)
    return label
