"""sealdesk-admin: founds a clinic, admits and revokes devices, vouches for its log. Exit status 0, or 1 and why."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console
from rich.markup import escape
from rich.prompt import Confirm, Prompt
from rich.table import Table

from agent_app.engine.administration import clinic as clinics
from agent_app.engine.administration import kit as kits
from agent_app.engine.administration import opening, page_files, plain_log
from agent_app.engine.administration.clinic import Administration
from agent_app.engine.administration.kit import Kit
from agent_app.engine.administration.notebook import Notebook, Refused, write_private
from agent_app.engine.administration.recovery import recover as recover_clinic
from agent_app.engine.clinic_address import REQUEST_PREFIX, AddressRefused, ClinicAddress, from_text
from agent_app.engine.profile import Profile, default_data
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.keys import ClinicId, DeviceId
from agent_app.relay.errors import RelayError
from agent_app.store.errors import VaultError
from agent_app.store.key_material import AdminSecrets
from agent_app.store.passphrase import eff_long, generate, require_strength
from agent_app.store.vault import Vault
from agent_app.transparency import enrolment, fingerprint, freshness, page_config, page_manifest
from agent_app.transparency.enrolment import EnrolmentRequest
from agent_app.transparency.freshness import Freshness, State
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.roster import Member
from agent_app.transparency.statement import Admission, Hours, PolicyChange, Relay, Revocation, Role

T = TypeVar("T")
Reason = Literal["stolen", "left", "replaced"]
PASSPHRASE_VARIABLE = "SEALDESK_ADMIN_PASSPHRASE"  # noqa: S105 - the name of a variable

app = App(
    name="sealdesk-admin",
    help="Founds a clinic, admits and revokes its devices, and vouches for its log.",
    help_format="plaintext",
    version_flags=[],
    result_action="return_value",
)
log_app = App(name="log", help="Reads the clinic's log.", help_format="plaintext", version_flags=[])
app.command(log_app)


@Parameter(name="*")
@dataclass(frozen=True)
class Place:
    """Where the administrator's notes are kept, and how the passphrase is given."""

    data: Path | None = None
    "Folder of all profiles; the user's data folder by default."
    profile: str = "admin"
    "Name of this administrator's profile, also in the keyring."
    passphrase_file: Path | None = None
    "File whose first line is the passphrase. Else the variable SEALDESK_ADMIN_PASSPHRASE, else a question."

    def notebook(self) -> Notebook:
        return Notebook(self._folder())

    def vault(self) -> Vault[AdminSecrets]:
        folder = self._folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Vault(AdminSecrets, self.profile, folder)

    def given_passphrase(self) -> str | None:
        if self.passphrase_file is not None:
            return self.passphrase_file.read_text("utf-8").split("\n", 1)[0]
        return os.environ.get(PASSPHRASE_VARIABLE)

    def unlock(self) -> AdminSecrets:
        passphrase = self.given_passphrase() or Prompt.ask("Administrator's passphrase", password=True)
        return self.vault().open(passphrase, _now())

    def _folder(self) -> Path:
        return Profile(self.data or default_data(), self.profile).folder


_HERE = Place()


def _now() -> int:
    return time.time_ns() // 1_000_000


def _out() -> Console:
    return Console(highlight=False, soft_wrap=True)


# Founding


@app.command
def init(
    name: str,
    *,
    relay: str,
    sheets_folder: Annotated[Path, Parameter(name="--sheets")],
    time_zone: str = "UTC",
    place: Place = _HERE,
) -> int:
    """Founds a clinic: makes the administrator's keys, the recovery kit's two sheets, and the charter.

    Parameters
    ----------
    name
        The clinic's name, as patients know it.
    relay
        The relay's origin, such as https://relay.example.
    sheets_folder
        Empty folder for the two sheets of the recovery kit. Print them, give them to two people, delete the files.
    time_zone
        Such as Europe/Berlin.
    """
    opening.require_time_zone(time_zone)
    notebook, out = place.notebook(), _out()
    if notebook.charter() is None or not place.vault().exists():
        secrets = _make_clinic(name, time_zone, asyncio.run(clinics.named_relay(relay, _now)), sheets_folder, place)
    else:
        out.print("A founding was begun here before; it is finished now.")
        secrets = place.unlock()
    log = _on_clinic(place, lambda clinic: _publish(clinic, notebook, secrets))
    out.print(f"[bold]{escape(log.roster.name)}[/bold] is founded.")
    _print_address(notebook.address(), out)
    out.print(
        f"The recovery kit's two sheets are in {sheets_folder}. Print them, give them to two people, delete them."
    )
    return 0


