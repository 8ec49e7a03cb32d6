"""The window from New clinic to a green self-check, with the real engine, a real relay and the system's keyring."""

import os
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from agent_app.engine.administration.office import office_profile
from agent_app.engine.events import news
from agent_app.engine.profile import Profile
from agent_app.main import build_desk
from agent_app.store.key_material import AdminSecrets, DeviceSecrets
from agent_app.store.vault import Vault
from tests.relay_server.relays import RelayProcess
from tests.ui.driving import find, press, text_of, type_into


def test_a_clinic_is_founded_and_checks_itself(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "relay").mkdir()
    relay, profile = RelayProcess(tmp_path / "relay"), Profile(tmp_path / "desks", f"ada-{os.urandom(4).hex()}")
    desk = build_desk(profile)
    window = desk.window
    qtbot.addWidget(window)
    kits: list[news.KitMade] = []
    desk.engine_thread.event_raised.connect(lambda e: kits.append(e) if isinstance(e, news.KitMade) else None)
    pictures = os.environ.get("SEALDESK_PICTURES", "")

    def sees(name: str) -> None:
        qtbot.waitUntil(lambda: find(window, name).isVisible())
        if pictures:
            window.grab().save(f"{pictures}/{name}.png")

    try:
        desk.start()
        sees("newClinic")
        press(qtbot, window, "newClinic")
        sees("clinicScreen")
        type_into(qtbot, window, "newClinicName", "Praxis Ada")
        type_into(qtbot, window, "clinicRelay", relay.url)
        press(qtbot, window, "clinicFound")
        assert "Write the passphrase down" in text_of(window, "clinicError")
        find(window, "clinicWritten").setChecked(True)  # type: ignore[attr-defined]
        press(qtbot, window, "clinicFound")
        sees("kitWord7")
        kit = kits[-1]
        right = [kit.sheets[sheet - 1][place - 1] for sheet, place in kit.asked]
        window._first_run._kit.save(1, tmp_path / "sheet.pdf")
        assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
        for index, word in enumerate(right):
            type_into(qtbot, window, f"kitWord{index}", word if index else "wrong")
        press(qtbot, window, "kitConfirm")
        sees("kitError")
        wrong = find(window, "kitWord0")
        assert isinstance(wrong, QLineEdit)
        wrong.setText(right[0])
        assert any("recovery kit" in notice.happened for notice in window._notices.notices)
        press(qtbot, window, "kitConfirm")
        sees("joinScreen")
        qtbot.waitUntil(lambda: not any("recovery kit" in n.happened for n in window._notices.notices))
        type_into(qtbot, window, "joinName", "Ada Lovelace")
        find(window, "joinWritten").setChecked(True)  # type: ignore[attr-defined]
        press(qtbot, window, "joinButton")
        sees("ownApprovalScreen")
        qtbot.waitUntil(find(window, "ownApprove").isEnabled)  # its request came
        press(qtbot, window, "ownApprove")
        sees("selfCheckScreen")
        press(qtbot, window, "selfCheckRun")
        result = find(window, "selfCheckResult")
        assert isinstance(result, QLabel)
        qtbot.waitUntil(lambda: result.text() != "")
        sees("selfCheckResult")
        assert "went over your relay" in result.text()
        done = find(window, "selfCheckDone")
        assert isinstance(done, QAbstractButton)
        press(qtbot, window, "selfCheckDone")
        sees("openingScreen")
        assert text_of(window, "openingSnippet") == f'<script defer src="{relay.url}/widget.js"></script>'
        press(qtbot, window, "openingDone")
        sees("desk")
    finally:
        desk.stop()
        office = office_profile(profile)
        Vault(DeviceSecrets, profile.name, profile.folder).remove()
        Vault(AdminSecrets, office.name, office.folder).remove()
        relay.close()
