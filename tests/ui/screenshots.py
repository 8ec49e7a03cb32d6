"""Pictures of every screen: `python -m tests.ui.screenshots [FOLDER]`, docs/screenshots/desk unless another is named.

Each is NAME-LOOK-LANGUAGE.png. Nothing in them is anybody's, and no clock runs: the same source gives the same bytes.
"""

import os
import sys
from collections import Counter
from pathlib import Path

os.environ.update(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR="1", LC_ALL="C.UTF-8", TZ="UTC", HOME="/home/ana")

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from agent_app.ui.language import Interpreter, Language
from agent_app.ui.theme import Look
from tests.ui.gallery import SCENES, staged

FOLDER = Path(__file__).parents[2] / "docs/screenshots/desk"
LANGUAGES = (Language.ENGLISH, Language.SPANISH)
_CONTRAST = {"conversation-open", "inbox", "trouble", "invitation", "locked"}  # what shows every kind of colour
_COLOURS = 256


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    kept = {picture for language in LANGUAGES for picture in _in(language, application, folder)}
    for path in folder.glob("*.png"):
        if path.name not in kept:
            path.unlink()


def _in(language: Language, application: QApplication, folder: Path) -> list[str]:
    interpreter = Interpreter(application, language)
    made = []
    for look in (look for look in Look if look):
        for scene in SCENES:
            if look in (Look.LIGHT, Look.DARK) or scene.name in _CONTRAST:
                name = f"{scene.name}-{look.value}-{interpreter.name}.png"
                with staged(application, scene, look) as shown:
                    _picture(shown).save(str(folder / name), "PNG", 0)
                made.append(name)
    interpreter.dismiss()
    return made


def _picture(shown: QWidget) -> QImage:
    """With its 256 commonest colours: a quarter of the bytes, and nobody sees the difference."""
    whole = shown.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    colours = Counter(memoryview(whole.constBits()).cast("I"))
    table = [colour for colour, _ in sorted(colours.items(), key=lambda each: (-each[1], each[0]))[:_COLOURS]]
    return whole.convertToFormat(QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.ThresholdDither)


if __name__ == "__main__":
    main()
