"""A clinic for the page's tests: a relay in a process of its own, an administrator, and the desks' real engines.

Driven from outside by lines of JSON: each on standard input is `{"do": name, ...}`, and each answer is one line,
`{"ok": value}` or `{"error": sentence}`. It ends when its input does. Arguments: a folder, the page's build, and the
origins of the page where it is hosted elsewhere.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec
from keyring.backend import KeyringBackend

from agent_app.engine import commands, events
from agent_app.engine.administration import opening
from agent_app.engine.administration.clinic import Administration, found
from agent_app.engine.administration.notebook import Notebook
from agent_app.engine.clinic_address import REQUEST_PREFIX, ClinicAddress, from_text
from agent_app.engine.engine import Engine
from agent_app.engine.pace import Pace
from agent_app.engine.profile import Profile
from agent_app.protocol import attachment, content, limits
from agent_app.protocol.encoding import decode
from agent_app.protocol.keys import ClinicId, DeviceId
from agent_app.relay.client import RelayClient
from agent_app.store.key_material import AdminSecrets
from agent_app.store.vault import MIB, Cost
from agent_app.transparency import enrolment, page_config
from agent_app.transparency.audit import RecipientSecret
from agent_app.transparency.statement import PolicyChange, Relay, Revocation
from tests.relay_server.relays import kept_port

PASSPHRASE = "harbour-velvet-quarrel-ninety-lantern"  # noqa: S105 - of a clinic that lives for a test
PATIENCE = 60.0
PROGRAM = Path(sys.executable).with_name("sealdesk-relay")


def now() -> int:
    return time.time_ns() // 1_000_000


class MemoryKeyring(KeyringBackend):
    """The desk's keyring has tests of its own; here it only has to remember."""

    priority = 0.1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self._items[service, username]


class Desk:
    """One agent's engine, and what it has said."""

    def __init__(self, data: Path, name: str) -> None:
        self.name = name
        self._profile = Profile(data, name.lower())
        self._keyring = MemoryKeyring()
        self._changed = asyncio.Event()
        self.said: list[events.Event] = []
        self._engine: Engine | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        pace = Pace(receipt_jitter=0.2, admission=0.1, reconnect_first=0.05, reconnect_most=0.5)
        cost = Cost(3, 64 * MIB)
        self._engine = Engine(self._profile, self._hear, keyring=self._keyring, pace=pace, cost=cost)
        self._task = asyncio.create_task(self._engine.run())

    def tell(self, command: commands.Command) -> None:
        assert self._engine is not None
        self._engine.submit(command)

    async def stop(self) -> None:
        if self._task is not None:
            self.tell(commands.Stop())
            await self._task
            self._task = None

    async def until(self, kind: type[Any], fits: Callable[[Any], bool] = lambda _: True) -> Any:
        async with asyncio.timeout(PATIENCE):
            while True:
                for event in self.said:
                    if isinstance(event, kind) and fits(event):
                        return event
                self._changed.clear()
                await self._changed.wait()

    def send_as_told(self, conversation: bytes, name: str, media_type: str, size: int | None, body: bytes) -> None:
        """Past every check of its own engine, which has to be known from within for that."""
        assert self._engine is not None
        shift: Any = self._engine._shift
        files, speech = shift._files, shift._speech
        sealed = attachment.seal_file(body, os.urandom)
        for check in ("check_text", "check"):  # from here on: it reads again what it has written
            mock.patch.object(limits.Limit, check).start()
        event = msgspec.structs.replace(sealed.event("x", media_type, ""), name=name)
        told = event if size is None else msgspec.structs.replace(event, size=size)
        files._say(lambda: speech.stored(conversation), told, sealed, uploaded=False)

    def consent(self, conversation: bytes) -> dict[str, Any]:
        """As the patient signed it and this desk holds it: evidence has it, no window shows it."""
        assert self._engine is not None
        shift: Any = self._engine._shift
        held = shift._files._desk.store.events.held(conversation)
        (opening,) = [stored.content for stored in held if stored.kind == "open"]
        said = decode(opening, content.Content).event
        return {"version": said.consent_version, "hash": said.consent_hash.hex()}

    def rows(self) -> dict[bytes, events.MessageRow]:
        """The newest state of every message."""
        rows: dict[bytes, events.MessageRow] = {}
        for event in self.said:
            if isinstance(event, events.MessageAdded | events.MessageChanged):
                rows[event.row.message] = event.row
        return rows

    def _hear(self, event: events.Event) -> None:
        self.said.append(event)
        self._changed.set()


