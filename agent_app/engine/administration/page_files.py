"""The files of the patients' page, in a folder and as they are served."""

from collections.abc import Callable
from pathlib import Path

from agent_app.engine.administration.notebook import Refused
from agent_app.engine.clinic_address import ClinicAddress
from agent_app.engine.page_monitor import visited
from agent_app.engine.provisioning import fetch_clinic
from agent_app.engine.sentence import Sentence
from agent_app.relay.client import RelayClient
from agent_app.relay.content_encoding import NotUnpacked, TooLong, unpacked
from agent_app.transparency import page_manifest
from agent_app.transparency.page_manifest import INDEX, MAX_FILE, MAX_FILES, NOTE_NAME, Difference, PageManifest

_PACKED = {".br": "br", ".gz": "gzip"}


def read(folder: Path) -> dict[str, bytes]:
    """What a web server serves from `folder`: all but hidden files, and the manifest itself. Raises Refused.

    What lies beside a file as the same file, packed, is no file of its own.
    """
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix(): path for path in found}
    served = {name: path for name, path in names.items() if name != NOTE_NAME and "/." not in f"/{name}"}
    if INDEX not in served:
        raise Refused(
            Sentence("There is no {file} in {folder}. Name the folder of the page's build.", file=INDEX, folder=folder)
        )
    if len(served) > MAX_FILES or any(path.stat().st_size > MAX_FILE for path in served.values()):
        raise Refused(
            Sentence("{folder} holds more than the page. Name the folder of the page's build alone.", folder=folder)
        )
    contents = {name: path.read_bytes() for name, path in served.items()}
    return {name: content for name, content in contents.items() if not _is_packed(name, contents)}


def _is_packed(name: str, contents: dict[str, bytes]) -> bool:
    """Raises Refused where it is not the file that it lies beside: some browsers get the one, some the other."""
    ending = name[-3:]
    plain = contents.get(name[:-3])
    if ending not in _PACKED or plain is None:
        return False
    try:
        same = unpacked([contents[name]], _PACKED[ending], MAX_FILE) == plain
    except (TooLong, NotUnpacked):
        same = False
    if not same:
        raise Refused(
            Sentence(
                "{name} is not {plain}, packed. Build the page anew, or delete {name}.", name=name, plain=name[:-3]
            )
        )
    return True


async def compared(
    page: str, address: ClinicAddress, now: Callable[[], int]
) -> tuple[tuple[Difference, ...], PageManifest]:
    """Where the served page is not what the clinic's administrators signed, and the manifest.

    Raises Refused, RelayError, ValueError or a ProtocolError, the last where nobody who may has signed it.
    """
    relay = RelayClient(address.origin, now)
    try:
        roster = (await fetch_clinic(address, relay)).log.roster
    finally:
        await relay.close()
    visit = await visited(page)
    if visit is None:
        raise Refused(Sentence("No page is served at {page}. Check the address.", page=page))
    served, note = visit
    manifest = page_manifest.verify(note.content if note.status == 200 else b"", roster)
    return manifest.differences(served), manifest
