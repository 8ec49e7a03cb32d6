"""What happens in the open conversation now: who types, looks, and answers."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject
from PySide6.QtWidgets import QWidget

from agent_app.engine.commands import Command, Typing
from agent_app.engine.events import ActivityChanged
from agent_app.ui import words
from agent_app.ui.views.basics import PlainLabel
from agent_app.ui.views.composer import Composer

_AGAIN = 3000  # milliseconds between two words of one typing


class ActivityLine(PlainLabel):
    """One line above the composer. Lives on Qt's thread. Hints of the moment, and no proof of anything."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "caption", "activityLine")
        self.setParent(parent)
        self.setContentsMargins(20, 4, 20, 0)
        self._now: dict[bytes, ActivityChanged] = {}
        self._conversation = b""
        self._asked = False

    def turn_to(self, conversation: bytes) -> None:
        self._conversation = conversation
        self._asked = False
        self._say()

    def receive(self, event: ActivityChanged) -> None:
        self._now[event.conversation] = event
        if event.conversation == self._conversation:
            self._asked = self._asked and bool(event.replying)
            self._say()

    def holds_back(self) -> bool:
        """Whether a reply waits: a colleague is writing one, and this is the first time that Send was pressed."""
        now = self._now.get(self._conversation)
        self._asked = now is not None and bool(now.replying) and not self._asked
        self._say()
        return self._asked

    def _say(self) -> None:
        said = self._words(self._now.get(self._conversation))
        if said != self.text():
            self.setText(said)
            self.setAccessibleName(said)
        self.setVisible(bool(said))

    def _words(self, now: ActivityChanged | None) -> str:
        if now is None:
            return ""
        replying, viewing = (", ".join(map(words.one_line, names)) for names in (now.replying, now.viewing))
        if self._asked:
            return self.tr("{names} is replying. Send again to send all the same.").format(names=replying)
        parts = [self.tr("The patient is typing…")] if now.patient_typing else []
        if replying:
            parts.append(self.tr("{names} is replying").format(names=replying))
        elif viewing:
            parts.append(self.tr("{names} is viewing").format(names=viewing))
        return "  ·  ".join(parts)


class TypingWatch(QObject):
    """Says that somebody types to the patient, while they do, and never what. A note is nobody's typing."""

    def __init__(self, composer: Composer, submit: Callable[[Command], None], parent: QObject) -> None:
        super().__init__(parent)
        self._composer, self._submit = composer, submit
        self._conversation = b""
        self._since = QElapsedTimer()
        composer.editor.typed.connect(self._on_typed)
        composer.text_sent.connect(self._stop)

    def turn_to(self, conversation: bytes) -> None:
        self._stop()
        self._conversation = conversation

    def _on_typed(self) -> None:
        if self._composer.note_mode or not self._composer.text.strip():
            self._stop()
        elif not self._since.isValid() or self._since.elapsed() >= _AGAIN:
            self._since.start()
            self._submit(Typing(self._conversation, on=True))

    def _stop(self) -> None:
        if self._since.isValid():
            self._since.invalidate()
            self._submit(Typing(self._conversation, on=False))
