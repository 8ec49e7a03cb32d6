"""What can be fuzzed: decoders of bytes from outside, by name, each with the refusals that its package documents."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Decode = Callable[[bytes], object]
Seeds = Callable[[], Iterable[bytes]]


class Finding(AssertionError):
    """A decoder accepted what it must not accept, or did not write back what it had read."""


@dataclass(frozen=True)
class Target:
    """`topics` name the shared vectors that fuzzing begins with; `seeds` are what they lack."""

    name: str
    decode: Decode
    refusals: tuple[type[Exception], ...]
    topics: tuple[str, ...]
    seeds: Seeds

    def __call__(self, data: bytes) -> None:
        """Anything that this raises is a finding."""
        try:
            self.decode(data)
        except self.refusals:
            return


TARGETS: dict[str, Target] = {}


def target(*refusals: type[Exception], topics: Iterable[str] = (), seeds: Seeds = tuple) -> Callable[[Decode], Decode]:
    """Registers a decoder under its own name."""

    def register(decode: Decode) -> Decode:
        name = decode.__name__.replace("_", "-")
        TARGETS[name] = Target(name, decode, refusals, tuple(topics), seeds)
        return decode

    return register


def require(condition: object, fault: str) -> None:
    if not condition:
        raise Finding(fault)


def is_accepted(decode: Callable[[], object], *refusals: type[Exception]) -> bool:
    """Where two implementations read the same bytes."""
    try:
        decode()
    except refusals:
        return False
    return True
