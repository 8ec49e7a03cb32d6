"""What people are told when something goes wrong: what happened, what it means, what to do. One place for the words."""

import errno
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agent_app.engine.administration.notebook import Refused
from agent_app.engine.events import Notice, Severity
from agent_app.engine.sentence import Sentence
from agent_app.protocol.errors import SpokenError
from agent_app.transparency.page_manifest import Difference

OWN_FAULT = Notice(
    Severity.WARNING,
    "Sealdesk made a mistake.",
    "What you asked for may not have happened; nothing was sent in the clear.",
    "Try again. If it happens again, tell your administrator the time.",
)
FORKED = Notice(
    Severity.ALARM,
    "The clinic's log exists in two versions.",
    "Somebody may be showing your devices different members. Nothing is sent any more.",
    "Call your administrator now, by telephone. Do not go on in another program.",
)
ROLLED_BACK = Notice(
    Severity.ALARM,
    "The relay shows an older clinic log than before.",
    "A device that was revoked might be shown as a member. Nothing is sent any more.",
    "Call your administrator now, by telephone.",
)
CLEARED = Notice(
    Severity.INFORMATION,
    "The alarm about the clinic's log is over.",
    "An administrator has looked into it and cleared it.",
    "Go on working. What waited is sent now.",
)
ADMINISTRATORS_CHANGED = Notice(
    Severity.WARNING,
    "The clinic's administrator key was replaced.",
    "The old key can admit and revoke nobody any more. Both keepers' sheets, or the old key, were needed for this.",
    "If you did not expect this, call your administrator now, by telephone.",
)
UNPROVEN = Notice(
    Severity.WARNING,
    "The clinic's log has grown, and what is new could not be confirmed.",
    "Until it is, nothing is sent: a device may have been revoked.",
    "Wait a minute. If this stays, tell your administrator.",
)
CATCHING_UP = Notice(
    Severity.INFORMATION,
    "Sealdesk was updated and reads all conversations once more.",
    "Older ones appear in the list as they are read.",
    "Go on working. It takes less than a minute.",
)
STALE_WARNING = Notice(
    Severity.WARNING,
    "Nobody has confirmed the list of the clinic's devices lately.",
    "If this goes on, this desk stops sending.",
    "Ask a supervisor to unlock Sealdesk, or the administrator to run sealdesk-admin renew.",
)
STALE = Notice(
    Severity.ALARM,
    "Nobody has confirmed the list of the clinic's devices for too long.",
    "A revoked device might still be listed, so nothing is sent.",
    "Ask a supervisor to unlock Sealdesk, or the administrator to run sealdesk-admin renew.",
)
RESTORED = Notice(
    Severity.WARNING,
    "This device was restored from an older copy.",
    "Its message keys were used before, so new ones were made. Its open invitations can no longer be checked.",
    "Go on working. Invite again whoever has not passed the check yet.",
)
TAKEN_OVER = Notice(
    Severity.WARNING,
    "Another program reads this device's mailbox.",
    "A copy of this profile seems to run elsewhere; this one has stopped receiving.",
    "Close the other copy, lock and unlock here. If there is no other copy, tell your administrator.",
)
PAGE_ALTERED = Notice(
    Severity.ALARM,
    "The patients' page is not the one that your administrator signed.",
    "Whoever serves it could read what patients write from now on.",
    "Call your administrator now, by telephone. Invite nobody until this is cleared.",
)
PAGE_UNSIGNED = Notice(
    Severity.ALARM,
    "No administrator of this clinic has signed the patients' page that is served.",
    "Nobody can tell whether it is the right one.",
    "Tell your administrator, who signs it with sealdesk-admin page.",
)
PAGE_ROLLED_BACK = Notice(
    Severity.ALARM,
    "An older version of the patients' page is served than before.",
    "It may have faults that were mended since, and that whoever serves it knows.",
    "Call your administrator now, by telephone. Invite nobody until this is cleared.",
)
PAGE_CLEARED = Notice(
    Severity.INFORMATION,
    "The alarm about the patients' page is over.",
    "An administrator has signed what is served, or has looked into it.",
    "Go on working.",
)
PAGE_UNSEEN = Notice(
    Severity.WARNING,
    "The patients' page could not be looked at for a day.",
    "It may be down for patients too, or this desk does not know its address.",
    "Open the page in a browser. If it works there, tell your administrator.",
)


