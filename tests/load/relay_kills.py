"""How much a hundred power cuts lose."""

import sys
import time
from pathlib import Path

from tests.load.relay_world import relay
from tests.relay_server.crashing import kill_again_and_again


def run(folder: Path, trials: int) -> None:
    with relay(folder / "kills") as process:
        began = time.monotonic()
        try:
            accepted = kill_again_and_again(process, trials)
        except AssertionError as error:
            sys.stdout.write(f"  {trials} kill -9 trials FAILED: {error}\n")
            return
        each = (time.monotonic() - began) / trials
        sys.stdout.write(
            f"  {trials} kill -9 trials, live and offline readers: {accepted:,} accepted, 0 lost, 0 double, "
            f"order kept ({each:.1f} s a trial)\n"
        )
