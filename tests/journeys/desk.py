"""An agent at a workstation: the desk's window in a process of its own, and what an agent does with it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from agent_app.launch import forgetful
from tests.journeys.processes import PATIENCE, Program, wait_until
from tests.memory import found_in


class Workstation:
    """One profile of the desk. `start`, `kill` and `quit` may follow one another; the profile stays on the disk."""

    def __init__(self, name: str, data: Path, display: str) -> None:
        self.name = name
        self.passphrase = ""
        self._data, self._display = data, display
        self._program: Program | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.journeys.desk_driver", str(self._data), self.name]
        environment = {"DISPLAY": self._display, "QT_QPA_PLATFORM": "xcb", "PYTHONWARNINGS": "error"}
        environment = forgetful(os.environ | environment)  # as `sealdesk-desk` starts itself
        log = self._data / f"desk-{self.name}.log"
        self._program = Program(command, log, environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def kill(self) -> None:
        if self._program:
            self._program.kill()
            self._program = None

    def quit(self) -> None:
        """Closes the window as a person does, and waits for the process to end by itself."""
        if self._program:
            assert self._program.process.stdin is not None
            self._program.process.stdin.close()
            status = self._program.process.wait(PATIENCE)
            self._program.stop()
            self._program = None
            assert status == 0, f"the desk of {self.name} ended with {status}; see desk-{self.name}.log"

    def await_end(self) -> None:
        """Until whoever sits before it closes the window."""
        if self._program:
            self._program.process.wait()

    def do(self, action: str, **details: Any) -> Any:
        """Asks the driver; AssertionError with its sentence when the window does not allow it."""
        assert self._program is not None, f"the desk of {self.name} is not running"
        pipes = self._program.process
        assert pipes.stdin is not None
        assert pipes.stdout is not None
        pipes.stdin.write(json.dumps({"do": action, **details}).encode() + b"\n")
        pipes.stdin.flush()
        line = pipes.stdout.readline()
        assert line, f"the desk of {self.name} ended; see {self._program.log}"
        answer = json.loads(line)
        assert "ok" in answer, answer["error"]
        return answer["ok"]

    def remembers(self, *texts: str) -> set[str]:
        """Which of these lie in the memory of the desk's process, as Python or as Qt writes them."""
        assert self._program is not None
        for _ in range(20):  # the driver's own pipes hold what was asked and answered: something else takes its place
            self.do("read", name="-" * 1_000)
        forms = {text: (text.encode(), text.encode("utf-16-le")) for text in texts}
        secrets = {f"{text} {place}": form for text, both in forms.items() for place, form in enumerate(both)}
        return found_in(self._program.process.pid, secrets, piece=32)  # less of a text may be the window's own words

    # What an agent sees

    def sees(self, widget: str) -> str | None:
        """The widget's text ("" when it has none), or None while it does not show."""
        state = self.do("read", name=widget)
        return state["text"] if state["visible"] else None

    def await_(self, widget: str) -> str:
        return wait_until(lambda: self._shown(widget), f"{widget} on {self.name}'s desk")[0]

    def _shown(self, widget: str) -> tuple[str] | None:
        text = self.sees(widget)
        return None if text is None else (text,)

    def await_enabled(self, widget: str) -> None:
        wait_until(lambda: self.do("read", name=widget)["enabled"], f"{widget} to work on {self.name}'s desk")

    def conversations(self) -> list[str]:
        return self.do("rows", name="conversationList")

    def transcript(self) -> list[str]:
        return self.do("rows", name="transcript")

    def await_row(self, *parts: str) -> str:
        """The transcript's row that holds all `parts`."""

        def row() -> str | None:
            return next((r for r in self.transcript() if all(part in r for part in parts)), None)

        return wait_until(row, f"{parts} in {self.name}'s transcript {self.transcript()}")

    def screenshot(self, path: Path) -> None:
        self.do("screenshot", path=str(path))

    # What an agent does

    def join(self, address: str, name: str, passphrase: str) -> tuple[str, list[str]]:
        """Fills in the first screen; returns the request for the administrator and its six words."""
        self.passphrase = passphrase
        self.await_("joinAddress")
        self.do("type", name="joinAddress", text=address)
        self.do("type", name="joinName", text=name)
        self.do("click", name="joinOwn")
        self.do("type", name="joinPassphrase", text=passphrase)
        self.do("type", name="joinRepeat", text=passphrase)
        self.do("click", name="joinButton")
        words = wait_until(lambda: self.sees("enrolmentWords"), f"six words on {self.name}'s desk")
        return self.await_("enrolmentRequest"), re.findall(r"[a-z-]+", words)

    def unlock(self) -> None:
        self.await_("unlockPassphrase")
        self.do("type", name="unlockPassphrase", text=self.passphrase)
        self.await_enabled("unlockButton")  # a wrong one before it may have to be waited out
        self.do("click", name="unlockButton")
        self.await_("sidebar")

    def invite(self, patient: str, birth_date: str) -> tuple[str, str]:
        """Returns the link and the code to be spoken."""
        self.do("click", name="inviteButton")
        self.do("type", name="inviteName", text=patient)
        self.do("type", name="inviteBirthDate", text=birth_date)
        self.do("click", name="inviteCreate")
        return self.await_("invitationLink"), self.await_("invitationCode").replace(" ", "")

    def save_file(self, name: str, path: Path) -> bytes:
        """Opens the newest row with a file of this name, saves the file, and returns what was written."""
        rows = self.transcript()
        self.do("choose", name="transcript", row=max(n for n, row in enumerate(rows) if name in row))
        self.do("key", name="transcript", key="Return")
        self.await_enabled("saveFileButton")
        self.do("click", name="saveFileButton")
        self.await_("fileNameEdit")
        self.do("type", name="fileNameEdit", text=str(path))
        self.do("key", name="fileNameEdit", key="Return")
        wait_until(lambda: path.name in (self.sees("saveState") or ""), "the file to be saved")
        self.do("click", name="receivedFileClose")
        return path.read_bytes()

    def export(self, bundle: Path) -> None:
        self.do("trigger", item="exportAction")
        self.await_("exportPath")
        self.do("type", name="exportPath", text=str(bundle))
        self.do("click", name="exportConfirm")
        wait_until(lambda: str(bundle) in (self.sees("exportState") or ""), "the bundle")
        self.do("click", name="exportClose")

    def open_conversation(self, row: int = 0) -> None:
        wait_until(lambda: len(self.conversations()) > row, f"conversation {row} on {self.name}'s desk")
        self.do("choose", name="conversationList", row=row)
        self.await_("transcript")

    def say(self, text: str) -> None:
        self.await_enabled("composer")
        self.do("type", name="composer", text=text)
        self.do("key", name="composer", key="Return")
