"""sealdesk-admin: founds a clinic, admits and revokes devices, vouches for its log. Exit status 0, or 1 and why."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console
from rich.markup import escape
from rich.prompt import Confirm, Prompt
from rich.table import Table

from agent_app.cli import hours, page
from agent_app.cli.place import HERE, Place, clock, console, day_and_time, on_clinic
from agent_app.engine.administration import clinic as clinics
from agent_app.engine.administration import kit as kits
from agent_app.engine.administration import opening, plain_log
from agent_app.engine.administration.clinic import Administration
from agent_app.engine.administration.kit import Kit
from agent_app.engine.administration.notebook import Notebook, Refused, write_private
from agent_app.engine.administration.recovery import recover as recover_clinic
from agent_app.engine.clinic_address import REQUEST_PREFIX, AddressRefused, ClinicAddress, from_text
from agent_app.engine.sentence import counted
from agent_app.protocol.errors import ProtocolError
from agent_app.protocol.keys import DeviceId
from agent_app.relay.errors import RelayError
from agent_app.store.errors import VaultError
from agent_app.store.key_material import AdminSecrets
from agent_app.store.passphrase import eff_long, generate, require_strength
from agent_app.transparency import enrolment, fingerprint, freshness
from agent_app.transparency.enrolment import EnrolmentRequest
from agent_app.transparency.freshness import Freshness, State
from agent_app.transparency.log import ClinicLog
from agent_app.transparency.roster import Member
from agent_app.transparency.statement import Admission, PolicyChange, Relay, Revocation, Role

Reason = Literal["stolen", "left", "replaced"]

app = App(
    name="sealdesk-admin",
    help="Founds a clinic, admits and revokes its devices, and vouches for its log.",
    help_format="plaintext",
    version_flags=[],
    result_action="return_value",
)
log_app = App(name="log", help="Reads the clinic's log.", help_format="plaintext", version_flags=[])
app.command(log_app)
app.command(hours.hours)
app.command(page.page)


# Founding


@app.command
def init(
    name: str,
    *,
    relay: str,
    sheets_folder: Annotated[Path, Parameter(name="--sheets")],
    time_zone: str = "UTC",
    place: Place = HERE,
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
    notebook, out = place.notebook(), console()
    if notebook.charter() is None or not place.vault().exists():
        secrets = _make_clinic(name, time_zone, asyncio.run(clinics.named_relay(relay, clock)), sheets_folder, place)
    else:
        out.print("A founding was begun here before; it is finished now.")
        secrets = place.unlock()
    log = on_clinic(place, lambda clinic: _publish(clinic, notebook, secrets))
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
    founding = clinics.found(name, time_zone, relay, secrets, kit.recipient, clock())
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
    console().print(f"A passphrase that nobody guesses: [bold]{suggested}[/bold]\nWrite it down and lock it away.")
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
def enrol(request: str, *, place: Place = HERE) -> int:
    """Looks at a workstation's request, has its words compared, asks for the role, and admits it.

    Parameters
    ----------
    request
        The line that begins with sealdesk-enrol:, as the workstation shows it.
    """
    raw, asked = _request(request)
    out = console()
    words = enrolment.words(raw, eff_long())
    out.print(f"[bold]{escape(asked.name)}[/bold] asks to join with a new device. Its screen must show these words:\n")
    out.print("    " + "  ".join(f"[bold]{word}[/bold]" for word in words) + "\n")
    if not Confirm.ask("Does it show exactly these six?", default=False):
        raise Refused("Nothing was admitted. Ask for the request again, by a way that nobody can change.")
    role: Role = Prompt.ask("Role", choices=["agent", "supervisor", "administrator", "auditor"], default="agent")  # type: ignore[assignment]
    return _admit(asked, role, place)


@app.command
def approve(request: str, *, words: str, role: Role = "agent", place: Place = HERE) -> int:
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
    secrets, out = place.unlock(), console()
    needed = 0

    def action(log: ClinicLog) -> Admission:
        nonlocal needed
        needed = freshness.quorum(log)
        return enrolment.admission(request, role)

    log = on_clinic(place, lambda clinic: clinic.append(action, secrets))
    device = next(m for m in log.roster.members.values() if m.certificate.encoded == request.certificate)
    out.print(f"{escape(request.name)} is admitted as {role}: device {device.id[:4].hex()}.")
    if freshness.quorum(log) > needed:
        # Otherwise the whole clinic falls silent, and nobody knows why.
        out.print("From now on two people must vouch for who is a member: you, and whoever you have just admitted.")
        out.print("Desks send nothing until that desk has been opened once. Have it unlocked now.")
    return 0


@app.command
def revoke(device: str, *, reason: Reason, place: Place = HERE) -> int:
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

    log = on_clinic(place, lambda clinic: clinic.append(action, secrets))
    left = counted("1 device is left.", "{count} devices are left.", len(log.roster.active))
    console().print(f"Revoked ({reason}). {left}")
    return 0


def _device(log: ClinicLog, beginning: str) -> DeviceId:
    found = [m.id for m in log.roster.active if len(beginning) >= 8 and m.id.hex().startswith(beginning.lower())]
    if len(found) != 1:
        raise Refused("There is no one active device whose number begins so. `sealdesk-admin log show` lists them.")
    return found[0]


@app.command(name="all-clear")
def all_clear(*, place: Place = HERE) -> int:
    """Ends the alarms that desks have raised about the clinic's log, after you have found out what was behind them.

    Desks that raised an alarm send nothing until an administrator does this. It states the clinic's policy anew.
    """
    secrets = place.unlock()
    log = on_clinic(place, lambda clinic: clinic.append(lambda log: PolicyChange(log.roster.policy), secrets))
    console().print(f"Stated anew at {_statements(log)}. Desks that follow this log send again.")
    return 0


# The log


@log_app.command
def show(*, place: Place = HERE) -> int:
    """The clinic, its administrators and its devices. Names are not in the log; desks show them."""
    log = on_clinic(place, lambda clinic: clinic.read())
    roster, out = log.roster, console()
    out.print(f"[bold]{escape(roster.name)}[/bold], {escape(roster.time_zone)}, relay {escape(roster.relay.origin)}")
    out.print(f"Fingerprint {fingerprint.to_text(roster.clinic)}")
    administrators = counted("1 administrator", "{count} administrators", len(roster.administrators))
    out.print(f"{_statements(log)}; {administrators}, {roster.threshold} must agree.")
    table = Table("device", "role", "admitted", "state")
    for member in roster.members.values():
        table.add_row(
            member.id[:8].hex(), member.role, day_and_time(plain_log.admitted_at(log, member)), _state(member)
        )
    out.print(table)
    return 0


@log_app.command
def entries(*, place: Place = HERE) -> int:
    """Every entry as one sentence, the oldest first, as the desk's Administration shows it."""
    log, out = on_clinic(place, lambda clinic: clinic.read()), console()
    for one in plain_log.entries(log, lambda device: f"Device {device[:4].hex()}"):
        out.print(f"{day_and_time(one.time)}  {one.who}: {escape(one.text)}")
    return 0


