"""What happened in a conversation, in a person's words."""

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


def spoken(event: Event) -> str:
    """The text of what somebody wrote, or the name of a file."""
    match event:
        case Text() | Note():
            return event.text
        case File():
            return event.caption
    return ""


def preview(event: Event) -> str:
    """What somebody said, for one line of the list."""
    if isinstance(event, File):
        what = "Photo" if event.media_type.startswith("image/") else event.name
        return f"{what} · {event.caption}" if event.caption else what
    return spoken(event)


def happened(event: Event, author: str, named: str) -> str:
    """A line for what somebody did; `named` is the device that the event names, if any."""
    match event:
        case Open():
            return "The patient began this conversation."
        case Ended():
            return "The patient ended the conversation and erased their copy."
        case Verdict():
            return _verdict(event)
        case Checked():
            return _checked(event, author)
    return _by_staff(event, author, named)


def _by_staff(event: Event, author: str, named: str) -> str:
    match event:
        case Block():
            return f"{author} blocked this patient's device."
        case Claim():
            return f"{author} took the conversation."
        case Release():
            return f"{author} gave the conversation back to the queue."
        case Assign():
            return f"{author} assigned the conversation to {named}."
        case Transfer() | HandOver():
            told = f" “{event.note}”" if event.note else ""
            return f"{author} handed the conversation to {named}.{told}"
        case Close() | Conclude():
            return f"{author} closed the conversation: {event.outcome}." if event.outcome else f"{author} closed it."
        case Reopen():
            return f"{author} reopened the conversation."
        case Joined():
            return f"The patient was told that {author} answers from now on."
    return _about_patient(event, author)


def _about_patient(event: Event, author: str) -> str:
    match event:
        case Earlier():
            return f"{author} sent messages of an earlier conversation to this patient's device."
        case Copied():
            return f"{author} sent this conversation to the patient's new device."
        case Tag():
            return f"{author} {'added' if event.present else 'removed'} the tag “{event.name}”."
        case Guardian():
            who = f"{event.name} ({event.relation})" if event.relation else event.name
            return (
                f"{author} noted that {who} writes for the patient."
                if who
                else f"{author} noted that nobody writes for the patient any more."
            )
        case Hold():
            reason = f": {event.reason}" if event.reason else ""
            what = "put a hold on this conversation" if event.on else "took the hold off this conversation"
            return f"{author} {what}{reason}."
    return ""


def _verdict(event: Verdict) -> str:
    if event.outcome == "passed":
        return "The patient passed the check." if event.level == 2 else "The patient opened the invitation's link."
    if event.outcome == "wrong":
        tries = "1 try is" if event.tries_left == 1 else f"{event.tries_left} tries are"
        return f"The patient's code or details were wrong. {tries} left."
    return "The patient's invitation was refused."


def _checked(event: Checked, author: str) -> str:
    how = "the safety number" if event.method == "safety-number" else "two identifiers"
    result = "They match." if event.matches else "They do not match."
    return f"{author} checked the patient by {how}. {result}"
