"""The clinic's policy, as its log has it."""

from collections.abc import Callable

from PySide6.QtWidgets import QCheckBox, QGridLayout, QSpinBox

from agent_app.engine.commands import Command, acts
from agent_app.ui.dialogs.sheet import Sheet, field_label
from agent_app.ui.views.administration.section import Section
from agent_app.ui.views.basics import button, column, row
from agent_app.ui.views.error_line import ErrorLine


class PolicySection(Section):
    """What somebody has begun to change is kept until it is saved or given up; the log's own stays beside it."""

    def __init__(self, submit: Callable[[Command], None], show: Callable[[Sheet], None]) -> None:
        super().__init__("policy", "", submit, show)
        self.title = self.tr("Policy")
        self.setAccessibleName(self.title)
        self._shown: tuple[object, ...] = ()
        self._lock = self._number("policyLock", 10, 900, self.tr(" s"))
        self._retention = self._number("policyRetention", 0, 36_500, self.tr(" days"))
        self._retention.setSpecialValueText(self.tr("without limit"))
        self._warn = self._number("policyWarn", 1, 335, self.tr(" h"))
        self._stop = self._number("policyStop", 2, 336, self.tr(" h"))
        self._receipts = self._box("policyReceipts", self.tr("Patients see that their messages were read"))
        self._history = self._box("policyHistory", self.tr("New devices are sent what was said before"))
        self._error = ErrorLine("policyError")
        self._error.watch(self._warn, self._stop)
        self._save = button(self.tr("Change the policy…"), "policySave", "primary", self._on_save)
        self._anew = button(self.tr("State it anew (all clear)…"), "policyAnew", "", self._on_anew)
        self._arrange()
        self.draw()

    def draw(self) -> None:
        policy = self.clinic.policy if self.clinic else None
        for each in (self._save, self._anew):
            each.setEnabled(self.may_act and policy is not None)
        if policy is None or self._shown == (policy,):
            return
        self._shown = (policy,)
        self._lock.setValue(policy.idle_lock_seconds)
        self._retention.setValue(policy.retention_days)
        self._warn.setValue(policy.warn_hours)
        self._stop.setValue(policy.stop_hours)
        self._receipts.setChecked(policy.read_receipts)
        self._history.setChecked(policy.history_to_new_devices)

    def _on_save(self) -> None:
        if self._warn.value() >= self._stop.value():
            why = self.tr("Desks must warn before they stop. Choose fewer hours for the warning.")
            self._error.refuse(why, self._warn)
            return
        self._error.clear()
        act = acts.ChangePolicy(
            self._lock.value(),
            self._retention.value(),
            self._receipts.isChecked(),
            self._history.isChecked(),
            self._warn.value(),
            self._stop.value(),
        )
        told = self.tr("It holds on every desk once that has heard of it, and stands in the clinic log.")
        if self.clinic and 0 < self._retention.value() != self.clinic.policy.retention_days:
            told += " " + self.tr("Each desk then deletes for ever what is older than that.")
        self.confirm(self.tr("Change the policy?"), told, act, self.tr("Change the policy"))

    def _on_anew(self) -> None:
        if self.clinic is not None:
            policy = self.clinic.policy
            act = acts.ChangePolicy(
                policy.idle_lock_seconds,
                policy.retention_days,
                policy.read_receipts,
                policy.history_to_new_devices,
                policy.warn_hours,
                policy.stop_hours,
            )
            told = self.tr(
                "This ends the alarms that desks have raised about the clinic log, and they send again. Do it after "
                "you have found out what was behind them."
            )
            self.confirm(self.tr("State the policy anew?"), told, act, self.tr("All clear"))

    def _arrange(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        for place, (label, field) in enumerate(
            (
                (self.tr("Desks lock when nobody uses them for"), self._lock),
                (self.tr("Messages are kept for"), self._retention),
                (self.tr("Desks warn when nobody has vouched for the log for"), self._warn),
                (self.tr("Desks stop sending after"), self._stop),
            )
        ):
            grid.addWidget(field_label(label, field), place, 0)
            grid.addWidget(field, place, 1)
        grid.setColumnStretch(2, 1)
        foot = row(self._save, self._anew)
        foot.addStretch()
        layout = column(spacing=12)
        layout.addLayout(grid)
        for part in (self._receipts, self._history, self._error):
            layout.addWidget(part)
        layout.addLayout(foot)
        layout.addStretch()
        self.setLayout(layout)

    def _number(self, name: str, least: int, most: int, unit: str) -> QSpinBox:
        made = QSpinBox()
        made.setObjectName(name)
        made.setRange(least, most)
        made.setSuffix(unit)
        made.setMinimumWidth(150)
        made.lineEdit().setTextMargins(9, 0, 0, 0)
        return made

    def _box(self, name: str, text: str) -> QCheckBox:
        made = QCheckBox(text)
        made.setObjectName(name)
        made.setAccessibleName(text)
        return made
