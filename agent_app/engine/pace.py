"""How often things happen that nobody waits for. Seconds, unless said otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """`receipt_jitter`: receipts to patients leave at a random moment within it, so that their timing says nothing."""

    receipt_jitter: float = 3.0
    upkeep: float = 300.0
    locked_count: float = 10.0
    admission: float = 3.0
    returning: float = 5.0  # for each desk that is asked before: in it, what that one did arrives
    asking: float = 300.0  # a request that waits is left anew
    enrolments: float = 15.0  # an administrator looks at who waits
    witness: float = 900.0
    witness_leaves: int = 64
    reconnect_first: float = 0.5
    reconnect_most: float = 60.0
    page_first: float = 5.0  # after the unlock, so that a desk is usable before it looks at anything else
    page: float = 3_600.0
