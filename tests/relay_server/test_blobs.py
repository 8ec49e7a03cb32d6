"""Sealed files: docs/protocol.md, 12 and 16.13."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.relay_server.bench import Bench
from tests.relay_server.clinic import H, b64url
from tests.relay_server.relays import Owner, Practice, Refused, answered, begin, relay_process


class Sealed:
    """A file as its sender has it: bytes, name and both secrets."""

    def __init__(self, size: int = 100_000) -> None:
        self.content = os.urandom(size)
        self.name = H("blob", self.content)
        self.read, self.delete = os.urandom(16), os.urandom(16)
        self.path = f"/v1/blobs/{self.name.hex()}"

    def put(self, owner: Owner) -> None:
        hashes = (H("blob-read", self.read), H("blob-delete", self.delete))
        answered(owner.put_blob(self.name, self.content, *hashes))

    def get(self, practice: Practice, secret: bytes | None = None, **headers: str) -> bytes:
        headers["Sealdesk-Blob-Read"] = b64url(self.read if secret is None else secret)
        content: bytes = answered(practice.http.get(self.path, headers=headers))
        return content


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "blobs").rglob("*") if path.is_file())


def test_a_blob_is_stored_read_and_deleted_by_its_secrets(practice: Practice) -> None:
    agent = practice.agent()
    blob = Sealed(3_000_000)
    blob.put(agent)
    blob.put(agent)
    assert blob.get(practice) == blob.content

    for secret in (os.urandom(16), blob.delete, H("blob-read", blob.read)[:16]):
        with pytest.raises(Refused, match="not-found"):
            blob.get(practice, secret)
        wrong = secret if secret != blob.delete else blob.read
        assert practice.http.delete(blob.path, headers={"Sealdesk-Blob-Delete": b64url(wrong)}).status_code == 404
    assert blob.get(practice) == blob.content

    assert practice.http.delete(blob.path, headers={"Sealdesk-Blob-Delete": b64url(blob.delete)}).status_code == 204
    with pytest.raises(Refused, match="not-found"):
        blob.get(practice)


def test_an_interrupted_download_goes_on_where_it_stopped(practice: Practice) -> None:
    blob = Sealed(1_000)
    blob.put(practice.agent())
    for wanted, expected in (("bytes=0-99", (0, 100)), ("bytes=600-", (600, 1_000)), ("bytes=-50", (950, 1_000))):
        response = practice.http.get(blob.path, headers={"Sealdesk-Blob-Read": b64url(blob.read), "Range": wanted})
        start, end = expected
        assert response.status_code == 206
        assert response.headers["content-range"] == f"bytes {start}-{end - 1}/1000"
        assert response.content == blob.content[start:end]
    assert blob.get(practice, Range="bytes=0-") == blob.content
    for wrong in (
        "bytes=1000-",
        "bytes=5-4",
        "bytes=-0",
        "bytes=a-b",
        "lines=1-2",
        "bytes=1-2,4-5",
        "bytes=-",
        "bytes=0-²",
    ):
        raw = {"Sealdesk-Blob-Read": b64url(blob.read), "Range": wrong.encode("utf-8")}
        assert practice.http.get(blob.path, headers=raw).status_code == 416, wrong  # type: ignore[arg-type]


def test_what_is_not_what_it_says_is_not_stored(practice: Practice, relay_data: Path) -> None:
    agent = practice.agent()
    blob = Sealed()
    hashes = (H("blob-read", blob.read), H("blob-delete", blob.delete))
    before = files_in(relay_data)
    damaged = blob.content[:-1] + bytes([blob.content[-1] ^ 1])
    for content in (damaged, blob.content[:-1], blob.content + b"x", b""):
        response = agent.put_blob(blob.name, content, *hashes)
        assert response.status_code in (400, 413)
    assert agent.put_blob(blob.name, blob.content, hashes[0][:31], hashes[1]).status_code == 400
    streamed: Iterator[bytes] = iter([blob.content])
    headers = agent.headers(**{"Sealdesk-Blob-Read": b64url(hashes[0]), "Sealdesk-Blob-Delete": b64url(hashes[1])})
    assert agent.http.put(blob.path, content=streamed, headers=headers).status_code == 411
    agent.token = ""
    assert agent.put_blob(blob.name, blob.content, *hashes).status_code == 401
    with pytest.raises(Refused, match="not-found"):
        blob.get(practice)
    assert files_in(relay_data) == before


def test_nobody_changes_the_secrets_of_a_blob(practice: Practice) -> None:
    agent = practice.agent()
    blob = Sealed()
    blob.put(agent)
    response = agent.put_blob(blob.name, blob.content, os.urandom(32), os.urandom(32))
    assert (response.status_code, response.json()["type"]) == (409, "urn:sealdesk:problem:blob-conflict")


def test_names_that_are_none(practice: Practice) -> None:
    agent = practice.agent()
    for name in ("x", "ab" * 31, "AB" * 32, "..%2f..%2frelay.key", "%2e%2e"):
        for method in ("GET", "PUT", "DELETE"):
            response = agent.raw(method, f"/v1/blobs/{name}", b"x" if method == "PUT" else None)
            assert response.status_code in (400, 404, 405), name


def test_sizes_and_quotas(own_folder: Path) -> None:
    options = ("--limits", "blob=1000", "--limits", "blobs_mailbox=2500", "--limits", "blobs_clinic=4000")
    with relay_process(own_folder, *options) as relay:
        practice = relay.practice()
        agent, colleague, third = practice.agent(), practice.agent(), practice.agent()
        with pytest.raises(Refused, match="limit-exceeded"):
            Sealed(1_001).put(agent)
        for _ in range(2):
            Sealed(1_000).put(agent)
        with pytest.raises(Refused, match="storage-full"):
            Sealed(1_000).put(agent)
        for _ in range(2):
            Sealed(1_000).put(colleague)
        with pytest.raises(Refused, match="storage-full"):
            Sealed(1_000).put(third)


def test_uploads_at_once_leave_nothing_beyond_the_quota(own_folder: Path) -> None:
    with relay_process(own_folder, "--limits", "blobs_mailbox=1500") as relay:
        agent = relay.practice().agent()
        begun = [_uploading(agent, Sealed(1_000), 999) for _ in range(4)]
        statuses = []
        for connection, blob in begun:
            with connection:
                connection.sendall(blob.content[999:])
                statuses.append(connection.recv(65_536).split()[1])
        assert statuses == [b"204", b"507", b"507", b"507"]
        assert len(files_in(relay.data)) == 1


def test_a_deletion_and_an_upload_of_the_same_blob_do_not_cross(bench: Bench) -> None:
    blob = Sealed(1_000)
    secrets = (H("blob-read", blob.read), H("blob-delete", blob.delete))

    async def content() -> AsyncIterator[bytes]:
        yield blob.content

    async def put() -> None:
        await bench.blobs.put(bench.sender, blob.name, secrets, len(blob.content), content())

    async def scenario() -> None:
        async with bench:
            await put()
            await bench.writer.work(lambda t: t.connection.run("DELETE FROM blob"))
            await put()
            await bench.blobs.remove([blob.name])  # of the deletion before
            path, _ = await bench.blobs.opened(blob.name, blob.read)
            assert path.read_bytes() == blob.content
            await bench.blobs.delete(blob.name, blob.delete)
            assert not path.exists()

    asyncio.run(scenario())


def test_an_upload_that_breaks_off_leaves_nothing(own_folder: Path) -> None:
    with relay_process(own_folder) as relay:
        practice = relay.practice()
        agent = practice.agent()
        blob = Sealed(1_000_000)
        _half(agent, blob)
        relay.kill()
        stray = relay.data / "blobs" / "ab"
        stray.mkdir(parents=True, exist_ok=True)
        (stray / ("ab" * 32)).write_bytes(b"renamed, and then the power failed before its row")
        relay.start()
        assert files_in(relay.data) == []
        agent.prove()
        blob.put(agent)
        assert blob.get(practice) == blob.content
        relay.kill()
        relay.start()
        assert blob.get(practice) == blob.content


def _half(agent: Owner, blob: Sealed) -> None:
    """Half an upload, and the client is gone."""
    _uploading(agent, blob, 500_000)[0].close()


def _uploading(agent: Owner, blob: Sealed, sent: int) -> tuple[socket.socket, Sealed]:
    """An upload of which `sent` bytes are on their way."""
    hashes = {f"Sealdesk-Blob-{which}": b64url(os.urandom(32)) for which in ("Read", "Delete")}
    connection = begin(agent, "PUT", blob.path, len(blob.content), **hashes)
    connection.sendall(blob.content[:sent])
    return connection, blob
