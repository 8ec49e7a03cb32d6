"""A verifier's report in plain words, and as JSON.

What stands in a bundle was written by others: it is shown as text only, and no message's content is shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent_app.protocol.events import Checked, Verdict
from agent_app.protocol.keys import DeviceId
from agent_app.transparency import fingerprint
from agent_app.transparency.audit import Entry
from agent_app.transparency.report import Check, MessageEvidence, Report
from agent_app.transparency.review import Finding, findings

_EVER = 2**63
_HOLDS = {
    Check.FORM: "The file is one whole bundle.",
    Check.CLINIC: "It is of the clinic that the fingerprint names.",
    Check.LOG: "The clinic log is unbroken, each statement signed by enough administrators, its head by the relay.",
    Check.EXPORTER: "A device of the clinic exported it, and nothing was changed since.",
    Check.AUDIT: "Each audit log is unbroken, signed by its device and witnessed by the relay.",
    Check.ENTRIES: "Each audit entry for which there was a key could be read.",
    Check.MESSAGES: "Each message is signed by its author, who was a member when it was written.",
    Check.SEQUENCE: "No message is missing between the first and the last of an author.",
    Check.DELIVERIES: "Each receipt is signed by the relay or the recipient, and fits its delivery.",
}
_LIMITS = (
    "That everybody's program recorded every view: a modified program can leave one out.",
    "That no whole conversation, and nothing after the last message here, was left out.",
    "Which envelope carried which message: that is the exporter's word. Receipts prove delivery of the envelope.",
    "The hour: messages, entries and receipts carry their devices' clocks; what was accepted, the relay's.",
    "Whether what a revoked device signed under an older head of the log was written before or after it was revoked.",
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which messages and entries to list. Empty fields let everything through."""

    devices: frozenset[DeviceId] | None = None
    conversation: str = ""

    @property
    def is_set(self) -> bool:
        return self.devices is not None or bool(self.conversation)

    def message(self, evidence: MessageEvidence) -> bool:
        said = evidence.message.content
        concerned = self.devices is None or not self.devices.isdisjoint({said.author, *said.recipients})
        return concerned and (evidence.conversation or b"").hex().startswith(self.conversation)

    def entry(self, device: DeviceId, entry: Entry) -> bool:
        concerned = self.devices is None or device in self.devices
        return concerned and entry.conversation.hex().startswith(self.conversation)


def plain(text: str) -> Text:
    """Text of unknown origin: no markup, no escape sequence, no change of direction."""
    return Text("".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text))


def moment(time: int | None) -> str:
    """Milliseconds as a date and time in UTC."""
    if time is None:
        return "not proven"
    try:
        return datetime.fromtimestamp(time / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError, OSError):
        return f"{time} ms after 1970"


def _many(number: int, noun: str) -> str:
    """`1 delivery`, `2 deliveries`."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun.removesuffix('y')}ies" if noun.endswith("y") else f"{number} {noun}s"


def counts(report: Report) -> dict[str, int]:
    deliveries = [delivery for evidence in report.messages for delivery in evidence.deliveries]
    return {
        "conversations": len({e.conversation for e in report.messages if e.conversation}),
        "messages": len(report.messages),
        "without effect": sum(evidence.void for evidence in report.messages),
        "retracted": report.retracted,
        "deliveries": len(deliveries),
        "accepted": sum(delivery.accepted is not None for delivery in deliveries),
        "delivered": sum(delivery.delivered for delivery in deliveries),
        "rejected": sum(delivery.rejected is not None for delivery in deliveries),
        "audit logs": len(report.logs),
        "audit entries": sum(log.entries for log in report.logs),
        "entries read": sum(len(log.opened) for log in report.logs),
    }


def checks(report: Report) -> Iterator[tuple[Check, bool | None, str]]:
    """(check, whether it holds, sentence); None for what could not be judged any more."""
    for check in Check:
        faults = [fault for fault in report.faults if fault.check is check]
        if faults:
            more = f" And {len(faults) - 3} more." if len(faults) > 3 else ""
            yield check, False, " ".join(f"{f.where}: {f.sentence}" for f in faults[:3]) + more
        elif report.roster is None and check is not Check.FORM:
            yield check, None, "Not judged: what it rests on fails."
        else:
            yield check, True, _HOLDS[check]


def not_shown(report: Report) -> Iterator[str]:
    """What a reader must not conclude, this bundle's own limits first."""
    total, read = counts(report)["audit entries"], counts(report)["entries read"]
    if read < total:
        yield f"{total - read} of {total} audit entries are counted and not read: give --audit-key to read them."
    for earlier in report.earlier:
        yield f"Not in the bundle, from before it begins: {earlier}."
    yield from _LIMITS