def of_page(alarm: Notice, differences: Sequence[Difference]) -> Notice:
    """`differences` say what is wrong in the page's own terms, for whoever is called."""
    if not differences:
        return alarm
    found = listed([_different(one) for one in differences])
    return replace(alarm, means=Sentence("{means} Found: {found}.", means=alarm.means, found=found))


def listed(parts: Sequence[Sentence]) -> Sentence:
    """All of them, at least one, as one."""
    text = parts[0]
    for one in parts[1:]:
        text = Sentence("{first}; {then}", first=text, then=one)
    return text


def _different(one: Difference) -> Sentence:
    match one.what:
        case "content":
            return Sentence("{path} is another file", path=one.path)
        case "missing":
            return Sentence("{path} is missing", path=one.path)
        case "length":
            return Sentence("{path} does not end: it is longer than any file of the page", path=one.path)
        case "encoding":
            return Sentence("{path} cannot be unpacked: it is cut, or not packed as the host says", path=one.path)
    return Sentence("{path} comes with another {header}", path=one.path, header=one.what)


YOURS_AFTER_ALL = Notice(
    Severity.INFORMATION,
    "A conversation is with you after all.",
    "Two had claimed it, and your claim was the one that counts.",
    "It stands among those that are yours.",
)


def erased(log: Path | None) -> Notice:
    """Of a device that was revoked. `log` is where its audit log stays."""
    means = Sentence("It can neither send nor receive. Its keys and all that it kept were erased.")
    if log is not None:
        means = Sentence(
            "It can neither send nor receive. Its keys and all that it kept were erased, but for its audit log, which "
            "is sealed for the auditor: {file}.",
            file=log,
        )
    return Notice(Severity.ALARM, _NO_MEMBER, means, "Ask your administrator, who can enrol it anew.")


def not_erased(error: SpokenError) -> Notice:
    return Notice(
        Severity.ALARM,
        _NO_MEMBER,
        Sentence("It can neither send nor receive, but what it keeps could not be erased. {why}", why=means(error)),
        "Start Sealdesk again: it is tried once more. Until then give this workstation to nobody.",
    )


_NO_MEMBER = Sentence("This device is no longer a member of the clinic.")


def taken(name: str) -> Notice:
    """Two claimed at once, and the other's claim counts; or somebody was given what this desk held."""
    return Notice(
        Severity.INFORMATION,
        Sentence("{name} has this conversation now.", name=name),
        "What you wrote stays in it.",
        "Choose the next one, or ask to have it handed to you.",
    )


def given(name: str) -> Notice:
    return Notice(
        Severity.INFORMATION,
        "A conversation is with you now.",
        Sentence("It comes from {name}.", name=name),
        "It stands among those that are yours.",
    )


def of_error(error: SpokenError, happened: str) -> Notice:
    """`happened` is what was attempted, as a sentence; what it means and what to do are the error's own."""
    return Notice(Severity.WARNING, happened, means(error), _action(error), error.code)


def means(error: SpokenError) -> Sentence:
    return Sentence(error.sentence, **error.facts)


def _action(error: SpokenError) -> Sentence:
    return Sentence(error.action, **error.facts)


def told(error: "SpokenError | Refused") -> Sentence:
    """What it means and what to do, in one."""
    if isinstance(error, Refused):
        return error.said
    return Sentence("{means} {action}", means=means(error), action=_action(error))


def of_file(error: OSError, happened: str) -> Notice:
    """The system's own words are in whatever language it was installed in."""
    return Notice(Severity.WARNING, happened, _of_system(error), _ELSEWHERE, FILE)


def told_of_file(error: OSError) -> Sentence:
    return Sentence("{means} {action}", means=_of_system(error), action=_ELSEWHERE)


def _of_system(error: OSError) -> Sentence:
    return _SYSTEM.get(error.errno or 0) or Sentence(
        "The file cannot be read or written (the system's error {number}).", number=error.errno or 0
    )


FILE = "file.unusable"
_ELSEWHERE = Sentence("Choose another place, or make room there, then try again.")
_SYSTEM = {
    errno.ENOSPC: Sentence("The disk is full."),
    errno.EDQUOT: Sentence("The disk is full."),
    errno.EROFS: Sentence("Nothing can be written there."),
    errno.EACCES: Sentence("The system does not allow it there."),
    errno.EPERM: Sentence("The system does not allow it there."),
    errno.ENOENT: Sentence("The file or folder is not there."),
    errno.EISDIR: Sentence("There is a folder of this name."),
    errno.EEXIST: Sentence("There is a file of this name already."),
    errno.EIO: Sentence("The disk does not answer as it should."),
}
