"""`make demo`: a clinic on this machine.

Without a screen it plays the whole day of `test_sealed_line` by itself, tells it aloud, and leaves screenshots and a
report in `demo/`. With a screen it opens a desk and a patient's page for whoever sits before it, and ends with the
desk's window.
"""

import os
import shutil
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import segno

from tests.journeys import test_sealed_line
from tests.journeys.stage import ROOT, stage
from tests.journeys.test_sealed_line import Day

DEMO = ROOT / "demo"
PASSPHRASE = "velvet-comet-harbor-tulip-umbrella-granite"
CHAPTERS: list[Callable[[Day], None]] = [
    chapter for name, chapter in vars(test_sealed_line).items() if name.startswith("test_")
]


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def told(chapter: Callable[[Day], None]) -> str:
    return " ".join((chapter.__doc__ or "").split())


def play(folder: Path) -> int:
    """Both sides by itself. Each chapter asserts what it tells; the first that does not hold ends the demonstration."""
    say("No screen: this plays both sides itself, in real windows on private screens and in a real Chromium.\n")
    lines: list[str] = []
    with stage(folder) as built:
        day = Day(built)
        for chapter in CHAPTERS:
            begun = time.monotonic()
            chapter(day)
            lines.append(f"{told(chapter)} ({time.monotonic() - begun:.1f} s)")
            say(f"  ✓ {lines[-1]}")
        keep(day, lines)
    say(conversation(day))
    say(f"Screenshots and the report are in {DEMO.relative_to(Path.cwd())}/. Everything that was started has ended.")
    return 0


def conversation(day: Day) -> str:
    sides = []
    for side, rows in day.transcripts.items():
        said = "\n".join(textwrap.indent(" ".join(row.split()), "    ") for row in rows)
        sides.append(f"  {side}:\n{said}\n")
    return "\nThe conversation, as each side saw it after everything had been killed:\n\n" + "\n".join(sides)


def keep(day: Day, lines: list[str]) -> None:
    """What is left of the day: pictures, the evidence that an auditor saw, and what happened."""
    shutil.rmtree(DEMO, ignore_errors=True)
    shutil.copytree(day.stage.folder / "screenshots", DEMO / "screenshots")
    shutil.copy(day.stage.folder / "evidence.sealdesk", DEMO / "tampered.sealdesk")
    shutil.copy(day.stage.folder / "evidence-whole.sealdesk", DEMO / "evidence.sealdesk")
    happened = "\n".join(f"- {line}" for line in lines)
    passed, failed = (verdict.strip() for verdict in day.verdicts)
    pictures = "\n".join(f"![{p.stem}](screenshots/{p.name})" for p in sorted((DEMO / "screenshots").iterdir()))
    verify = f'sealdesk-verify demo/evidence.sealdesk --fingerprint "{day.fingerprint}"'
    report = f"""# A day at {day.stage.CLINIC}

{happened}

{conversation(day)}
## The auditor

    {verify}

```
{passed}
```

The same evidence with one bit flipped (`tampered.sealdesk`):

```
{failed}
```

## Pictures

{pictures}
"""
    (DEMO / "report.md").write_text(report)


def show(folder: Path, display: str) -> int:
    """A desk and a patient's page on the person's own screen."""
    say("Building a clinic: administrator, relay, two agents. The desk's window opens in a moment.\n")
    with stage(folder, display) as built:
        bruno = built.workstation("bruno", "Bruno Keller", "agent", PASSPHRASE)
        bruno.quit()
        amara = built.workstation("amara", "Amara Diallo", "supervisor", PASSPHRASE)
        link, code = amara.invite("Rosalind Achterberg", "1984-02-29")
        say(f"The patient's link:\n\n  {link}\n")
        segno.make(link, error="l").terminal(compact=True)
        say(f"\nThe code to be spoken: {code}. Rosalind Achterberg was born on 1984-02-29.")
        say(f"Amara's passphrase, should the desk lock: {PASSPHRASE}")
        built.phone("rosalind", display).open(link)
        say("\nClose the desk's window, or press Ctrl+C here, to end it all.")
        try:
            amara.await_end()
        except KeyboardInterrupt:
            say()
    return 0


def main() -> int:
    display = os.environ.get("DISPLAY")
    with tempfile.TemporaryDirectory(prefix="sealdesk-demo-") as folder:
        return show(Path(folder), display) if display else play(Path(folder))


if __name__ == "__main__":
    sys.exit(main())