def show(report: Report, console: Console, chosen: Filter) -> None:
    """The whole report for a person."""
    verdict = "PASS" if report.passed else "FAIL"
    sentence = "Everything in this bundle holds." if report.passed else "Do not rely on this bundle."
    console.print(
        Text.assemble((f" {verdict} ", "bold white on green" if report.passed else "bold white on red"), " ", sentence)
    )
    console.print()
    console.print(_summary(report))
    console.print()
    marks = {True: ("✓", "green"), False: ("✗", "bold red"), None: ("·", "dim")}
    for check, holds, words in checks(report):
        mark, style = marks[holds]
        console.print(Text.assemble((mark, style), f" {check.value}: ", plain(words)))
    if chosen.is_set:
        _listings(report, console, chosen)
    console.print("\nWhat this does not show", style="bold")
    for line in not_shown(report):
        console.print(Text("- ").append_text(plain(line)))


def _grid() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    return table


def _summary(report: Report) -> Table:
    table = _grid()
    if report.clinic is not None:
        name = f"{report.roster.name}, " if report.roster else ""
        table.add_row("Clinic", plain(f"{name}{fingerprint.to_text(report.clinic)}"))
    if report.exporter is not None:
        table.add_row("Exported", plain(f"by {report.name(report.exporter)}, {moment(report.exported)}"))
    if report.period is not None:
        table.add_row("Period", f"{moment(report.period[0])} to {moment(report.period[1])}")
    if report.roster is None:
        return table
    number = counts(report)
    table.add_row(
        "Messages",
        f"{number['messages']} in {_many(number['conversations'], 'conversation')}, {number['retracted']} retracted, "
        f"{number['without effect']} without effect",
    )
    table.add_row(
        "Receipts",
        f"of {_many(number['deliveries'], 'delivery')}: {number['accepted']} accepted by the relay, "
        f"{number['delivered']} delivered, {number['rejected']} rejected",
    )
    table.add_row(
        "Audit logs", f"{number['audit logs']}, {number['audit entries']} entries, {number['entries read']} read"
    )
    cosigned = f"{_many(report.roster.size, 'statement')}, head cosigned by {_many(report.cosigned, 'person')}"
    table.add_row("Clinic log", cosigned)
    table.add_row("Gaps", str(len(report.gaps)) if report.gaps else "none")
    return table


def _listings(report: Report, console: Console, chosen: Filter) -> None:
    messages = Table(
        "time", "message", "author", "kind", "conversation", "delivered", title="Messages", title_justify="left"
    )
    for evidence in filter(chosen.message, report.messages):
        said = evidence.message.content
        done = f"{sum(d.delivered for d in evidence.deliveries)} of {len(evidence.deliveries)}"
        where = (evidence.conversation or b"").hex()[:8] or "direct"
        messages.add_row(
            moment(said.time), evidence.id.hex()[:8], plain(report.name(said.author)), _kind(evidence), where, done
        )
    entries = Table("time", "device", "what", "conversation", title="Audit entries", title_justify="left")
    for device, _, entry in report.entries():
        if chosen.entry(device, entry):
            entries.add_row(moment(entry.time), plain(report.name(device)), entry.kind, entry.conversation.hex()[:8])
    for table in (messages, entries):
        console.print()
        console.print(table if table.row_count else Text(f"No {str(table.title).lower()} match."))


def _kind(evidence: MessageEvidence) -> str:
    """The event's name; never its content: an auditor follows a message without reading it."""
    name = str(evidence.message.content.event.__struct_config__.tag)
    return f"{name} (without effect)" if evidence.void else name


def show_message(report: Report, evidence: MessageEvidence, console: Console) -> None:
    """One message's way: to its receipts, its patient's check, and everybody who viewed the conversation."""
    said = evidence.message.content
    table = _grid()
    table.add_row("Message", evidence.id.hex())
    table.add_row(
        "Written", plain(f"{moment(said.time)} by {report.name(said.author)}, number {said.sequence} of the author")
    )
    table.add_row("Kind", _kind(evidence))
    table.add_row("Conversation", (evidence.conversation or b"").hex() or "between devices of the clinic")
    console.print("\nOne message", style="bold")
    console.print(table)
    ways = Table("to", "accepted by the relay", "answered", "answer", title="Receipts", title_justify="left")
    for delivery in evidence.deliveries:
        answer = (
            f"rejected: {delivery.rejected}" if delivery.rejected else "delivered" if delivery.delivered else "none"
        )
        ways.add_row(
            plain(report.name(delivery.recipient)), moment(delivery.accepted), moment(delivery.answered), answer
        )
    console.print(ways if ways.row_count else Text("No receipts: they are with the author, whose bundle holds them."))
    _lines(console, "Patient check", patient_checks(report, evidence), "No check is in this bundle.")
    _lines(console, "Views of the conversation", views(report, evidence), "No view could be read.")


