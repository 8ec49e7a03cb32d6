"""Small typed facts about this device, and the names that other devices told."""

from dataclasses import dataclass, field

from agent_app.protocol.keys import ClinicId, DeviceId
from agent_app.store.database import Database, columns


@dataclass(frozen=True, slots=True)
class Name:
    """A `name` event (9.2). Whether it fits the log's commitment is for the engine to say."""

    device: DeviceId
    name: str = field(repr=False)
    salt: bytes = field(repr=False)
    told: int


class Settings:
    """Reading is free; setting wants an open transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def text(self, name: str, default: str = "") -> str:
        value = self._read(name)
        return default if value is None else value.decode()

    def set_text(self, name: str, value: str) -> None:
        self._write(name, value.encode())

    def number(self, name: str, default: int = 0) -> int:
        value = self._read(name)
        return default if value is None else int(value)

    def set_number(self, name: str, value: int) -> None:
        self._write(name, str(value).encode())

    def raw(self, name: str) -> bytes | None:
        return self._read(name)

    def set_raw(self, name: str, value: bytes) -> None:
        self._write(name, value)

    @property
    def phase(self) -> str:
        return self.text("phase")

    @phase.setter
    def phase(self, phase: str) -> None:
        self.set_text("phase", phase)

    @property
    def unread_admissions(self) -> tuple[DeviceId, ...]:
        """Devices that were added to the clinic, and of which nobody at this desk has read yet."""
        kept = self._read("admissions-unread") or b""
        return tuple(DeviceId(kept[at : at + 32]) for at in range(0, len(kept), 32))

    @unread_admissions.setter
    def unread_admissions(self, devices: tuple[DeviceId, ...]) -> None:
        self._write("admissions-unread", b"".join(devices))

    @property
    def relay_origin(self) -> str:
        return self.text("relay-origin")

    @relay_origin.setter
    def relay_origin(self, origin: str) -> None:
        self.set_text("relay-origin", origin)

    @property
    def clinic(self) -> ClinicId:
        """The clinic's fingerprint, 32 bytes; empty before it is known."""
        return ClinicId(self._read("clinic") or b"")

    @clinic.setter
    def clinic(self, fingerprint: bytes) -> None:
        self.set_raw("clinic", fingerprint)

    @property
    def generation(self) -> int:
        """The device's generation (section 7, rollback)."""
        return self.number("generation")

    @generation.setter
    def generation(self, generation: int) -> None:
        self.set_number("generation", generation)

    @property
    def inbox_position(self) -> int:
        """The last relay position that was stored: `after` of the next stream (16.9)."""
        return self.number("inbox-position")

    @inbox_position.setter
    def inbox_position(self, position: int) -> None:
        self.set_number("inbox-position", position)

    def learn_name(self, name: Name) -> None:
        self._database.insert(
            "names",
            columns(name),
            "ON CONFLICT DO UPDATE SET name = excluded.name, salt = excluded.salt, told = excluded.told",
        )

    def name_of(self, device: bytes) -> Name | None:
        row = self._database.row("SELECT device, name, salt, told FROM names WHERE device = ?", device)
        return Name(*row) if row else None

    def names(self) -> dict[DeviceId, Name]:
        return {row[0]: Name(*row) for row in self._database.rows("SELECT device, name, salt, told FROM names")}

    def _read(self, name: str) -> bytes | None:
        value: bytes | None = self._database.scalar("SELECT value FROM settings WHERE name = ?", name)
        return value

    def _write(self, name: str, value: bytes) -> None:
        row = {"name": name, "value": value}
        self._database.insert("settings", row, "ON CONFLICT DO UPDATE SET value = excluded.value")
