"""What happened in a conversation, in a person's words."""

from agent_app.protocol.events import (
    Assign,
    Block,
    Checked,
    Claim,
    Close,
    Ended,
    Event,
    File,
    Note,
    Open,
    Release,
    Reopen,
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
        case Assign() | Transfer():
            return f"{author} handed the conversation to {named}."
        case Close():
            return f"{author} closed the conversation: {event.outcome}." if event.outcome else f"{author} closed it."
        case Reopen():
            return f"{author} reopened the conversation."
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
