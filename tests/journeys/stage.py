"""The stage of every journey: a clinic on this machine, with relay, tapped wire, administrator, desks and phones.

Everything is a real process. What is started here is ended here, in reverse, whatever happens between.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from agent_app.engine.clinic_address import ClinicAddress
from agent_app.protocol.keys import ClinicId
from agent_app.relay import wire
from agent_app.transparency.log import ClinicLog
from tests.journeys.browser import Phone
from tests.journeys.desk import Workstation
from tests.journeys.processes import PATIENCE, Program, screen, wait_until
from tests.journeys.wiretap import Wiretap
from tests.relay_server.relays import kept_port

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "resources/patient_page/dist"
PROGRAMS = Path(sys.executable).parent


class Relay:
    """The relay's process, on a folder and a port that outlive it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.log = folder / "relay.log"
        self._keeper = kept_port()
        self._origin: list[str] = []
        self._page: Path | None = None
        self._program: Program | None = None

    def start(self) -> int:
        """Returns the port. Serves the page once `serve` has named it."""
        page = [] if self._page is None else ["--page", str(self._page)]
        port: int = self._keeper.getsockname()[1]
        command = [str(PROGRAMS / "sealdesk-relay"), "--data", str(self.folder / "data"), "--port", str(port)]
        before = self.log.stat().st_size if self.log.exists() else 0
        self._program = Program([*command, *self._origin, *page], self.log)
        wait_until(lambda: self._is_ready(before), "the relay to be ready")
        return port

    def _is_ready(self, before: int) -> bool:
        assert self._program is not None
        if self._program.process.poll() is not None:
            raise AssertionError(f"the relay ended; see {self.log}")
        return b"Sealdesk relay at http://" in self.log.read_bytes()[before:]

    def known_as(self, origin: str) -> None:
        self._origin = ["--origin", origin]

    def serve(self, page: Path) -> None:
        self._page = page

    def kill(self) -> None:
        if self._program:
            self._program.kill()

    def stop(self) -> None:
        if self._program:
            self._program.stop()

    def close(self) -> None:
        self.stop()
        self._keeper.close()


class Administrator:
    """`sealdesk-admin`, as a person runs it in a terminal."""

    PASSPHRASE = "umbrella-granite-velvet-comet-harbor-tulip"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()

    def run(self, *arguments: str) -> str:
        """Returns what the command printed; AssertionError with all of it when it failed."""
        command = [str(PROGRAMS / "sealdesk-admin"), *arguments, "--data", str(self.folder / "data")]
        environment = {**os.environ, "SEALDESK_ADMIN_PASSPHRASE": self.PASSPHRASE}
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
        assert done.returncode == 0, f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def make_clinic(self, name: str, relay: str) -> str:
        """Returns the clinic's address, for workstations."""
        self.run("init", name, "--relay", relay, "--sheets", str(self.folder / "sheets"))
        found = re.search(r"sealdesk-clinic:\S+", self.run("address"))
        assert found is not None
        return found[0]

    def approve(self, request: str, words: list[str], role: str) -> None:
        self.run("approve", request, "--words", " ".join(words), "--role", role)


class Stage:
    """One clinic. `origin` is how everybody reaches the relay: through the tapped wire.

    `display` is the X screen for the desks; without one each has a private one.
    """

    CLINIC = "Harbour Street Clinic"

    def __init__(self, folder: Path, things: ExitStack, display: str | None = None) -> None:
        self.folder = folder
        self._things = things
        self._display = display
        self.relay = Relay(folder / "relay")
        things.callback(self.relay.close)
        self.capture = folder / "wire.capture"
        wire = Wiretap(self.relay.start(), self.capture)
        things.callback(wire.close)
        self.origin = f"http://127.0.0.1:{wire.port}"
        self.relay.stop()
        self.relay.known_as(self.origin)
        self.relay.start()
        self.administrator = Administrator(folder / "administrator")
        self.address = self.administrator.make_clinic(self.CLINIC, self.origin)
        self._serve_page()

    def _serve_page(self) -> None:
        """The built page with the clinic's signed configuration beside it, as a clinic's web server would have it."""
        page = self.folder / "page"
        page.mkdir()
        for built in PAGE.iterdir():
            (page / built.name).write_bytes(built.read_bytes())
        hours, phone = "Monday to Friday, 8 to 17", "555 0100"
        self.administrator.run("page", "--relay-config", str(page), "--hours", hours, "--phone", phone)
        self.relay.stop()
        self.relay.serve(page)
        self.relay.start()

    def workstation(self, name: str, person: str, role: str, passphrase: str) -> Workstation:
        """A desk that has joined, was approved, and stands at its list of conversations."""
        data = self.folder / "desks"
        data.mkdir(exist_ok=True)
        desk = Workstation(name, data, self._display or self._screen(name))
        self._things.callback(desk.kill)
        desk.start()
        request, words = desk.join(self.address, person, passphrase)
        self.administrator.approve(request, words, role)
        desk.await_("sidebar")
        return desk

    def _screen(self, name: str) -> str:
        """Each workstation has a screen of its own: on a shared one they would fight for the focus."""
        program, display = screen(self.folder / f"screen-{name}.log")
        self._things.callback(program.stop)
        return display

    def mailbox(self, device: str) -> bytes:
        """The mailbox of the device whose id begins with these hex digits, as the clinic log has it."""
        clinic = ClinicAddress.parse(self.address).clinic
        answer = httpx.get(f"{self.origin}/v1/clinics/{clinic.hex()}/log?from=0", timeout=PATIENCE)
        log = ClinicLog.replay(wire.decode(wire.LogPage, answer.content).statements, ClinicId(clinic))
        return next(m.certificate.mailbox for m in log.roster.members.values() if m.id.hex().startswith(device))

    def phone(self, name: str, display: str | None = None) -> Phone:
        phone = Phone(self.folder / f"phone-{name}", display)
        self._things.callback(phone.close)
        return phone


@contextmanager
def stage(folder: Path, display: str | None = None) -> Iterator[Stage]:
    if not (PAGE / "index.html").exists():
        raise FileNotFoundError("The patient's page is not built; `make page` builds it.")
    with ExitStack() as things:
        yield Stage(folder, things, display)
