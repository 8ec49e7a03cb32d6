"""What every test may rely on: a fixed locale, a screen, properties that are not timed, and vectors made by others."""

import gc
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

REPOSITORY = Path(__file__).resolve().parent.parent
QT_PATIENCE = 60_000  # milliseconds

# Qt warns about any other encoding, and a warning fails the run. Dates and digits hold still too.
os.environ["LC_ALL"] = "C.UTF-8"

if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# A busy machine is no slow program, so no example has a deadline, and none is drawn too slowly. Examples are random
# also under CI, where Hypothesis would repeat the same ones: each run looks where none has looked before, and a failure
# says how to repeat it.
settings.register_profile(
    "sealdesk", deadline=None, derandomize=False, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("sealdesk")


def pytest_collection_finish() -> None:
    """As the desk does with its own modules: what stays is not looked through again at each lock of a desk."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def wycheproof() -> Callable[[str], dict[str, Any]]:
    """Loads a file of C2SP/wycheproof by its name without the ending: `wycheproof("x25519_test")`.

    The folder is `$WYCHEPROOF_DIR`, or `shared/vectors/wycheproof` beside the repository. Without it the test is
    skipped; with SEALDESK_REQUIRE_WYCHEPROOF=1, as in CI, it fails.
    """
    folder = Path(os.environ.get("WYCHEPROOF_DIR") or REPOSITORY.parent / "shared/vectors/wycheproof")

    def load(name: str) -> dict[str, Any]:
        if folder.is_dir():
            return json.loads((folder / f"{name}.json").read_bytes())
        sentence = f"Wycheproof's vectors are not at {folder}. Set WYCHEPROOF_DIR to the folder that holds them."
        if os.environ.get("SEALDESK_REQUIRE_WYCHEPROOF") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)

    return load


class PatientBot(QtBot):
    """What it waits for comes, or the test has failed: how long a busy machine takes says nothing of the program."""

    def waitSignal(self, signal: Any, **how: Any) -> Any:
        return super().waitSignal(signal, **{"timeout": QT_PATIENCE, **how})

    def waitUntil(self, callback: Callable[[], Any], **how: Any) -> None:
        super().waitUntil(callback, **{"timeout": QT_PATIENCE, **how})

    def waitExposed(self, widget: Any, **how: Any) -> Any:
        return super().waitExposed(widget, **{"timeout": QT_PATIENCE, **how})


@pytest.fixture
def qtbot(qapp: Any, request: pytest.FixtureRequest) -> PatientBot:
    return PatientBot(request)