@log_app.command
def verify(*, place: Place = HERE) -> int:
    """Downloads the log, replays every statement, checks the relay's signature and who has vouched for it."""
    log, fresh = on_clinic(place, _judged)
    out = console()
    out.print(f"{_statements(log)} from the charter on, each signed by whom the one before allows.")
    out.print("The relay's signature holds, and the log extends what this machine has seen before.")
    if fresh.time is None:
        out.print("Too few people have vouched for it yet: desks send nothing.")
        out.print("Run `sealdesk-admin renew`, and have a supervisor unlock their desk if there is one.")
        return 1
    out.print(f"Last vouched for on {day_and_time(fresh.time)}: {_FRESHNESS[fresh.state]}")
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
def renew(*, place: Place = HERE) -> int:
    """Vouches for the log's head as it is now, so that desks go on sending. Daily, unless a supervisor's desk does."""
    secrets = place.unlock()
    log = on_clinic(place, lambda clinic: _renewed(clinic, secrets))
    console().print(f"Vouched for {_statements(log)} on {day_and_time(clock())}.")
    return 0


async def _renewed(clinic: Administration, secrets: AdminSecrets) -> ClinicLog:
    log = await clinic.read()
    await clinic.cosign(log, secrets)
    return log


# Others


@app.command
def address(*, place: Place = HERE) -> int:
    """The line to paste into a new workstation, and the fingerprint to compare."""
    _print_address(place.notebook().address(), console())
    return 0


@app.command(name="audit-key")
def audit_key(first: Path, second: Path, *, output: Path) -> int:
    """Joins the recovery kit's two sheets into the audit key that sealdesk-verify reads. Delete it afterwards."""
    write_private(output, _joined(first, second).recipient.to_text().encode())
    console().print(f"Written: {output}. Whoever has this file can read every audit entry: delete it after use.")
    return 0


def _joined(first: Path, second: Path) -> Kit:
    return kits.join(kits.from_file(first), kits.from_file(second))


@app.command
def recover(first: Path, second: Path, *, address: str = "", place: Place = HERE) -> int:
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
        async with clinics.reached(notebook, clinic_address, clock) as clinic:
            return await recover_clinic(clinic, notebook, clinic_address, place.vault(), kit, passphrase)

    log = asyncio.run(run())
    console().print(f"[bold]{escape(log.roster.name)}[/bold] has a new administrator's key; the old one is revoked.")
    console().print("The sheets stay valid: give them back to their keepers.")
    return 0


def _print_address(address: ClinicAddress, out: Console) -> None:
    out.print(f"Fingerprint: {fingerprint.to_text(address.clinic)}")
    out.print(f"Address for workstations:\n{address.text()}")


def _state(member: Member) -> str:
    return (
        "active" if member.revoked is None else f"revoked: {member.revoked.reason}, {day_and_time(member.revoked.time)}"
    )


def _statements(log: ClinicLog) -> str:
    return counted("1 statement", "{count} statements", log.size)


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
