"""Clients that do not read: their connection ends, and with it what is kept for them."""

import asyncio
import socket

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from relay_server import connection
from relay_server.connection import BoundedConnection
from tests.relay_server.relays import PATIENCE


def test_a_client_that_takes_nothing_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "WRITE_TIMEOUT", 0.2)
    gone = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(2):  # the second waits until the first has been taken, or nobody is there any more
            await send({"type": "http.response.body", "body": bytes(32 * 1024 * 1024), "more_body": True})
        assert (await receive())["type"] == "http.disconnect"
        gone.set()

    async def scenario() -> None:
        config = uvicorn.Config(app, http=BoundedConnection, ws="none", lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        listener = socket.create_server(("127.0.0.1", 0))
        serving = asyncio.create_task(server.serve([listener]))
        _, writer = await asyncio.open_connection(*listener.getsockname(), limit=1_024)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.wait_for(gone.wait(), PATIENCE)
        writer.transport.abort()
        server.should_exit = True
        await asyncio.wait_for(serving, PATIENCE)

    asyncio.run(scenario())