def _make_clinic(name: str, time_zone: str, relay: Relay, folder: Path, place: Place) -> AdminSecrets:
    """Keys, sheets and charter on this machine; the relay has heard of nothing yet."""
    vault, notebook = place.vault(), place.notebook()
    if vault.exists():
        raise Refused("This profile has an administrator's keys already. Choose another with --profile.")
    kit = Kit(os.urandom(32))
    secrets = kit.administrator(0, os.urandom(16))
    founding = clinics.found(name, time_zone, relay, secrets, kit.recipient, _now())
    address = ClinicAddress(relay.origin, founding.clinic)
    kits.write(folder, name, founding.clinic, address.text(), kit.sheets(os.urandom))
    passphrase = _new_passphrase(place)
    notebook.found(address, founding.charter)  # first: a charter without keys is buried by the next attempt
    vault.create(secrets, passphrase)
    return secrets


def _new_passphrase(place: Place) -> str:
    given = place.given_passphrase()
    if given is not None:
        return given
    suggested = generate(os.urandom)
    _out().print(f"A passphrase that nobody guesses: [bold]{suggested}[/bold]\nWrite it down and lock it away.")
    chosen = Prompt.ask("Type it, or one of your own", password=True)
    if Prompt.ask("Once more", password=True) != chosen:
        raise Refused("The two were not the same. Begin again. If sheets were written, delete them.")
    return chosen


async def _publish(clinic: Administration, notebook: Notebook, secrets: AdminSecrets) -> ClinicLog:
    charter = notebook.charter()
    if charter is not None:
        await clinic.found(charter)
    log = await clinic.read()
    await clinic.cosign(log, secrets)
    return log


# Devices


@app.command
def enrol(request: str, *, place: Place = _HERE) -> int:
    """Looks at a workstation's request, has its words compared, asks for the role, and admits it.

    Parameters
    ----------
    request
        The line that begins with sealdesk-enrol:, as the workstation shows it.
    """
    raw, asked = _request(request)
    out = _out()
    words = enrolment.words(raw, eff_long())
    out.print(f"[bold]{escape(asked.name)}[/bold] asks to join with a new device. Its screen must show these words:\n")
    out.print("    " + "  ".join(f"[bold]{word}[/bold]" for word in words) + "\n")
    if not Confirm.ask("Does it show exactly these six?", default=False):
        raise Refused("Nothing was admitted. Ask for the request again, by a way that nobody can change.")
    role: Role = Prompt.ask("Role", choices=["agent", "supervisor", "administrator", "auditor"], default="agent")  # type: ignore[assignment]
    return _admit(asked, role, place)


@app.command
def approve(request: str, *, words: str, role: Role = "agent", place: Place = _HERE) -> int:
    """As enrol, without questions: the words are given, as read from the workstation's own screen.

    Parameters
    ----------
    request
        The line that begins with sealdesk-enrol:
    words
        The six words, in quotation marks.
    role
        What the device may do.
    """
    raw, asked = _request(request)
    if tuple(words.lower().split()) != enrolment.words(raw, eff_long()):
        raise Refused("The words are not this request's. Nothing was admitted: somebody may have exchanged it.")
    return _admit(asked, role, place)


def _request(text: str) -> tuple[bytes, EnrolmentRequest]:
    raw = from_text(REQUEST_PREFIX, text)
    return raw, enrolment.parse(raw)