class Clinic:
    def __init__(self, folder: Path, page: Path, page_origins: list[str]) -> None:
        self._folder = folder
        self._page = folder / "page"
        self._build = page
        self._page_origins = page_origins
        self._push_host = ""
        self._relay: asyncio.subprocess.Process | None = None
        self._keeper = kept_port()
        self.origin = ""
        self._secrets = AdminSecrets(os.urandom(32), os.urandom(32), os.urandom(16))
        self._notebook = Notebook(folder / "admin")
        self._clinic = ClinicId(bytes(32))
        self._desks: dict[str, Desk] = {}

    # The relay

    async def start_relay(self) -> str:
        port = str(self._keeper.getsockname()[1])
        arguments = ["--data", str(self._folder / "relay"), "--port", port, "--page", str(self._page), "--log-level", "warning"]
        arguments += ["--limits", "sends=6000"]
        for origin in self._page_origins:
            arguments += ["--page-origin", origin]
        if self._push_host:
            arguments += ["--push-host", self._push_host]
        pipe = asyncio.subprocess.PIPE
        self._relay = await asyncio.create_subprocess_exec(str(PROGRAM), *arguments, stdout=pipe)
        assert self._relay.stdout is not None
        line = (await asyncio.wait_for(self._relay.stdout.readline(), PATIENCE)).decode()
        found_origin = re.search(r"http://[\w.:]+", line)
        assert found_origin is not None, f"the relay said {line!r}"
        self.origin = found_origin[0]
        return self.origin

    async def kill_relay(self) -> None:
        """As when the power goes."""
        assert self._relay is not None
        self._relay.send_signal(signal.SIGKILL)
        await self._relay.wait()

    async def stop(self) -> None:
        for desk in self._desks.values():
            await desk.stop()
        if self._relay is not None and self._relay.returncode is None:
            self._relay.terminate()
            await self._relay.wait()
        self._keeper.close()

    # The administrator

    async def found(self, name: str, desks: list[str], push_host: str = "") -> dict[str, str]:
        self._push_host = push_host
        shutil.copytree(self._build, self._page, dirs_exist_ok=True)
        await self.start_relay()
        client = RelayClient(self.origin, now)
        try:
            identity = await client.identity()
            relay = Relay(identity.key, identity.origin)
            founding = found(name, "Europe/Berlin", relay, self._secrets, RecipientSecret(os.urandom(32), os.urandom(64)), now())
            self._clinic = founding.clinic
            self._notebook.found(ClinicAddress(self.origin, founding.clinic), founding.charter)
            clinic = self._administration(client)
            await clinic.found(founding.charter)
            await clinic.cosign(await clinic.read(), self._secrets)
        finally:
            await client.close()
        hours, phone = "Monday to Friday, 8:00 to 18:00", "+49 30 1234567"
        config = page_config.build(founding.clinic, self.origin, hours, phone, now(), self._secrets.admin)
        (self._page / "config.json").write_bytes(config)
        (self._page / "charter.bin").write_bytes(founding.charter)
        for desk in desks:
            await self.add_desk(desk)
        return {"origin": self.origin, "clinic": self._clinic.hex(), "config": config.decode()}

    def _administration(self, client: RelayClient) -> Administration:
        return Administration(self._notebook, ClinicAddress(self.origin, self._clinic), client, now)

    async def add_desk(self, name: str) -> None:
        desk = self._desks[name] = Desk(self._folder, name)
        desk.start()
        desk.tell(commands.Join(ClinicAddress(self.origin, self._clinic).text(), name, PASSPHRASE))
        asked = await desk.until(events.EnrolmentRequested)
        request = enrolment.parse(from_text(REQUEST_PREFIX, asked.request))
        client = RelayClient(self.origin, now)
        try:
            await self._administration(client).append(lambda _: enrolment.admission(request, "agent"), self._secrets)
        finally:
            await client.close()
        await desk.until(events.PhaseChanged, lambda event: event.phase is events.Phase.UNLOCKED)
        await desk.until(events.ConnectionChanged, lambda event: event.online)

    async def revoke(self, desk: str) -> None:
        request = enrolment.parse(from_text(REQUEST_PREFIX, (await self._desks[desk].until(events.EnrolmentRequested)).request))
        client = RelayClient(self.origin, now)
        try:
            administration = self._administration(client)
            log = await administration.read()
            member = next(m for m in log.roster.active if m.certificate.encoded == request.certificate)
            await administration.append(lambda _: Revocation(DeviceId(member.id), "stolen"), self._secrets)
        finally:
            await client.close()

    async def tell_hours(self, days: list[str], time_zone: str) -> None:
        client = RelayClient(self.origin, now)
        try:
            told = opening.parse(days, [], time_zone)
            await self._administration(client).append(lambda _: told, self._secrets)
        finally:
            await client.close()

    async def clear_alarms(self) -> None:
        """States the policy anew: the administrator's word that an alarm is over."""
        client = RelayClient(self.origin, now)
        try:
            await self._administration(client).append(lambda log: PolicyChange(log.roster.policy), self._secrets)
        finally:
            await client.close()

    # The desks

    async def invite(self, desk: str, name: str, birth_date: str, life: int = limits.INVITATION_LIFE) -> dict[str, str]:
        with mock.patch.object(limits, "INVITATION_LIFE", life):
            return await self._invite(desk, name, birth_date)

    async def _invite(self, desk: str, name: str, birth_date: str) -> dict[str, str]:
        before = sum(isinstance(event, events.InvitationCreated) for event in self._desks[desk].said)
        self._desks[desk].tell(commands.CreateInvitation(name, birth_date, "test"))
        created = await self._desks[desk].until(
            events.InvitationCreated, lambda event: self._desks[desk].said.index(event) >= 0 and self._count(desk) > before
        )
        created = [event for event in self._desks[desk].said if isinstance(event, events.InvitationCreated)][-1]
        return {"link": created.link, "code": created.code, "invitation": created.invitation.hex()}

    async def cancel(self, desk: str, invitation: str) -> None:
        self._desks[desk].tell(commands.CancelInvitation(bytes.fromhex(invitation)))
        await self._desks[desk].until(
            events.InvitationChanged,
            lambda event: event.invitation.hex() == invitation and event.state == "cancelled",
        )

    def _count(self, desk: str) -> int:
        return sum(isinstance(event, events.InvitationCreated) for event in self._desks[desk].said)

    async def conversation(self, desk: str, level: int) -> str:
        """The newest conversation whose patient has that level."""
        changed = await self._desks[desk].until(events.ConversationChanged, lambda event: event.row.level == level)
        return str(changed.row.conversation.hex())

    async def open(self, desk: str, conversation: str) -> None:
        self._desks[desk].tell(commands.OpenConversation(bytes.fromhex(conversation)))
        await self._desks[desk].until(events.TranscriptLoaded)

    async def send(self, desk: str, conversation: str, text: str) -> None:
        self._desks[desk].tell(commands.SendText(bytes.fromhex(conversation), text))

    async def check(self, desk: str, conversation: str) -> None:
        self._desks[desk].tell(commands.CheckPatient(bytes.fromhex(conversation), "safety-number", True))

    async def send_history(self, desk: str, conversation: str, earlier: str) -> None:
        self._desks[desk].tell(commands.SendHistory(bytes.fromhex(conversation), bytes.fromhex(earlier)))

    async def notices(self, desk: str) -> list[str]:
        return [event.notice.happened for event in self._desks[desk].said if isinstance(event, events.NoticeRaised)]

    async def send_file(self, desk: str, conversation: str, path: str) -> None:
        self._desks[desk].tell(commands.SendFile(bytes.fromhex(conversation), Path(path)))

    async def misbehave(
        self, desk: str, conversation: str, name: str, media_type: str, size: int | None = None, content: str = ""
    ) -> None:
        """A device of the clinic's own that sends what its program never would: any name, type and size."""
        self._desks[desk].send_as_told(bytes.fromhex(conversation), name, media_type, size, bytes.fromhex(content))

    async def consent(self, desk: str, conversation: str) -> dict[str, Any]:
        return self._desks[desk].consent(bytes.fromhex(conversation))

    async def typing(self, desk: str, conversation: str, on: bool) -> None:
        self._desks[desk].tell(commands.Typing(bytes.fromhex(conversation), on))

    async def claim(self, desk: str, conversation: str) -> None:
        self._desks[desk].tell(commands.Claim(bytes.fromhex(conversation)))

    async def transfer(self, desk: str, conversation: str, to: str) -> None:
        self._desks[desk].tell(commands.LoadColleagues())
        loaded = await self._desks[desk].until(
            events.ColleaguesLoaded, lambda event: any(one.name == to for one in event.colleagues)
        )
        device = next(one.device for one in loaded.colleagues if one.name == to)
        self._desks[desk].tell(commands.Transfer(bytes.fromhex(conversation), device))

    async def close(self, desk: str, conversation: str) -> None:
        """Waits until the desk shows it as closed: until the patient writes again."""
        self._desks[desk].tell(commands.Close(bytes.fromhex(conversation), "test"))
        await self._desks[desk].until(
            events.ConversationChanged,
            lambda event: event.row.conversation.hex() == conversation and event.row.status == "closed",
        )

    async def read(self, desk: str, conversation: str) -> None:
        self._desks[desk].tell(commands.MarkRead(bytes.fromhex(conversation)))

    async def heard(self, desk: str, text: str) -> dict[str, Any]:
        """Waits for a message with that text."""
        added = await self._desks[desk].until(events.MessageAdded, lambda event: event.row.text == text)
        return {"conversation": added.row.conversation.hex(), "kind": added.row.kind}

    async def heard_file(self, desk: str, conversation: str) -> dict[str, Any]:
        here = bytes.fromhex(conversation)
        added = await self._desks[desk].until(
            events.MessageAdded, lambda event: event.row.file is not None and event.row.conversation == here
        )
        path = self._folder / f"saved-{added.row.message.hex()}"
        self._desks[desk].tell(commands.SaveFile(added.row.conversation, added.row.message, path))
        await self._desks[desk].until(events.FileSaved, lambda event: event.message == added.row.message)
        return {"name": added.row.file.name, "type": added.row.file.media_type, "content": path.read_bytes().hex()}

    async def delivery(self, desk: str, text: str, wanted: str) -> None:
        """Waits until the desk's own message has come so far."""
        await self._desks[desk].until(
            events.MessageAdded | events.MessageChanged,  # type: ignore[arg-type]
            lambda event: event.row.text == text and event.row.delivery == wanted,
        )

    async def texts(self, desk: str) -> list[str]:
        return [row.text for row in sorted(self._desks[desk].rows().values(), key=lambda row: row.position)]

    async def stop_desk(self, desk: str) -> None:
        await self._desks[desk].stop()

    async def start_desk(self, desk: str) -> None:
        self._desks[desk].said.clear()
        self._desks[desk].start()
        self._desks[desk].tell(commands.Unlock(PASSPHRASE))
        await self._desks[desk].until(events.ConnectionChanged, lambda event: event.online)


async def main() -> None:
    folder, page, *elsewhere = sys.argv[1:]
    clinic = Clinic(Path(folder), Path(page), elsewhere)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try:
        while line := await reader.readline():
            request = json.loads(line)
            try:
                answer = {"ok": await getattr(clinic, request.pop("do"))(**request)}
            except Exception as error:
                traceback.print_exc()
                answer = {"error": f"{type(error).__name__}: {error}"}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    finally:
        await clinic.stop()


if __name__ == "__main__":
    asyncio.run(main())
