"""Files that people take away: each is there whole or not at all, also where this process dies while it writes one."""

import os
from contextlib import suppress
from pathlib import Path

from agent_app.engine.desk import Desk
from agent_app.engine.uninterrupted import uninterrupted
from agent_app.protocol.encoding import decode, encode
from agent_app.store.rooms import Store

_BEGUN = "copies-begun"


async def write_copy(desk: Desk, path: Path, content: bytes) -> None:
    """Raises OSError. What a sudden death leaves beside `path` may be in the clear: the store names it until then."""
    _note(desk.store, begun=path)
    try:
        await uninterrupted(write_whole, path, content)
    finally:
        _note(desk.store, ended=path)


def remove_unfinished(store: Store) -> None:
    """At the next start. A medium that is gone keeps its name in the store until it is back."""
    for path in _begun(store):
        with suppress(OSError):
            if path.parent.is_dir():
                _unfinished(path).unlink(missing_ok=True)
                _note(store, ended=path)


def write_whole(path: Path, content: bytes) -> None:
    """`path` with `content`, or as it was. Nobody else may read it; a link that lies in the way is not followed."""
    unfinished = _unfinished(path)
    try:
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


def _unfinished(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def _begun(store: Store) -> tuple[Path, ...]:
    kept = store.settings.raw(_BEGUN)
    return tuple(Path(os.fsdecode(path)) for path in decode(kept, tuple[bytes, ...])) if kept else ()


def _note(store: Store, begun: Path | None = None, ended: Path | None = None) -> None:
    changed = {path.absolute(): path is begun for path in (begun, ended) if path is not None}
    paths = [path for path in _begun(store) if path not in changed] + [path for path, on in changed.items() if on]
    with store.transaction():
        store.settings.set_raw(_BEGUN, encode(tuple(map(os.fsencode, paths))) if paths else b"")