def _admit(request: EnrolmentRequest, role: Role, place: Place) -> int:
    secrets, out = place.unlock(), _out()
    needed = 0

    def action(log: ClinicLog) -> Admission:
        nonlocal needed
        needed = freshness.quorum(log)
        return enrolment.admission(request, role)

    log = _on_clinic(place, lambda clinic: clinic.append(action, secrets))
    device = next(m for m in log.roster.members.values() if m.certificate.encoded == request.certificate)
    out.print(f"{escape(request.name)} is admitted as {role}: device {device.id[:4].hex()}.")
    if freshness.quorum(log) > needed:
        # Otherwise the whole clinic falls silent, and nobody knows why.
        out.print("From now on two people must vouch for who is a member: you, and whoever you have just admitted.")
        out.print("Desks send nothing until that desk has been opened once. Have it unlocked now.")
    return 0


@app.command
def revoke(device: str, *, reason: Reason, place: Place = _HERE) -> int:
    """Ends a device's membership, for ever. From now on nothing is encrypted to it.

    Parameters
    ----------
    device
        The beginning of its number, as `sealdesk-admin log show` and the desk print it.
    reason
        Why.
    """
    secrets = place.unlock()

    def action(log: ClinicLog) -> Revocation:
        return Revocation(_device(log, device), reason)

    log = _on_clinic(place, lambda clinic: clinic.append(action, secrets))
    _out().print(f"Revoked ({reason}). {len(log.roster.active)} devices are left.")
    return 0


def _device(log: ClinicLog, beginning: str) -> DeviceId:
    found = [m.id for m in log.roster.active if len(beginning) >= 8 and m.id.hex().startswith(beginning.lower())]
    if len(found) != 1:
        raise Refused("There is no one active device whose number begins so. `sealdesk-admin log show` lists them.")
    return found[0]


@app.command
def hours(
    days: Sequence[str] = (),
    /,
    *,
    closed: Annotated[Sequence[date], Parameter(negative="")] = (),
    time_zone: str = "",
    place: Place = _HERE,
) -> int:
    """Tells patients and desks when the clinic is open; without days, shows what was told last.

    Parameters
    ----------
    days
        One text for each day or run of days, such as "mon-fri 8:00-12:00 13:00-17:00". Days not named are closed.
    closed
        A day on which the clinic is closed, such as 2026-12-25; as often as there are days.
    time_zone
        The clinic's, such as Europe/Berlin; the charter's by default.
    """
    if not days and not closed:
        return _show_hours(_on_clinic(place, lambda clinic: clinic.read()).roster.hours)
    secrets = place.unlock()

    def told(log: ClinicLog) -> Hours:
        return opening.parse(days, closed, time_zone or log.roster.time_zone)

    log = _on_clinic(place, lambda clinic: clinic.append(told, secrets))
    _show_hours(log.roster.hours)
    _out().print("The page's first screen says what `sealdesk-admin page --hours` said: sign it again if it differs.")
    return 0


def _show_hours(hours: Hours | None) -> int:
    if hours is None:
        _out().print("No hours were told yet: nobody is told whether the clinic is open.")
        return 0
    _out().print(escape(f"{opening.text(hours)} ({hours.time_zone})"))
    if hours.closed:
        _out().print("Closed on " + ", ".join(day.isoformat() for day in opening.closed_days(hours)))
    return 0


@app.command(name="all-clear")
def all_clear(*, place: Place = _HERE) -> int:
    """Ends the alarms that desks have raised about the clinic's log, after you have found out what was behind them.

    Desks that raised an alarm send nothing until an administrator does this. It states the clinic's policy anew.
    """
    secrets = place.unlock()
    log = _on_clinic(place, lambda clinic: clinic.append(lambda log: PolicyChange(log.roster.policy), secrets))
    _out().print(f"Stated anew at {log.size} statements. Desks that follow this log send again.")
    return 0


# The log


