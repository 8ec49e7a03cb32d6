"""Processes under load, and a clinic's worth of mailboxes that are ready to send and to read."""

import os
import re
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.load.relay_http import request
from tests.relay_server.clinic import Device, encode
from tests.relay_server.relays import Owner, Practice, RelayProcess

_RATES = ("sends", "sends_burst", "clinic_deliveries", "address_calls", "mailbox_calls", "waiting")
_RATES += ("intake_address_hour", "intake_clinic_hour")
UNLIMITED = tuple(argument for name in _RATES for argument in ("--limits", f"{name}=1000000000"))
CONTENT = 1_024 - 296  # a body and a slot of 1 KiB together


@contextmanager
def relay(folder: Path) -> Iterator[RelayProcess]:
    folder.mkdir(parents=True, exist_ok=True)
    process = RelayProcess(folder, *UNLIMITED)
    try:
        yield process
    finally:
        process.close()


@contextmanager
def baseline(folder: Path) -> Iterator[str]:
    """The URL of the bare log."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.load.relay_baseline", str(folder / "log")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], 20)
        line = process.stdout.readline().decode() if ready else ""
        yield line.split(" at ")[1].split(",")[0]
    finally:
        process.kill()
        process.wait(10)
        if process.stdout is not None:
            process.stdout.close()


def resident(pid: int) -> float:
    """MB."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("ascii"))[0]) / 1_000


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def devices(practice: Practice, count: int) -> list[Owner]:
    """Active devices of the clinic, each with a token; all under the same head."""
    made = [Device(practice.clinic.fingerprint) for _ in range(count)]
    for device in made:
        practice.append(practice.clinic.admission(device))
    return [practice.owner(device) for device in made]


class Sender:
    """Requests of one mailbox to some others, each with fresh ids."""

    def __init__(self, owner: Owner, recipients: list[bytes], batch: int = 1) -> None:
        self.deliveries = batch * len(recipients)
        slots = [[mailbox, os.urandom(256)] for mailbox in recipients]
        self._marks = [os.urandom(16) for _ in range(batch)]
        body = encode([[mark, os.urandom(CONTENT), slots] for mark in self._marks])
        self._data = bytearray(request("POST", "/v1/envelopes", owner.headers(), body))
        self._places = [self._data.index(mark) for mark in self._marks]

    def next(self) -> tuple[bytes, list[bytes]]:
        """A request and the ids of its envelopes."""
        ids = [os.urandom(16) for _ in self._places]
        for place, identifier in zip(self._places, ids, strict=True):
            self._data[place : place + 16] = identifier
        return bytes(self._data), ids


def reading(owner: Owner, after: int = 0) -> bytes:
    return request("GET", f"/v1/envelopes?after={after}", owner.headers(), b"")


def discarding(owner: Owner) -> Callable[[list[int]], bytes]:
    """Requests that discard positions."""
    headers = owner.headers()
    return lambda positions: request("POST", "/v1/discard", headers, encode(positions))


def address(url: str) -> tuple[str, int]:
    host, port = url.removeprefix("http://").split(":")
    return host, int(port)


def identifier_of(frame: bytes) -> bytes | None:
    """The envelope id in an envelope's frame, found without decoding the whole."""
    if frame[2:10] != b"envelope":
        return None
    at = 10 + {0xCD: 3, 0xCE: 5, 0xCF: 9}.get(frame[10], 1)
    return frame[at + 34 + 2 : at + 34 + 18]


def position_of(frame: bytes) -> int:
    size = {0xCD: 2, 0xCE: 4, 0xCF: 8}.get(frame[10], 0)
    return int.from_bytes(frame[11 : 11 + size], "big") if size else frame[10]
