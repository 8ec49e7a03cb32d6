"""The least that a relay could do: append to a log, flush, answer, hand to the streams. Same HTTP front, no more.

What separates the relay from it is what authentication, hashing, idempotence, signatures and a database cost.
"""

import asyncio
import os
import queue
import sys
import threading
from pathlib import Path
from typing import Any

import uvicorn

from relay_server.connection import BoundedConnection


class Log:
    """An ASGI application. The header `mailbox` says where a body goes; a GET streams one mailbox."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._queue: queue.SimpleQueue[tuple[bytes, bytes, asyncio.Future[None]]] = queue.SimpleQueue()
        self._streams: dict[bytes, asyncio.Queue[bytes]] = {}
        self._loop: asyncio.AbstractEventLoop

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            self._loop = asyncio.get_running_loop()
            threading.Thread(target=self._write, daemon=True).start()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        mailbox = next(value for name, value in scope["headers"] if name == b"mailbox")
        if scope["method"] == "GET":
            await self._stream(mailbox, send)
            return
        body = b""
        while True:
            message = await receive()
            body += message["body"]
            if not message.get("more_body"):
                break
        done = self._loop.create_future()
        self._queue.put((mailbox, body, done))
        await done
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def _stream(self, mailbox: bytes, send: Any) -> None:
        arrivals = self._streams[mailbox] = asyncio.Queue()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            chunk = await arrivals.get()
            while not arrivals.empty():
                chunk += arrivals.get_nowait()
            await send({"type": "http.response.body", "body": chunk, "more_body": True})

    def _write(self) -> None:
        while True:
            batch = [self._queue.get()]
            while not self._queue.empty():
                batch.append(self._queue.get())
            self._file.write(b"".join(body for _, body, _ in batch))
            os.fdatasync(self._file.fileno())
            self._loop.call_soon_threadsafe(self._settle, batch)

    def _settle(self, batch: list[tuple[bytes, bytes, "asyncio.Future[None]"]]) -> None:
        for mailbox, body, done in batch:
            done.set_result(None)
            if mailbox in self._streams:
                self._streams[mailbox].put_nowait(len(body).to_bytes(4, "big") + body)


class _Server(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        port = self.servers[0].sockets[0].getsockname()[1]
        sys.stdout.write(f"Log at http://127.0.0.1:{port},\n")
        sys.stdout.flush()


def main(path: str) -> None:
    config = uvicorn.Config(
        Log(Path(path)), port=0, http=BoundedConnection, ws="none", access_log=False, log_level="warning"
    )
    _Server(config).run()


if __name__ == "__main__":
    main(sys.argv[1])
