"""Canned replies: kept on this device, through a lock, within their limits."""

from agent_app.engine.commands import REPLY_COUNT, REPLY_TITLE, Command, DeleteReply, LoadReplies, SaveReply
from agent_app.engine.events import NoticeRaised, RepliesLoaded, ReplyRow
from agent_app.protocol import limits
from tests.engine.test_writing import lock_and_unlock
from tests.engine.world import Desk, World, played


async def after(desk: Desk, command: Command) -> RepliesLoaded:
    desk.events.clear()
    desk.do(command)
    await desk.until(lambda d: d.told(RepliesLoaded), "the replies")
    return desk.told(RepliesLoaded)[-1]


async def refusal(desk: Desk, command: Command, code: str) -> str:
    desk.events.clear()
    desk.do(command)
    await desk.until(lambda d: d.told(NoticeRaised), "a refusal")
    assert desk.told(RepliesLoaded) == []
    notice = desk.told(NoticeRaised)[-1].notice
    assert notice.code == code
    return notice.means


@played
async def test_they_are_added_changed_and_deleted_and_outlive_a_lock(world: World) -> None:
    ada = await world.desk("ada")
    assert (await after(ada, LoadReplies())).rows == ()
    loaded = await after(ada, SaveReply(b"", " Thanks ", "Thank you, {patient}.\n", "Gracias, {patient}."))
    (thanks,) = loaded.rows
    assert loaded.saved == thanks.reply
    assert thanks == ReplyRow(thanks.reply, "Thanks", "Thank you, {patient}.", "Gracias, {patient}.")
    await after(ada, SaveReply(b"", "álbum", "", "Solo en español."))
    changed = await after(ada, SaveReply(thanks.reply, "Thank you", thanks.english, ""))
    assert [row.title for row in changed.rows] == ["álbum", "Thank you"]
    await lock_and_unlock(ada)
    assert (await after(ada, LoadReplies())).rows == changed.rows
    assert [row.title for row in (await after(ada, DeleteReply(thanks.reply))).rows] == ["álbum"]
    assert "no longer here" in await refusal(ada, SaveReply(thanks.reply, "Thank you", "again", ""), "reply.gone")


@played
async def test_what_does_not_fit_is_refused_with_the_reason(world: World) -> None:
    ada = await world.desk("ada")
    long, text = "é" * (REPLY_TITLE // 2) + "e", limits.TEXT.value
    assert "no title" in await refusal(ada, SaveReply(b"", "  ", "text", ""), "reply.title")
    assert f"{REPLY_TITLE} bytes" in await refusal(ada, SaveReply(b"", long, "text", ""), "reply.title")
    assert "no text" in await refusal(ada, SaveReply(b"", "title", " ", "\n"), "reply.english")
    assert f"{text} bytes" in await refusal(ada, SaveReply(b"", "title", "x" * (text + 1), "ok"), "reply.english")
    assert f"{text} bytes" in await refusal(ada, SaveReply(b"", "title", "ok", "x" * (text + 1)), "reply.spanish")
    assert "not text" in await refusal(ada, SaveReply(b"", "title", "\ud800", ""), "")
    for number in range(REPLY_COUNT):
        ada.do(SaveReply(b"", f"{number:03}", "text", ""))
    await ada.until(lambda d: len(d.told(RepliesLoaded)) == REPLY_COUNT, "all of them")
    assert "already" in await refusal(ada, SaveReply(b"", "one more", "text", ""), "reply.full")
    assert len((await after(ada, LoadReplies())).rows) == REPLY_COUNT
