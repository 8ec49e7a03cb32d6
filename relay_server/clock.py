"""Wall time in milliseconds since 1970 UTC. Durations inside the process use time.monotonic instead."""

import time


def now() -> int:
    return time.time_ns() // 1_000_000
