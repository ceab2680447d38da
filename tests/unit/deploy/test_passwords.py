import stat
from pathlib import Path

import pytest

from deploy.local.passwords import PasswordRefused, Passwords


def test_an_account_keeps_its_random_password(tmp_path: Path) -> None:
    passwords = Passwords(tmp_path / "passwords")

    first, second = passwords.ensure("admin"), passwords.ensure("admin")

    assert first == second
    assert len(first) >= 20


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    passwords = Passwords(tmp_path / "passwords")

    passwords.ensure("admin")

    assert stat.S_IMODE(passwords.file.stat().st_mode) == 0o600


def test_a_preset_password_wins_over_the_one_made_before(tmp_path: Path) -> None:
    passwords = Passwords(tmp_path / "passwords")
    passwords.ensure("admin")

    passwords.ensure("admin", "Chosen-By-Me-2026")

    assert passwords.of("admin") == "Chosen-By-Me-2026"


def test_other_accounts_stay_in_the_file(tmp_path: Path) -> None:
    passwords = Passwords(tmp_path / "passwords")
    passwords.ensure("admin", "one-password")
    passwords.ensure("shuji", "another-password")

    assert passwords.all() == {"admin": "one-password", "shuji": "another-password"}


@pytest.mark.parametrize(
    "preset", ["with space", 'with"quote', "with'quote", "密码密码密码", "back\\slash", "two\nlines", "ninechars"]
)
def test_a_password_that_cannot_be_handed_on_is_refused(preset: str, tmp_path: Path) -> None:
    with pytest.raises(PasswordRefused):
        Passwords(tmp_path / "passwords").ensure("admin", preset)
