"""The audit key on two sheets of paper: either alone is random, both together are the key."""

import base64
from collections.abc import Callable
from pathlib import Path

from agent_app.cli.administration import Refused, write_private
from agent_app.protocol.encoding import encode
from agent_app.protocol.errors import InvalidKeyError
from agent_app.transparency import fingerprint
from agent_app.transparency.audit import RecipientSecret

_LINE = "SEALDESK-AUDIT-SHEET-1"
_TEXT = """Sealdesk audit key, sheet {number} of 2

Clinic:      {name}
Fingerprint: {fingerprint}

Two people keep one sheet each, apart from one another and from every computer.
One sheet alone opens nothing. Both together open every entry of the clinic's audit logs:

    sealdesk-admin audit-key SHEET-1 SHEET-2 --output KEY-FILE
    sealdesk-verify BUNDLE --fingerprint ... --audit-key KEY-FILE

{line} {clinic} {half}
"""


def write(
    folder: Path, name: str, clinic: bytes, secret: RecipientSecret, random: Callable[[int], bytes]
) -> tuple[Path, Path]:
    """Two files, readable by nobody else, to print and then to delete. Raises Refused where one is there already."""
    whole = encode(secret)
    pad = random(len(whole))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = folder / "audit-sheet-1.txt", folder / "audit-sheet-2.txt"
    for path in paths:
        if path.exists():
            raise Refused(f"{path} exists already. Choose an empty folder for the sheets.")
    for number, (path, half) in enumerate(zip(paths, (pad, _xor(whole, pad)), strict=True), 1):
        text = _TEXT.format(
            number=number,
            name=name,
            fingerprint=fingerprint.to_text(clinic),
            line=_LINE,
            clinic=clinic.hex(),
            half=base64.b64encode(half).decode(),
        )
        write_private(path, text.encode())
    return paths


def join(first: Path, second: Path) -> RecipientSecret:
    """The key of two sheets. Raises Refused unless they are the two halves of one."""
    (clinic, half), (other_clinic, other) = _read(first), _read(second)
    if clinic != other_clinic or len(half) != len(other) or half == other:
        raise Refused("These are not the two sheets of one clinic. Each keeper has another one.")
    try:
        text = base64.b64encode(_xor(half, other)).decode()
        return RecipientSecret.from_text(f"SEALDESK-AUDIT-KEY-1 {text}")
    except InvalidKeyError as error:
        raise Refused("The two sheets do not fit together. Compare each with the paper, letter by letter.") from error


def _read(path: Path) -> tuple[str, bytes]:
    with path.open("rb") as file:
        text = file.read(16_384).decode("utf-8", "replace")
    for line in text.splitlines():
        words = line.split()
        if len(words) == 3 and words[0] == _LINE:
            try:
                return words[1], base64.b64decode(words[2], validate=True)
            except ValueError:
                break
    raise Refused(f"{path} is no audit sheet: it needs a whole line that begins with {_LINE}.")


def _xor(a: bytes, b: bytes) -> bytes:
    return bytes(x ^ y for x, y in zip(a, b, strict=True))
