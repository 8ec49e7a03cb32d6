"""Every screen and dialog of the desk, filled as on a working day: for pictures of them, and for tests of them all.

The window is the real one. The engine's part is said here, so that each screen comes at once and looks the same always.
"""

from tests.ui.gallery import administration, conversations, dialogs, opening, reports
from tests.ui.gallery.stage import SCENES, Scene, staged, walk

__all__ = ["SCENES", "Scene", "staged", "walk"]
_ROOMS = (opening, conversations, administration, dialogs, reports)  # each has added its scenes
