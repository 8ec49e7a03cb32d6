"""Files beside the database that are replaced whole or not at all."""

import os
from pathlib import Path

from agent_app.store.errors import StoreUnavailable


def write_whole(path: Path, content: bytes) -> None:
    """Replaces `path`, and makes its folder. Whoever reads it, also after a crash, finds the old or the new content.

    Raises StoreUnavailable. A crash may leave `<name>.part` behind; the next write takes its place.
    """
    unfinished = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be written: {error.strerror}. Free or unlock the disk.") from error
