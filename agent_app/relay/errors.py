"""What can go wrong between a device and its relay: each a SpokenError. What the relay says of it is a `detail`.

RelayError
├── OriginRefused      relay.origin         no address that a relay may have
│   └── OriginInTheOpen relay.origin-in-the-open    it is not encrypted
├── RelayUnreachable   relay.unreachable    no answer, or one that broke off: try again later
│   └── PageUnreachable relay.page-unreachable      the same of the patients' page
├── RelayBusy          relay.busy           it asks for patience (429, 503, 507): try again after `after` seconds
├── RelayNonsense      relay.nonsense       an answer that section 16 does not allow: a wrong or hostile server
├── UnknownClinic      relay.unknown-clinic it has no log of the clinic that was asked for
└── RelayRefused       relay.refused        a problem document; `problem` is its name
    ├── LogStale       log.stale            the clinic log has grown; `statements` are what we lack
    ├── LogForked      log.forked           the relay's log and ours differ at our size
    ├── WitnessBehind  relay.witness-behind the request was not for the size that the relay has witnessed: `size`
    └── Unauthorised   relay.unauthorised   the token is not, or no longer, accepted
"""

import re

from agent_app.protocol.errors import SpokenError

_NAME = re.compile("[a-z]{1,16}(-[a-z]{1,16}){0,3}")  # of a problem; a hostile relay would like to say more


class RelayError(SpokenError):
    """Base of all."""


class OriginRefused(RelayError, ValueError):
    code = "relay.origin"
    sentence = "A relay's address looks like https://relay.example, not “{origin}”."
    action = "Check how it is written."


class OriginInTheOpen(OriginRefused):
    code = "relay.origin-in-the-open"
    sentence = "{origin} is not encrypted."
    action = "Use https; plain http is for a relay on this machine only."


class RelayUnreachable(RelayError):
    code = "relay.unreachable"
    sentence = "The relay cannot be reached."
    action = "Check the network, then try again."


class PageUnreachable(RelayUnreachable):
    code = "relay.page-unreachable"
    sentence = "The patients' page cannot be reached."
    action = "Check the network, then try again."


class RelayBusy(RelayError):
    code = "relay.busy"
    sentence = "The relay cannot take this now."
    action = "Try again in a minute. If this stays, tell your administrator."

    def __init__(self, after: float, detail: str = "") -> None:
        super().__init__(detail)
        self.after = after


class RelayNonsense(RelayError):
    code = "relay.nonsense"
    sentence = "The relay's answer is not what it must be, and was not believed."
    action = "Tell your administrator."


class UnknownClinic(RelayError):
    code = "relay.unknown-clinic"
    sentence = "The relay does not know this clinic."
    action = "Ask your administrator for the address again."


class RelayRefused(RelayError):
    code = "relay.refused"
    sentence = "The relay refused this ({problem})."
    action = "Try again. If it happens again, tell your administrator."

    def __init__(self, problem: str, status: int, detail: str = "") -> None:
        super().__init__(detail, problem=problem if _NAME.fullmatch(problem) else status)
        self.problem = problem
        self.status = status


class LogStale(RelayRefused):
    code = "log.stale"
    sentence = "The clinic's log has grown meanwhile."
    action = "Try again."

    def __init__(self, status: int, statements: tuple[bytes, ...], detail: str = "") -> None:
        super().__init__("log-stale", status, detail)
        self.statements = statements


class LogForked(RelayRefused):
    code = "log.forked"
    sentence = "The relay holds another clinic log than this device."
    action = "Call your administrator now, by telephone."


class Unauthorised(RelayRefused):
    code = "relay.unauthorised"
    sentence = "The relay does not accept this device's proof of who it is."
    action = "Lock Sealdesk and unlock it. If this stays, tell your administrator."


class WitnessBehind(RelayRefused):
    code = "relay.witness-behind"
    sentence = "The relay has witnessed another state of the log."
    action = "Try again."

    def __init__(self, status: int, size: int) -> None:
        super().__init__("witness-conflict", status)
        self.size = size
