"""Writes `kept/NNN.db` for the latest schema, once: `python -m tests.store.keep`. A kept file is never replaced."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from agent_app.store.database import SCHEMAS
from agent_app.store.rooms import Store
from tests.store import samples


def main() -> None:
    kept = Path(__file__).parent / "kept" / f"{len(SCHEMAS):03}.db"
    if kept.exists():
        sys.exit(f"{kept} stands for files that are out there. Add a new schema instead.")
    with TemporaryDirectory() as folder:
        store = Store.create(Path(folder), samples.DATABASE_KEY, samples.EPOCH_KEY)
        with store.transaction():
            store.settings.relay_origin = "https://relay.example"
            store.conversations.open(samples.conversation())
            for number in (1, 2, 3):
                store.events.add(samples.event(number, content=b"kept %d" % number))
        store.close()
        kept.write_bytes((Path(folder) / "store.db").read_bytes())


if __name__ == "__main__":
    main()
