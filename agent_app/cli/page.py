"""`sealdesk-admin page`: signs the patients' page, or compares what is served with what was signed."""

import asyncio
from pathlib import Path

from rich.markup import escape

from agent_app.cli.place import HERE, Place, clock, console, day_and_time
from agent_app.engine.administration import page_files
from agent_app.engine.administration.notebook import Refused, write_private
from agent_app.engine.clinic_address import ClinicAddress
from agent_app.engine.sentence import counted
from agent_app.protocol.keys import ClinicId
from agent_app.transparency import page_config, page_manifest


def page(
    *,
    relay_config: Path | None = None,
    hours: str = "",
    phone: str = "",
    check: str = "",
    clinic: str = "",
    place: Place = HERE,
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
    now, own = clock(), ClinicId(address.clinic)
    charter = place.notebook().charter()
    if charter is None:
        console().print("This profile has no charter: the page will not name the clinic before the consent.")
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
    console().print(f"Written: {target}")


def _check_page(page: str, clinic: str, place: Place) -> int:
    address = ClinicAddress.parse(clinic) if clinic else place.notebook().address()
    found, signed = asyncio.run(page_files.compared(page, address, clock))
    out = console()
    for one in found:
        out.print(f"Not as signed: {escape(str(one))}.")
    if found:
        out.print("What is served is not what was signed. Take it off, and find out who changed it.")
        return 1
    files = counted("1 file is", "{count} files and their headers are", len(signed.files))
    out.print(f"{files} what was signed on {day_and_time(signed.time)}.")
    return 0