@log_app.command
def show(*, place: Place = _HERE) -> int:
    """The clinic, its administrators and its devices. Names are not in the log; desks show them."""
    log = _on_clinic(place, lambda clinic: clinic.read())
    roster, out = log.roster, _out()
    out.print(f"[bold]{escape(roster.name)}[/bold], {escape(roster.time_zone)}, relay {escape(roster.relay.origin)}")
    out.print(f"Fingerprint {fingerprint.to_text(roster.clinic)}")
    out.print(f"{log.size} statements; {len(roster.administrators)} administrators, {roster.threshold} must agree.")
    table = Table("device", "role", "admitted", "state")
    for member in roster.members.values():
        table.add_row(member.id[:8].hex(), member.role, _date(plain_log.admitted_at(log, member)), _state(member))
    out.print(table)
    return 0


@log_app.command
def entries(*, place: Place = _HERE) -> int:
    """Every entry as one sentence, the oldest first, as the desk's Administration shows it."""
    log, out = _on_clinic(place, lambda clinic: clinic.read()), _out()
    for one in plain_log.entries(log, lambda device: f"Device {device[:4].hex()}"):
        out.print(f"{_date(one.time)}  {one.who}: {escape(one.text)}")
    return 0


@log_app.command
def verify(*, place: Place = _HERE) -> int:
    """Downloads the log, replays every statement, checks the relay's signature and who has vouched for it."""
    log, fresh = _on_clinic(place, _judged)
    out = _out()
    out.print(f"{log.size} statements from the charter on, each signed by whom the one before allows.")
    out.print("The relay's signature holds, and the log extends what this machine has seen before.")
    if fresh.time is None:
        out.print("Too few people have vouched for it yet: desks send nothing.")
        out.print("Run `sealdesk-admin renew`, and have a supervisor unlock their desk if there is one.")
        return 1
    out.print(f"Last vouched for on {_date(fresh.time)}: {_FRESHNESS[fresh.state]}")
    return 0 if fresh.state is State.FRESH else 1


async def _judged(clinic: Administration) -> tuple[ClinicLog, Freshness]:
    log = await clinic.read()
    return log, await clinic.freshness(log)


_FRESHNESS = {
    State.FRESH: "fresh.",
    State.WARN: "desks warn. Run `sealdesk-admin renew`.",
    State.STOP: "too old, desks send nothing. Run `sealdesk-admin renew`.",
}


@app.command
def renew(*, place: Place = _HERE) -> int:
    """Vouches for the log's head as it is now, so that desks go on sending. Daily, unless a supervisor's desk does."""
    secrets = place.unlock()
    log = _on_clinic(place, lambda clinic: _renewed(clinic, secrets))
    _out().print(f"Vouched for {log.size} statements on {_date(_now())}.")
    return 0


async def _renewed(clinic: Administration, secrets: AdminSecrets) -> ClinicLog:
    log = await clinic.read()
    await clinic.cosign(log, secrets)
    return log


# Others


@app.command
def page(
    *,
    relay_config: Path | None = None,
    hours: str = "",
    phone: str = "",
    check: str = "",
    clinic: str = "",
    place: Place = _HERE,
) -> int:
    """Signs the patients' page: writes its config.json and manifest.note. Or, with --check, compares what is served.

    Parameters
    ----------
    relay_config
        Folder of the page's build, as it will be served. Sign again after every change of a file in it.
    hours
        Opening hours, as patients read them.
    phone
        The telephone number for whoever cannot get in.
    check
        The address of a page. Anybody may look: it takes no key. Status 1 where it is not what was signed.
    clinic
        The sealdesk-clinic: line to check by, where this profile administers no clinic.
    """
    if bool(check) == (relay_config is not None):
        raise Refused("Name a folder to sign with --relay-config, or an address to compare with --check.")
    return _check_page(check, clinic, place) if relay_config is None else _sign_page(relay_config, hours, phone, place)


def _sign_page(folder: Path, hours: str, phone: str, place: Place) -> int:
    secrets, address = place.unlock(), place.notebook().address()
    now, own = _now(), ClinicId(address.clinic)
    charter = place.notebook().charter()
    if charter is None:
        _out().print("This profile has no charter: the page will not name the clinic before the consent.")
    else:
        _publish_file(folder / "charter.bin", charter)
    # The manifest last: it is over all the others.
    _publish_file(folder / "config.json", page_config.build(own, address.origin, hours, phone, now, secrets.admin))
    manifest = page_manifest.build(own, now, address.origin, page_files.read(folder), secrets.admin)
    _publish_file(folder / page_manifest.NOTE_NAME, manifest)
    return 0


