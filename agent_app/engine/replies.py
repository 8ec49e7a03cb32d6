"""Canned replies: what an agent has ready, kept on this device and sent by nobody but a person."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from agent_app.engine import commands
from agent_app.engine.desk import Desk
from agent_app.engine.events import Notice, RepliesLoaded, ReplyRow, Severity
from agent_app.engine.sentence import Sentence
from agent_app.engine.speech import Refused
from agent_app.protocol import limits
from agent_app.store.folding import fold
from agent_app.store.replies import Reply


def _refusal(means: str, action: str, code: str) -> Notice:
    return Notice(Severity.WARNING, "The reply was not kept.", means, action, code)


_NO_TITLE = _refusal("It has no title.", "Give it one by which you find it.", "reply.title")
_LONG_TITLE = _refusal(
    Sentence("Its title is longer than {limit} bytes.", limit=commands.REPLY_TITLE), "Shorten the title.", "reply.title"
)
_NO_TEXT = _refusal("It has no text.", "Write it in English, in Spanish, or in both.", "reply.english")
_LONG_ENGLISH = _refusal(
    Sentence("A text is longer than a message may be: {limit} bytes.", limit=limits.TEXT.value),
    "Shorten the text.",
    "reply.english",
)
_LONG_SPANISH = replace(_LONG_ENGLISH, code="reply.spanish")
_NO_UNICODE = _refusal("It holds something that is not text.", "Type it instead of pasting it.", "")
_FULL = _refusal(
    Sentence("There are {limit} already.", limit=commands.REPLY_COUNT),
    "Delete one that you no longer use.",
    "reply.full",
)
_GONE = _refusal("It is no longer here.", "Add it as a new one.", "reply.gone")


class Replies:
    """`methods` names, for each command, who does it. Lives on the engine's thread."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.methods: dict[type, Callable[[Any], Awaitable[None]]] = {
            commands.LoadReplies: self._load,
            commands.SaveReply: self._save,
            commands.DeleteReply: self._delete,
        }

    async def _load(self, command: commands.LoadReplies) -> None:
        self._desk.emit(self._loaded())

    async def _save(self, command: commands.SaveReply) -> None:
        reply = Reply(
            command.reply or self._desk.random(16),
            command.title.strip(),
            command.english.strip(),
            command.spanish.strip(),
        )
        self._require_fitting(reply)
        self._require_place(command.reply)
        with self._desk.store.transaction():
            self._desk.store.replies.keep(reply)
        self._desk.emit(self._loaded(reply.id))

    async def _delete(self, command: commands.DeleteReply) -> None:
        with self._desk.store.transaction():
            self._desk.store.replies.drop(command.reply)
        self._desk.emit(self._loaded())

    def _require_fitting(self, reply: Reply) -> None:
        try:
            title, english, spanish = (len(part.encode()) for part in (reply.title, reply.english, reply.spanish))
        except UnicodeEncodeError:
            raise Refused(_NO_UNICODE) from None  # the error's own text would quote what somebody wrote
        for fault, notice in (
            (not title, _NO_TITLE),
            (title > commands.REPLY_TITLE, _LONG_TITLE),
            (not english and not spanish, _NO_TEXT),
            (english > limits.TEXT.value, _LONG_ENGLISH),
            (spanish > limits.TEXT.value, _LONG_SPANISH),
        ):
            if fault:
                raise Refused(notice)

    def _require_place(self, reply: bytes) -> None:
        known = [kept.id for kept in self._desk.store.replies.all()]
        if reply and reply not in known:
            raise Refused(_GONE)
        if not reply and len(known) >= commands.REPLY_COUNT:
            raise Refused(_FULL)

    def _loaded(self, saved: bytes = b"") -> RepliesLoaded:
        kept = sorted(self._desk.store.replies.all(), key=lambda reply: (fold(reply.title), reply.id))
        return RepliesLoaded(tuple(ReplyRow(one.id, one.title, one.english, one.spanish) for one in kept), saved)
