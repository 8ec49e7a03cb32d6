"""A desk in a process of its own, whose memory another process looks through. Says each phase; does what it is told.

It imports nothing that holds a passphrase.

python -m tests.engine.forgetter DATA PROFILE      then lines on its input: unlock PASSPHRASE, pin PIN, reopen PIN,
    lock, open
"""

import asyncio
import sys
import threading
from pathlib import Path

from agent_app.engine import commands
from agent_app.engine.engine import Engine
from agent_app.engine.events import (
    ConnectionChanged,
    ConversationsLoaded,
    Event,
    PhaseChanged,
    PreferencesChanged,
    TranscriptLoaded,
)
from agent_app.engine.profile import Profile
from agent_app.store.vault import MIB, Cost


class Forgetter:
    def __init__(self, profile: Profile) -> None:
        self.engine = Engine(profile, self._told, cost=Cost(3, 64 * MIB))
        self._conversation = b""

    def _told(self, event: Event) -> None:
        match event:
            case PhaseChanged(phase):
                say(phase)
            case ConversationsLoaded(rows) if rows:
                self._conversation = rows[0].conversation
            case ConnectionChanged(online=True):
                say("online")
            case PreferencesChanged(pin=True):
                say("pin")
            case TranscriptLoaded():
                say("opened")

    def obey(self) -> None:
        for line in sys.stdin:
            what, _, argument = line.rstrip("\n").partition(" ")
            match what:
                case "unlock":
                    self.engine.submit(commands.Unlock(argument))
                case "pin":
                    self.engine.submit(commands.SetPin(argument))
                case "reopen":
                    self.engine.submit(commands.UnlockByPin(argument))
                case "open":
                    self.engine.submit(commands.OpenConversation(self._conversation))
                case "lock":
                    self.engine.submit(commands.Lock())
            del line, argument
        self.engine.submit(commands.Stop())


def say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def main() -> None:
    desk = Forgetter(Profile(Path(sys.argv[1]), sys.argv[2]))
    threading.Thread(target=desk.obey).start()
    asyncio.run(desk.engine.run())


if __name__ == "__main__":
    main()
