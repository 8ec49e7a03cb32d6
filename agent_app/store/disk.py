"""Files and folders beside the database, and the one error for a disk that does not do what it should."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent_app.store.errors import StoreUnavailable


@contextmanager
def disk() -> Iterator[None]:
    """Whatever the system refuses becomes StoreUnavailable; a file that is not there stays FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StoreUnavailable(f"{error.filename or 'a file'}: {error.strerror}") from error


def private_folder(path: Path) -> None:
    """Makes it, and those above it, if need be; nobody else on the machine may look in."""
    with disk():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Replaces `path`. Whoever reads it, also after a crash, finds the old or the new content.

    A crash may leave `<name>.part` behind; the next write takes its place.
    """
    private_folder(path.parent)
    unfinished = path.with_name(f"{path.name}.part")
    with disk():
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
