"""What happened in a conversation, in a person's words."""

from agent_app.engine.sentence import Sentence, counted
from agent_app.protocol.events import (
    Assign,
    Block,
    Checked,
    Claim,
    Close,
    Conclude,
    Copied,
    Earlier,
    Ended,
    Event,
    File,
    Guardian,
    HandOver,
    Hold,
    Joined,
    Note,
    Open,
    Release,
    Reopen,
    Tag,
    Text,
    Transfer,
    Verdict,
)

PATIENT = Sentence("Patient")


def spoken(event: Event) -> str:
    """The text of what somebody wrote, or the name of a file."""
    match event:
        case Text() | Note():
            return event.text
        case File():
            return event.caption
    return ""


def preview(event: Event, limit: int) -> str:
    """What somebody said, for one line of the list."""
    said = spoken(event).replace("\n", " ")[:limit]
    if not isinstance(event, File):
        return said
    if not event.media_type.startswith("image/"):
        return f"{event.name} · {said}"[:limit] if said else event.name
    return Sentence("Photo · {caption}", caption=said) if said else Sentence("Photo")


def happened(event: Event, author: str, named: str) -> str:
    """A line for what somebody did; `named` is the device that the event names, if any."""
    match event:
        case Open():
            return Sentence("The patient began this conversation.")
        case Ended():
            return Sentence("The patient ended the conversation and erased their copy.")
        case Verdict():
            return _verdict(event)
        case Checked():
            return _checked(event, author)
    return _by_staff(event, author, named)


def _by_staff(event: Event, author: str, named: str) -> str:
    match event:
        case Block():
            return Sentence("{author} blocked this patient's device.", author=author)
        case Claim():
            return Sentence("{author} took the conversation.", author=author)
        case Release():
            return Sentence("{author} gave the conversation back to the queue.", author=author)
        case Assign():
            return Sentence("{author} assigned the conversation to {named}.", author=author, named=named)
        case Transfer() | HandOver():
            return _handed(author, named, event.note)
        case Close() | Conclude():
            return _closed(author, event.outcome)
        case Reopen():
            return Sentence("{author} reopened the conversation.", author=author)
        case Joined():
            return Sentence("The patient was told that {author} answers from now on.", author=author)
    return _about_patient(event, author)


def _handed(author: str, named: str, note: str) -> str:
    if named == author and not note:
        return Sentence("{author} took the conversation over.", author=author)
    if not note:
        return Sentence("{author} handed the conversation to {named}.", author=author, named=named)
    return Sentence("{author} handed the conversation to {named}. “{note}”", author=author, named=named, note=note)


def _closed(author: str, outcome: str) -> str:
    if not outcome:
        return Sentence("{author} closed it.", author=author)
    return Sentence("{author} closed the conversation: {outcome}.", author=author, outcome=outcome)


def _about_patient(event: Event, author: str) -> str:
    match event:
        case Earlier():
            return Sentence("{author} sent earlier messages of the patient to their new device.", author=author)
        case Copied():
            return Sentence("{author} sent this conversation to the patient's new device.", author=author)
        case Tag(present=True):
            return Sentence("{author} added the tag “{tag}”.", author=author, tag=event.name)
        case Tag():
            return Sentence("{author} removed the tag “{tag}”.", author=author, tag=event.name)
        case Guardian(name="", relation=""):
            return Sentence("{author} noted that nobody writes for the patient any more.", author=author)
        case Guardian():
            who = f"{event.name} ({event.relation})" if event.relation else event.name
            return Sentence("{author} noted that {who} writes for the patient.", author=author, who=who)
        case Hold():
            return _hold(event, author)
    return ""


def _hold(event: Hold, author: str) -> str:
    if not event.on:
        return Sentence("{author} took the hold off this conversation.", author=author)
    if not event.reason:
        return Sentence("{author} put a hold on this conversation.", author=author)
    return Sentence("{author} put a hold on this conversation: {reason}.", author=author, reason=event.reason)


def _verdict(event: Verdict) -> str:
    if event.outcome == "passed" and event.level == 2:
        return Sentence("The patient passed the check.")
    if event.outcome == "passed":
        return Sentence("The patient opened the invitation's link.")
    if event.outcome != "wrong":
        return Sentence("The patient's invitation was refused.")
    return counted(
        "The patient's code or details were wrong. 1 try is left.",
        "The patient's code or details were wrong. {count} tries are left.",
        event.tries_left,
    )


def _checked(event: Checked, author: str) -> str:
    how = Sentence("the safety number") if event.method == "safety-number" else Sentence("two identifiers")
    result = Sentence("They match.") if event.matches else Sentence("They do not match.")
    return Sentence("{author} checked the patient by {how}. {result}", author=author, how=how, result=result)