def _lines(console: Console, title: str, lines: Iterable[str], otherwise: str) -> None:
    console.print(f"\n{title}", style="bold")
    for line in list(lines) or [otherwise]:
        console.print(Text("- ").append_text(plain(line)))


def patient_checks(report: Report, evidence: MessageEvidence) -> Iterator[str]:
    """How the patient of the message's conversation was checked, in the order of time."""
    for other in sorted(report.messages, key=lambda e: e.message.content.time):
        said = other.message.content
        if evidence.conversation is None or other.conversation != evidence.conversation or other.void:
            continue
        when = "before" if said.time <= evidence.message.content.time else "after"
        begin = f"{moment(said.time)}, {when} the message: {report.name(said.author)}"
        match said.event:
            case Verdict(outcome=outcome, level=level):
                yield f"{begin} answered {outcome}, level {level}"
            case Checked(method=method, matches=matches):
                found = "matches" if matches else "does not match"
                yield f"{begin} compared {method}: {found}"


def views(report: Report, evidence: MessageEvidence) -> Iterator[str]:
    for device, _, entry in report.entries():
        if entry.kind == "view" and evidence.conversation is not None and entry.conversation == evidence.conversation:
            yield f"{moment(entry.time)} by {report.name(device)}"


def as_json(report: Report, chosen: Filter, followed: MessageEvidence | None) -> dict[str, Any]:
    """The same, for programs. Bytes are hex, times milliseconds; no message's content."""
    whole: dict[str, Any] = {
        "verdict": "PASS" if report.passed else "FAIL",
        "clinic": None if report.clinic is None else report.clinic.hex(),
        "exporter": None if report.exporter is None else report.exporter.hex(),
        "exported": report.exported,
        "period": None if report.period is None else list(report.period),
        "counts": counts(report),
        "checks": [{"check": c.value, "holds": holds, "sentence": words} for c, holds, words in checks(report)],
        "faults": [{"check": f.check.value, "where": f.where, "sentence": f.sentence} for f in report.faults],
        "gaps": [gap.where for gap in report.gaps],
        "messages": [_message_json(evidence) for evidence in report.messages if chosen.message(evidence)],
        "entries": [
            {"device": device.hex(), "index": index, **_entry_json(entry)}
            for device, index, entry in report.entries()
            if chosen.entry(device, entry)
        ],
        "not_shown": list(not_shown(report)),
    }
    if followed is not None:
        whole["followed"] = {
            **_message_json(followed),
            "checks": list(patient_checks(report, followed)),
            "views": list(views(report, followed)),
        }
    return whole


def exceptions(report: Report, chosen: Filter) -> Iterator[Finding]:
    """What a review is to look at, of all logs that could be read; the bundle's own time is now (section 15.2)."""
    logs = {log.device: log.opened for log in report.logs}
    for one in findings(logs, 0, _EVER, report.exported or 0):
        if chosen.entry(one.device, one.entry):
            yield one


def show_exceptions(report: Report, console: Console, chosen: Filter) -> None:
    table = Table("time", "device", "exception", "conversation", title="Needs an explanation", title_justify="left")
    for one in exceptions(report, chosen):
        reason, place = one.reason.replace("-", " "), one.entry.conversation.hex()[:8]
        table.add_row(moment(one.entry.time), plain(report.name(one.device)), reason, place)
    console.print()
    console.print(table if table.row_count else Text("Nothing in the audit logs needs an explanation."))


def exceptions_json(report: Report, chosen: Filter) -> Iterator[dict[str, Any]]:
    for one in exceptions(report, chosen):
        yield {"device": one.device.hex(), "index": one.index, "reason": one.reason, **_entry_json(one.entry)}


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {"time": entry.time, "kind": entry.kind, "conversation": entry.conversation.hex()}


def _message_json(evidence: MessageEvidence) -> dict[str, Any]:
    said = evidence.message.content
    return {
        "message": evidence.id.hex(),
        "author": said.author.hex(),
        "time": said.time,
        "kind": _kind(evidence),
        "conversation": (evidence.conversation or b"").hex() or None,
        "deliveries": [
            {
                "recipient": delivery.recipient.hex(),
                "accepted": delivery.accepted,
                "answered": delivery.answered,
                "rejected": delivery.rejected,
            }
            for delivery in evidence.deliveries
        ],
    }
