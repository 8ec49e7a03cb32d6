"""What fuzzing begins with: the shared vectors hold in every target, and no target is a door that nothing opens."""

import importlib
from contextlib import suppress

import pytest

from tests.fuzz.__main__ import ROOMS
from tests.fuzz.registry import TARGETS, Target
from tests.fuzz.seeds import seeds_of

for room in ROOMS:
    importlib.import_module(f"tests.fuzz.{room}")

every_target = pytest.mark.parametrize("target", [TARGETS[name] for name in sorted(TARGETS)], ids=sorted(TARGETS))


@every_target
def test_a_target_survives_its_seeds(target: Target) -> None:
    for seed in seeds_of(target):
        target(seed)


@every_target
def test_a_target_takes_one_of_its_seeds(target: Target) -> None:
    def takes(seed: bytes) -> bool:
        with suppress(*target.refusals):
            target.decode(seed)
            return True
        return False

    refuses_everything = target.name == "relay-problem"  # whatever a problem says, the call has failed
    assert any(map(takes, seeds_of(target))) != refuses_everything
