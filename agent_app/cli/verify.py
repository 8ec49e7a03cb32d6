"""sealdesk-verify: judges a bundle of evidence offline. Exit status 0: PASS, 1: FAIL, 2: the question was wrong."""

import json as json_module
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console

from agent_app.cli import verdict
from agent_app.cli.verdict import Filter
from agent_app.protocol.errors import InvalidKeyError
from agent_app.protocol.keys import DeviceId
from agent_app.transparency import bundle, fingerprint, verifier
from agent_app.transparency.audit import RecipientSecret
from agent_app.transparency.report import MessageEvidence, Report

PASS, FAIL, USAGE = 0, 1, 2

app = App(
    name="sealdesk-verify",
    help="Checks a bundle of evidence that a Sealdesk desk exported. Uses no network and writes nothing.",
    help_epilogue="Exit status: 0 PASS, 1 FAIL, 2 the file is no bundle or an argument is wrong.",
    help_format="plaintext",
    version_flags=[],
    result_action="return_value",
)


class WrongQuestionError(Exception):
    """The arguments do not fit: no verdict on the bundle. The text says what to do."""


@app.default
def verify(
    file: Annotated[Path, Parameter(name="BUNDLE")],
    /,
    *,
    fingerprint: str,
    audit_key: Path | None = None,
    person: str | None = None,
    device: str | None = None,
    conversation: str | None = None,
    follow: str | None = None,
    review: Annotated[bool, Parameter(negative=())] = False,
    json: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Checks a bundle of evidence that a Sealdesk desk exported. Uses no network and writes nothing.

    Parameters
    ----------
    file
        The exported file.
    fingerprint
        The clinic's fingerprint, ten groups of four, told to you by another way than the bundle.
    audit_key
        The auditor's key file; with it every audit entry is read.
    person
        List what concerns one person: a name, or the beginning of a person's number.
    device
        List what concerns one device: the beginning of its number.
    conversation
        List one conversation: the beginning of its number.
    follow
        Follow one message to its receipts, patient check and views: the beginning of its number.
    review
        List what in the audit logs needs an explanation: views without a claim, failed unlocks, exports, late checks.
    json
        Print the report as JSON.
    """
    report = _judged(file, fingerprint, audit_key)
    chosen = _filter(report, person or "", device or "", (conversation or "").lower())
    followed = None if follow is None else _followed(report, follow)
    console = Console(highlight=False, soft_wrap=json)
    if json:
        whole = verdict.as_json(report, chosen, followed)
        if review:
            whole["exceptions"] = list(verdict.exceptions_json(report, chosen))
        console.out(json_module.dumps(whole, indent=1, ensure_ascii=True))
    else:
        verdict.show(report, console, chosen)
        if followed is not None:
            verdict.show_message(report, followed, console)
        if review:
            verdict.show_exceptions(report, console, chosen)
    return PASS if report.passed else FAIL


def _judged(file: Path, text: str, audit_key: Path | None) -> Report:
    try:
        fingerprint.matches(bytes(32), text)
        auditor = (
            None if audit_key is None else RecipientSecret.from_text(_read(audit_key, 4096).decode("ascii", "replace"))
        )
        raw = _read(file, bundle.BUNDLE.value)
        if not bundle.is_recognisable(raw):
            raise WrongQuestionError(f"{file} is no bundle of evidence. Export one on a desk, and give that file.")
        return verifier.verify(raw, lambda clinic: fingerprint.matches(clinic, text), auditor)
    except InvalidKeyError as error:
        raise WrongQuestionError(f"{error.detail[:1].upper()}{error.detail[1:]}.") from error


def _read(file: Path, limit: int) -> bytes:
    try:
        with file.open("rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as error:
        raise WrongQuestionError(f"{file} cannot be read: {error.strerror}.") from error
    if len(raw) > limit:
        raise WrongQuestionError(f"{file} is larger than {limit} bytes. It is not what was asked for.")
    return raw


def _filter(report: Report, person: str, device: str, conversation: str) -> Filter:
    if not person and not device:
        return Filter(conversation=conversation)
    members = () if report.roster is None else report.roster.members.values()
    found = {
        m.id for m in members if _is_person(report, m.id, m.person, person) and m.id.hex().startswith(device.lower())
    }
    if not person:
        found |= {author for author in _authors(report) if author.hex().startswith(device.lower())}
    if not found and report.roster is not None:
        raise WrongQuestionError("Nobody in this bundle goes by that name or number.")
    return Filter(frozenset(found), conversation)


def _is_person(report: Report, device: DeviceId, number: bytes, person: str) -> bool:
    name = report.names.get(device, "").casefold()
    return not person or name == person.casefold() or number.hex().startswith(person.lower())


def _authors(report: Report) -> set[DeviceId]:
    return {evidence.message.content.author for evidence in report.messages}


def _followed(report: Report, number: str) -> MessageEvidence | None:
    found = [evidence for evidence in report.messages if evidence.id.hex().startswith(number.lower())]
    if len(found) == 1:
        return found[0]
    if not report.passed and not found:
        return None  # the verdict matters more; the message may be what does not hold
    many = "Several messages here have numbers that begin so: give more of it."
    raise WrongQuestionError(many if found else "No message in this bundle has a number that begins so.")


def run(arguments: Sequence[str] | None = None) -> int:
    """The exit status for these arguments, by default the program's own."""
    errors = Console(stderr=True, highlight=False)
    try:
        status = app(arguments, exit_on_error=False, print_error=True, error_console=errors)
    except CycloptsError:
        return USAGE
    except WrongQuestionError as error:
        errors.print(verdict.plain(str(error)))
        return USAGE
    return PASS if status is None else int(status)


def main() -> None:
    sys.exit(run())
