"""How identity starts."""

from pathlib import Path

import pytest

from services.identity.__main__ import main
from services.identity.settings import Settings
from shared.telemetry.settings import UnusableSetting


def test_the_administrators_password_is_identitys_own_setting() -> None:
    assert Settings.read({}).admin_password is None
    assert Settings.read({"XIANFENG_ADMIN_PASSWORD": "long enough"}).admin_password == "long enough"


def test_the_audit_log_is_kept_for_more_than_a_year_and_never_less_than_six_months() -> None:
    assert Settings.read({}).audit_days == 400
    assert Settings.read({"XIANFENG_AUDIT_DAYS": "183"}).audit_days == 183
    for days in ("182", "30", "-400", "3651", "for ever"):
        with pytest.raises(UnusableSetting, match="XIANFENG_AUDIT_DAYS must be 183 to 3650"):
            Settings.read({"XIANFENG_AUDIT_DAYS": days})


def test_an_unknown_command_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["worker"]) == 64
    assert "services.identity api" in capsys.readouterr().err


def test_an_unusable_setting_is_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANFENG_PORT", "eighty")

    assert main(["api"]) == 78
    assert capsys.readouterr().err == "XIANFENG_PORT must be a number, not 'eighty'\n"


def test_new_key_names_the_file_it_made(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XIANFENG_DATA_DIR", str(tmp_path))

    assert main(["new-key"]) == 0
    assert capsys.readouterr().out == "signing-1.pem\n"
