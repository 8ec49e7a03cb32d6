"""What is being written is kept while it is written, so that a lock in the middle of a sentence loses none of it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from agent_app.engine.commands import Command, SaveDraft
from agent_app.engine.events import DraftLoaded, TextReturned
from agent_app.ui.views.composer import Composer

PAUSE = 1000  # milliseconds without a change after which it is kept
_NOTHING = ("", False)


class DraftKeeping(QObject):
    """Has the engine keep what stands in the composer, and puts it back. Lives on Qt's thread."""

    def __init__(self, composer: Composer, submit: Callable[[Command], None], parent: QObject) -> None:
        super().__init__(parent)
        self._composer, self._submit = composer, submit
        self._conversation = b""
        self._kept = _NOTHING
        self._left: dict[bytes, tuple[str, bool]] = {}  # what was last kept for the conversations turned away from
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.keep)
        composer.changed.connect(self._pause.start)
        composer.text_sent.connect(self._on_sent)
        composer.note_sent.connect(self._on_sent)

    def turn_to(self, conversation: bytes) -> None:
        """Keeps what was written for one conversation, and clears the composer for another."""
        self.keep()
        self._left[self._conversation] = self._kept
        self._composer.clear()
        self._conversation, self._kept = conversation, _NOTHING
        self._pause.stop()

    def load(self, draft: DraftLoaded) -> None:
        if draft.conversation == self._conversation:
            self._kept = (draft.text, draft.note)
            if (self._composer.text, self._composer.for_team) != self._kept:  # it may have been returned before
                self._composer.resume(draft.text, draft.note)

    def take_back(self, returned: TextReturned) -> None:
        """Not sent: it stands before what has been written since, here or in the draft that was left behind.

        It counts as not kept, for the disk may be what failed.
        """
        if returned.conversation == self._conversation:
            self._composer.resume(_joined(returned.text, self._composer.text), returned.note, anew=True)
            return
        since, note = self._left.get(returned.conversation, _NOTHING)
        if since:  # it was kept after what returns, and over it
            self._submit(SaveDraft(returned.conversation, _joined(returned.text, since), returned.note or note))

    def keep(self) -> None:
        self._pause.stop()
        text = self._composer.text
        written = (text, self._composer.for_team) if text.strip() else _NOTHING
        if self._conversation and written != self._kept:
            self._kept = written
            self._submit(SaveDraft(self._conversation, *written))

    def _on_sent(self) -> None:
        """The engine drops it with what it sends, and keeps it where it cannot send."""
        self._kept = _NOTHING


def _joined(returned: str, since: str) -> str:
    return f"{returned}\n{since}" if since.strip() else returned
