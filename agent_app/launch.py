"""Starts the desk as a process that forgets: memory is overwritten as it is freed, and no crash writes it to a file.

Python keeps keys and messages in objects that it frees without clearing. glibc can be told to fill whatever is freed;
then whatever nobody holds any more is gone, whoever freed it: Python, libsodium, SQLite or Qt. This is decided when a
process starts, hence the second start, before anything of weight is loaded. Other systems have no such switch.
"""

import gc
import os
import sys
from collections.abc import Mapping
from types import ModuleType

_ALLOCATOR = ("PYTHONMALLOC", "malloc")  # Python's own allocator would recycle small objects without glibc's knowledge
# A thread's cache of freed pieces is not filled, so there is to be none.
_FILL = "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"


def forgetful(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment in which a process on Linux with glibc fills what it frees."""
    tunables = environment.get("GLIBC_TUNABLES", "")
    if not tunables.endswith(_FILL):
        tunables = f"{tunables}:{_FILL}".lstrip(":")
    return {**environment, _ALLOCATOR[0]: _ALLOCATOR[1], "GLIBC_TUNABLES": tunables}


def main() -> None:
    """Entry point of `sealdesk-desk`."""
    if sys.platform == "linux":
        import resource  # Windows has no such module

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        wanted = forgetful(os.environ)
        if wanted != dict(os.environ):
            os.execve(sys.executable, [sys.executable, "-m", "agent_app.launch", *sys.argv[1:]], wanted)  # noqa: S606 - itself
    loaded().main()


def loaded() -> ModuleType:
    """The desk's own modules and Qt's, which the first of the two starts must not load.

    They stay as long as the process: to look for garbage among them, now or later, would find none and take its time.
    """
    gc.disable()
    from agent_app import main as desk

    gc.freeze()
    gc.enable()
    return desk


if __name__ == "__main__":
    main()
