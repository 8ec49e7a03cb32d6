"""A file on its way: what is cancelled leaves nothing behind, and what a lock interrupts is sent after it."""

import asyncio
import shutil

import httpx

from agent_app.engine.commands import (
    CancelUpload,
    Lock,
    OpenConversation,
    SaveDraft,
    SendFile,
    SendPicture,
    SendText,
    Unlock,
)
from agent_app.engine.events import DraftLoaded, NoticeRaised, Phase, TextReturned, UploadEnded, UploadProgressed
from agent_app.protocol import events
from tests.engine.networks import Meddler
from tests.engine.patient import Patient
from tests.engine.test_conversing import PHOTO, invited, row, written
from tests.engine.world import PASSPHRASE, PATIENCE, Desk, World, played


class Slow(Meddler):
    """Files arrive whole at the relay, whose answer waits until a test lets it through."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = asyncio.Event()
        self.arrived = asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await super().handle_async_request(request)
        if request.method == "PUT" and "/v1/blobs/" in request.url.path:
            self.arrived.set()
            await self.opened.wait()
        return response


def files(patient: Patient) -> list[events.File]:
    return [m.content.event for m in patient.heard if isinstance(m.content.event, events.File)]


async def begun(desk: Desk, network: Slow, command: SendFile) -> bytes:
    """The upload's id, once all of it is at the relay."""
    network.arrived.clear()
    desk.do(command)
    async with asyncio.timeout(PATIENCE):
        await network.arrived.wait()
    return desk.told(UploadProgressed)[-1].upload


@played
async def test_what_is_cancelled_was_never_sent(world: World) -> None:
    network = Slow()
    ada = await world.desk("ada", transport=network)
    patient, conversation = await invited(world, ada)
    photo = written(world.folder / "photo.png", PHOTO)
    upload = await begun(ada, network, SendFile(conversation, photo, "your results"))
    assert not row(ada, conversation, "your results")
    ada.do(CancelUpload(upload))
    await ada.until(lambda d: d.told(UploadEnded), "the end")
    assert ada.told(UploadEnded) == [UploadEnded(conversation, upload)]
    await ada.until(lambda d: "photo.png was not sent." in d.notices(), "the notice")
    assert ada.told(TextReturned) == [TextReturned(conversation, "your results", note=False)]
    ada.do(CancelUpload(upload))
    await ada.until(lambda d: "It was too late to cancel." in d.notices(), "the refusal")
    ada.do(SendText(conversation, "after it"))
    await patient.until(lambda p: "after it" in p.texts())
    assert files(patient) == []
    assert {m.content.sequence for m in patient.heard if m.content.author == ada.device} == set(
        range(1, 1 + sum(m.content.author == ada.device for m in patient.heard))
    )
    blobs = [path for path in (world.folder / "relay").rglob("*") if path.is_file() and path.name == upload.hex()]
    assert blobs == []
    await ada.stop()
    with ada.disk() as store:
        assert store.database.scalar("SELECT count(*) FROM attachments") == 0
        assert not [e for e in store.events.held(store.conversations.list()[0].id) if e.kind == "file"]


@played
async def test_what_this_process_died_over_is_told_at_the_next_start(world: World) -> None:
    network = Slow()
    ada = await world.desk("ada", transport=network)
    patient, conversation = await invited(world, ada)
    photo = written(world.folder / "photo.png", PHOTO)
    await begun(ada, network, SendFile(conversation, photo, "your results"))
    died = world.folder / "desks" / "died"
    shutil.copytree(ada.profile.folder, died)  # as a kill leaves it, which no `finally` survives
    await ada.crash()
    shutil.rmtree(ada.profile.folder)
    died.rename(ada.profile.folder)
    network.opened.set()
    await ada.restart()
    await ada.until(lambda d: "photo.png was not sent." in d.notices(), "the notice")
    ada.do(OpenConversation(conversation))
    await ada.until(lambda d: d.told(DraftLoaded), "what was written with it")
    assert ada.told(DraftLoaded)[-1] == DraftLoaded(conversation, "your results", note=False)
    assert files(patient) == []
    await ada.restart()
    assert "photo.png was not sent." not in ada.notices()


@played
async def test_a_lock_in_the_middle_sends_it_later_and_an_end_in_the_middle_sends_nothing(world: World) -> None:
    network = Slow()
    ada = await world.desk("ada", transport=network)
    patient, conversation = await invited(world, ada)
    photo = written(world.folder / "photo.png", PHOTO)
    await begun(ada, network, SendFile(conversation, photo, "before the lock"))
    ada.do(Lock())
    await ada.until_phase(Phase.LOCKED)
    assert files(patient) == []
    network.opened.set()
    ada.events.clear()
    ada.do(Unlock(PASSPHRASE))
    await patient.until(files)
    assert [file.caption for file in files(patient)] == ["before the lock"]
    network.opened.clear()
    await begun(ada, network, SendFile(conversation, photo, "too late"))
    await patient.send(events.Ended())
    await ada.until(lambda d: [r.status for r in d.rows().values()] == ["ended"], "the end")
    network.opened.set()
    await ada.until(lambda d: d.told(NoticeRaised), "the refusal")
    assert ada.notices()[-1] == "Nothing was sent."
    assert not row(ada, conversation, "too late")


@played
async def test_what_was_written_with_a_refused_file_stands_in_the_draft_before_what_is_being_written(
    world: World,
) -> None:
    ada = await world.desk("ada")
    _, conversation = await invited(world, ada)
    damaged = written(world.folder / "damaged.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
    captions = []
    for path, caption in ((world.folder / "gone.pdf", "your results"), (damaged, "and this"), (damaged, "")):
        before = len(ada.told(NoticeRaised))
        ada.do(SendFile(conversation, path, caption))
        await ada.until(lambda d, n=before: len(d.told(NoticeRaised)) > n, "a refusal")  # type: ignore[misc]
        captions.append(caption)
    assert ada.told(TextReturned) == [TextReturned(conversation, caption, note=False) for caption in captions[:2]]
    ada.do(SaveDraft(conversation, "and this\nyour results\nCall her brother", note=True))
    ada.do(SendPicture(conversation, b"no picture", "Picture.png", "see here"))
    await ada.until(lambda d: len(d.told(TextReturned)) == 3, "the caption of the picture")
    await ada.restart()
    ada.do(OpenConversation(conversation))
    await ada.until(lambda d: d.told(DraftLoaded), "the draft")
    kept = "see here\nand this\nyour results\nCall her brother"
    assert ada.told(DraftLoaded)[-1] == DraftLoaded(conversation, kept, note=True)