def _publish_file(target: Path, content: bytes) -> None:
    write_private(target, content)
    target.chmod(0o644)  # a web server reads it, and it holds no secret
    _out().print(f"Written: {target}")


def _check_page(page: str, clinic: str, place: Place) -> int:
    address = ClinicAddress.parse(clinic) if clinic else place.notebook().address()
    found, signed = asyncio.run(page_files.compared(page, address, _now))
    out = _out()
    for one in found:
        out.print(f"Not as signed: {escape(str(one))}.")
    if found:
        out.print("What is served is not what was signed. Take it off, and find out who changed it.")
        return 1
    out.print(f"{len(signed.files)} files and their headers are what was signed on {_date(signed.time)}.")
    return 0


@app.command
def address(*, place: Place = _HERE) -> int:
    """The line to paste into a new workstation, and the fingerprint to compare."""
    _print_address(place.notebook().address(), _out())
    return 0


@app.command(name="audit-key")
def audit_key(first: Path, second: Path, *, output: Path) -> int:
    """Joins the recovery kit's two sheets into the audit key that sealdesk-verify reads. Delete it afterwards."""
    write_private(output, _joined(first, second).recipient.to_text().encode())
    _out().print(f"Written: {output}. Whoever has this file can read every audit entry: delete it after use.")
    return 0


def _joined(first: Path, second: Path) -> Kit:
    return kits.join(kits.from_file(first), kits.from_file(second))


@app.command
def recover(first: Path, second: Path, *, address: str = "", place: Place = _HERE) -> int:
    """Replaces a lost administrator's key by a new one. Needs both sheets; the old key is revoked, everybody is told.

    Parameters
    ----------
    first
        A recovery sheet's file, or a text file with its 25 words behind the line SEALDESK-RECOVERY-SHEET-1.
    second
        The other keeper's.
    address
        The clinic's address, as on the sheets. Not needed where this profile administers the clinic already.
    """
    kit = _joined(first, second)
    notebook = place.notebook()
    clinic_address = ClinicAddress.parse(address) if address else notebook.address()
    passphrase = _new_passphrase(place)
    require_strength(passphrase)

    async def run() -> ClinicLog:
        async with clinics.reached(notebook, clinic_address, _now) as clinic:
            return await recover_clinic(clinic, notebook, clinic_address, place.vault(), kit, passphrase)

    log = asyncio.run(run())
    _out().print(f"[bold]{escape(log.roster.name)}[/bold] has a new administrator's key; the old one is revoked.")
    _out().print("The sheets stay valid: give them back to their keepers.")
    return 0


def _print_address(address: ClinicAddress, out: Console) -> None:
    out.print(f"Fingerprint: {fingerprint.to_text(address.clinic)}")
    out.print(f"Address for workstations:\n{address.text()}")


def _state(member: Member) -> str:
    return "active" if member.revoked is None else f"revoked: {member.revoked.reason}, {_date(member.revoked.time)}"


def _date(time_: int) -> str:
    return datetime.fromtimestamp(time_ / 1000, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _on_clinic(place: Place, use: Callable[[Administration], Awaitable[T]]) -> T:
    async def run() -> T:
        notebook = place.notebook()
        async with clinics.reached(notebook, notebook.address(), _now) as clinic:
            return await use(clinic)

    return asyncio.run(run())


def _complain(sentence: str) -> int:
    Console(stderr=True, highlight=False, soft_wrap=True).print(escape(sentence))
    return 1


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; what fails on expected grounds is a sentence on standard error, and status 1."""
    try:
        return int(app(arguments, exit_on_error=False, print_error=True, error_console=Console(stderr=True)) or 0)
    except CycloptsError:
        return 1
    except (ProtocolError, RelayError, VaultError, Refused, AddressRefused, ValueError) as error:
        return _complain(str(error))
    except OSError as error:
        return _complain(f"{error.filename}: {error.strerror}")


def main() -> None:
    sys.exit(run())
