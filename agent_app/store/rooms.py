"""Everything one device keeps, over one file and one transaction."""

from contextlib import AbstractContextManager
from pathlib import Path

from agent_app.store.arrivals import Arrivals
from agent_app.store.attachments import Attachments
from agent_app.store.conversations import Conversations
from agent_app.store.database import Database
from agent_app.store.deliveries import Deliveries
from agent_app.store.drafts import Drafts
from agent_app.store.events import Events
from agent_app.store.invitations import Invitations
from agent_app.store.logs import AuditLog, ClinicLog
from agent_app.store.outbox import Outbox
from agent_app.store.replies import Replies
from agent_app.store.sealing import Sealing
from agent_app.store.search import Search
from agent_app.store.sessions import Sessions
from agent_app.store.settings import Settings
from agent_app.store.streams import Streams

DATABASE_FILE = "store.db"
SEALED_FOLDER = "sealed"
_EPOCH_MARK, _EPOCH_DUE = "epoch-mark", "epoch-due"


class Store:
    """The rooms of one device. What is written inside one `transaction()`, in whatever rooms, is one commit.

    Lives on the engine's thread. `folder` holds `store.db`, its write-ahead log, and `sealed/`.
    """

    def __init__(self, database: Database, epoch_key: bytes, folder: Path) -> None:
        self._sealing = sealing = Sealing(epoch_key)
        self.database = database
        self.settings = Settings(database)
        self.sessions = Sessions(database)
        self.search = Search(database, self.settings)
        self.conversations = Conversations(database, sealing)
        self.streams = Streams(database)
        self.events = Events(database, sealing, self.search, self.streams)
        self.arrivals = Arrivals(database)
        self.drafts = Drafts(database, sealing)
        self.replies = Replies(database)
        self.outbox = Outbox(database)
        self.deliveries = Deliveries(database)
        self.clinic_log = ClinicLog(database)
        self.audit_log = AuditLog(database)
        self.invitations = Invitations(database)
        self.attachments = Attachments(database, sealing, folder / SEALED_FOLDER)

    @classmethod
    def create(cls, folder: Path, database_key: bytes, epoch_key: bytes) -> "Store":
        """A new device's empty store. Raises StoreExists when there is one."""
        return cls(Database.create(folder / DATABASE_FILE, database_key), epoch_key, folder)

    @classmethod
    def open(cls, folder: Path, database_key: bytes, epoch_key: bytes, *, check_later: bool = False) -> "Store":
        """Opens what `create` made; see Database.open for what it refuses, and how, and for `check_later`."""
        database = Database.open(folder / DATABASE_FILE, database_key, check_later=check_later)
        return cls(database, epoch_key, folder)

    @staticmethod
    def check(folder: Path, database_key: bytes) -> None:
        """As Database.check, after which `database.checked` is due."""
        Database.check(folder / DATABASE_FILE, database_key)

    # The epoch key

    @property
    def epoch_is_due(self) -> bool:
        """Something was destroyed whose key the present epoch key had wrapped."""
        return bool(self.settings.number(_EPOCH_DUE))

    def renew_epoch_later(self) -> None:
        """In the transaction that destroys."""
        self.settings.set_number(_EPOCH_DUE, 1)

    def mark_epoch(self) -> None:
        """Before a new epoch key goes to the keyring: from then on `is_under` can tell the two apart."""
        with self.transaction():
            self.settings.set_raw(_EPOCH_MARK, self._sealing.mark())

    def is_under_its_key(self) -> bool:
        """Whether this epoch key is the one that the store was last wrapped under."""
        mark = self.settings.raw(_EPOCH_MARK)
        return mark is None or self._sealing.made(mark)

    def renew_epoch(self, epoch_key: bytes) -> None:
        """Wraps everything under another epoch key, in one commit."""
        anew = Sealing(epoch_key)
        with self.transaction():
            self.events.rewrap(anew)
            self.drafts.rewrap(anew)
            self.attachments.rewrap(anew)
            self.settings.set_raw(_EPOCH_MARK, anew.mark())
            self.settings.set_number(_EPOCH_DUE, 0)
        self._sealing.renew(epoch_key)
        self.shed()

    def transaction(self) -> AbstractContextManager[None]:
        return self.database.transaction()

    def shed(self) -> None:
        """After something was deleted: removes what the search index and the write-ahead log still hold of it."""
        while not self.shed_slice():
            pass

    def shed_slice(self) -> bool:
        """Some milliseconds of `shed`; True once all is removed. Whoever is killed in between goes on with the next."""
        if not self.search.is_settled:
            with self.transaction():
                self.search.settle()
        if settled := self.search.is_settled:
            self.database.shed()
        return settled

    def close(self) -> None:
        self.database.close()
