"""Pictures of every screen: `python -m tests.ui.screenshots [FOLDER]`, docs/screenshots unless another is named.

The desk's are made here, desk/NAME-LOOK-LANGUAGE.png; the page's, which its own command has made in page/, are made
smaller. Nothing in them is anybody's, and no clock runs: the same source gives the same bytes.
"""

import os
import sys
from collections import Counter
from pathlib import Path

os.environ.update(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR="1", LC_ALL="C.UTF-8", TZ="UTC", HOME="/home/ana")

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from agent_app.ui.language import Interpreter, Language
from agent_app.ui.theme import Look
from tests.ui.gallery import SCENES, staged

FOLDER = Path(__file__).parents[2] / "docs/screenshots"
LANGUAGES = (Language.ENGLISH, Language.SPANISH)
_CONTRAST = {"conversation-open", "inbox", "trouble", "invitation", "locked"}  # what shows every kind of colour
_CONTRAST_IN = {Look.CONTRAST_LIGHT: Language.SPANISH, Look.CONTRAST_DARK: Language.ENGLISH}
_COLOURS = 64


def main() -> None:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder = root / "desk"
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication([])
    for path in sorted(root.glob("page/*.png")):
        picture = QImage(str(path))
        if picture.format() != QImage.Format.Format_Indexed8:  # one that is lean stays as it is
            _lean(picture).save(str(path), "PNG", 0)
    kept = {picture for language in LANGUAGES for picture in _in(language, application, folder)}
    for path in folder.glob("*.png"):
        if path.name not in kept:
            path.unlink()


def _in(language: Language, application: QApplication, folder: Path) -> list[str]:
    interpreter = Interpreter(application, language)
    made = []
    for look in (look for look in Look if look):
        contrast = look in _CONTRAST_IN
        if contrast and _CONTRAST_IN[look] is not language:
            continue
        for scene in (scene for scene in SCENES if not contrast or scene.name in _CONTRAST):
            name = f"{scene.name}-{look.value}-{interpreter.name}.png"
            with staged(application, scene, look) as shown:
                _lean(shown.grab().toImage()).save(str(folder / name), "PNG", 0)
            made.append(name)
    interpreter.dismiss()
    return made


def _lean(picture: QImage) -> QImage:
    """With its commonest colours alone: a quarter of the bytes, and hardly anybody sees the difference."""
    whole = picture.convertToFormat(QImage.Format.Format_RGB32)
    colours = Counter(memoryview(whole.constBits()).cast("I"))
    table = [colour for colour, _ in sorted(colours.items(), key=lambda each: (-each[1], each[0]))[:_COLOURS]]
    return whole.convertToFormat(QImage.Format.Format_Indexed8, table, Qt.ImageConversionFlag.ThresholdDither)


if __name__ == "__main__":
    main()
