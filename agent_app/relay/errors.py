"""What can go wrong between a device and its relay.

RelayError
├── RelayUnreachable   no answer, or one that broke off: try again later
├── RelayBusy          the relay asks for patience (429, 503, 507): try again after `after` seconds
├── RelayNonsense      an answer that section 16 does not allow: a wrong or hostile server
└── RelayRefused       a problem document; `problem` is its name
    ├── LogStale       the clinic log has grown; `statements` are what we lack
    ├── LogForked      the relay's log and ours differ at our size
    ├── WitnessBehind  the request was not for the size that the relay has witnessed, which is `size`
    └── Unauthorised   the token is not, or no longer, accepted
"""


class RelayError(Exception):
    """Base of all. `code` is stable; the message says what happened and what to do."""

    code = "relay.error"


class RelayUnreachable(RelayError):
    code = "relay.unreachable"


class RelayBusy(RelayError):
    code = "relay.busy"

    def __init__(self, sentence: str, after: float) -> None:
        super().__init__(sentence)
        self.after = after


class RelayNonsense(RelayError):
    code = "relay.nonsense"


class RelayRefused(RelayError):
    code = "relay.refused"

    def __init__(self, sentence: str, problem: str, status: int) -> None:
        super().__init__(sentence)
        self.problem = problem
        self.status = status


class LogStale(RelayRefused):
    code = "log.stale"

    def __init__(self, sentence: str, status: int, statements: tuple[bytes, ...]) -> None:
        super().__init__(sentence, "log-stale", status)
        self.statements = statements


class LogForked(RelayRefused):
    code = "log.forked"


class Unauthorised(RelayRefused):
    code = "relay.unauthorised"


class WitnessBehind(RelayRefused):
    code = "relay.witness-behind"

    def __init__(self, sentence: str, status: int, size: int) -> None:
        super().__init__(sentence, "witness-conflict", status)
        self.size = size
