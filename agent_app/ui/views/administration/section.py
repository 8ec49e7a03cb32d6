"""What the sections of the administrator's room share: the clinic as it was told last, and how the key stands."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from agent_app.engine.commands import Command, acts
from agent_app.engine.events import news
from agent_app.ui.dialogs.administration import confirm
from agent_app.ui.dialogs.sheet import Sheet


class Section(QWidget):
    """Lives on Qt's thread. `show` brings a dialog up; a section never changes what it shows by itself."""

    def __init__(self, name: str, title: str, submit: Callable[[Command], None], show: Callable[[Sheet], None]) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.title = title
        self.submit, self.bring_up = submit, show
        self.clinic: news.ClinicLoaded | None = None
        self.standing = news.AdministrationChanged(news.Stage.NONE)

    def show_clinic(self, clinic: news.ClinicLoaded) -> None:
        self.clinic = clinic
        self.draw()

    def show_key(self, standing: news.AdministrationChanged) -> None:
        self.standing = standing
        self.draw()

    @property
    def may_act(self) -> bool:
        """Whether the key is on this workstation, open or locked."""
        return self.standing.stage is news.Stage.FOUNDED

    @property
    def locked(self) -> bool:
        return not self.standing.unlocked

    def draw(self) -> None:
        """After the clinic or the key has changed."""

    def confirm(self, title: str, told: str, act: acts.Act, label: str, kind: str = "primary") -> None:
        self.bring_up(confirm(title, told, act, self.submit, self, locked=self.locked, label=label, kind=kind))
