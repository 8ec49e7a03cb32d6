"""Matrix Synapse on SQLite (write-ahead log, each commit flushed), its rate limits lifted: a room a pair, and /sync.

A room keeps all that was said; nothing is deleted when it was read. A message costs so much that httpx is no burden.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

import httpx

from tests.load.peers.server import CONTENT, Close, Send, Took

_SECRET = "a-bench-on-loopback"
_FILTER = json.dumps(
    {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {"ephemeral": {"types": []}, "account_data": {"types": []}, "timeline": {"limit": 100}},
    }
)
_LIMITS = (
    *("rc_message", "rc_registration", "rc_presence.per_user", "rc_invites.per_room", "rc_invites.per_user"),
    *("rc_invites.per_issuer", "rc_joins.local", "rc_joins.remote", "rc_joins_per_room", "rc_login.address"),
    "rc_room_creation",
)


class Synapse:
    program = "synapse_homeserver"
    name = "Matrix Synapse, SQLite"

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}
        self._rooms: dict[int, str] = {}
        self._since: dict[int, str] = {}
        self._count = 0

    def command(self, folder: Path, port: int) -> list[str]:
        seed = base64.b64encode(os.urandom(32)).decode().rstrip("=")
        (folder / "signing.key").write_text(f"ed25519 a_1 {seed}\n", "utf-8")
        (folder / "homeserver.yaml").write_text(json.dumps(_configuration(folder, port)), "utf-8")  # JSON is YAML
        return [self.program, "-c", str(folder / "homeserver.yaml")]

    async def prepare(self, port: int, pairs: int) -> None:
        async with _client(port) as client:
            await asyncio.gather(*(self._pair(client, number) for number in range(pairs)))

    async def listen(self, port: int, number: int, took: Took) -> Close:
        client = _client(port, self._tokens[f"r{number}"])
        await self._sync(client, number, 0)
        task = asyncio.create_task(self._read(client, number, took))

        def close() -> None:
            task.cancel()
            self._closing = asyncio.create_task(client.aclose())

        return close

    async def sender(self, port: int, number: int) -> tuple[Send, Close]:
        client = _client(port, self._tokens[f"s{number}"])
        content = {"msgtype": "m.text", "body": "x" * CONTENT}

        async def send() -> int:
            self._count += 1
            path = f"/_matrix/client/v3/rooms/{self._rooms[number]}/send/m.room.message/{self._count}"
            (await client.put(path, json=content)).raise_for_status()
            return 1

        def close() -> None:
            self._closing = asyncio.create_task(client.aclose())

        return send, close

    async def _pair(self, client: httpx.AsyncClient, number: int) -> None:
        """Two people and their room."""
        for name in (f"s{number}", f"r{number}"):
            self._tokens[name] = await _registered(client, name)
        wanted = {"preset": "private_chat", "invite": [f"@r{number}:localhost"]}
        room = await _post(client, "createRoom", wanted, self._tokens[f"s{number}"])
        self._rooms[number] = room["room_id"]
        await _post(client, f"join/{room['room_id']}", {}, self._tokens[f"r{number}"])

    async def _read(self, client: httpx.AsyncClient, number: int, took: Took) -> None:
        while True:
            took(await self._sync(client, number, 10_000))

    async def _sync(self, client: httpx.AsyncClient, number: int, wait: int) -> int:
        asked: dict[str, str | int] = {"filter": _FILTER, "timeout": wait}
        if number in self._since:
            asked["since"] = self._since[number]
        answer = (await client.get("/_matrix/client/v3/sync", params=asked)).raise_for_status().json()
        self._since[number] = answer["next_batch"]
        rooms = answer.get("rooms", {}).get("join", {}).values()
        return sum(event["type"] == "m.room.message" for room in rooms for event in room["timeline"]["events"])


def _client(port: int, token: str = "") -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60, trust_env=False)


async def _post(client: httpx.AsyncClient, call: str, content: Any, token: str) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return (await client.post(f"/_matrix/client/v3/{call}", json=content, headers=headers)).raise_for_status().json()


async def _registered(client: httpx.AsyncClient, name: str) -> str:
    """A new person's token, by the secret shared with the server."""
    path = "/_synapse/admin/v1/register"
    nonce = (await client.get(path)).raise_for_status().json()["nonce"]
    said = "\0".join((nonce, name, _SECRET, "notadmin"))
    proof = hmac.new(_SECRET.encode(), said.encode(), hashlib.sha1).hexdigest()
    wanted = {"nonce": nonce, "username": name, "password": _SECRET, "admin": False, "mac": proof}
    token: str = (await client.post(path, json=wanted)).raise_for_status().json()["access_token"]
    return token


def _configuration(folder: Path, port: int) -> dict[str, Any]:
    lifted: dict[str, Any] = {}
    for name in _LIMITS:
        outer, _, inner = name.partition(".")
        limit = {"per_second": 1_000_000, "burst_count": 1_000_000}
        lifted.setdefault(outer, {}).update({inner: limit} if inner else limit)
    client = {"names": ["client"], "compress": False}
    return {
        "server_name": "localhost",
        "listeners": [{"port": port, "bind_addresses": ["127.0.0.1"], "type": "http", "resources": [client]}],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "pid_file": str(folder / "pid"),
        "registration_shared_secret": _SECRET,
        "macaroon_secret_key": _SECRET,
        "form_secret": _SECRET,
        "bcrypt_rounds": 4,
        "report_stats": False,
        "trusted_key_servers": [],
        "presence": {"enabled": False},
        **lifted,
    }
