"""The accounts made on this machine: one file, `account password` a line, readable by its owner alone."""

import os
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

# 18 random bytes are 24 letters: past guessing, still possible to copy by hand.
RANDOM_BYTES = 18

# What identity asks of every password (services/identity/domain/password.py): refused here before anything is started.
SHORTEST = 10


class PasswordRefused(Exception):
    """A preset password cannot be kept in the file or handed to a process."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """The password file of one data folder."""

    file: Path

    def all(self) -> dict[str, str]:
        """Read every account; a file that is not there holds none."""
        try:
            lines = self.file.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        return dict(line.split(" ", 1) for line in lines if " " in line)

    def of(self, account: str) -> str:
        """Read one account's password; raises KeyError when the file does not have it."""
        return self.all()[account]

    def ensure(self, account: str, preset: str | None = None) -> str:
        """Return the account's password, writing a preset or a random one the first time.

        A preset that differs from the file wins and is written. Raises PasswordRefused.
        """
        if preset is not None:
            check_preset(preset)
        known = self.all()
        password = preset or known.get(account) or secrets.token_urlsafe(RANDOM_BYTES)
        if known.get(account) != password:
            self._write({**known, account: password})
        return password

    def _write(self, accounts: dict[str, str]) -> None:
        """Replace the file in one step; it is never readable by others, not even for a moment."""
        text = "".join(f"{account} {password}\n" for account, password in sorted(accounts.items()))
        handle, beside = tempfile.mkstemp(dir=self.file.parent, prefix=".passwords-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(beside).replace(self.file)


def check_preset(password: str) -> None:
    """Refuse what cannot stand on a line of the file or in a supervisor setting, or is too short for identity."""
    if not password.isascii() or not password.isprintable() or set(password) & set(" \"'\\"):
        raise PasswordRefused("XIANFENG_ADMIN_PASSWORD 只能用 ASCII 可见字符，且不含空格、引号和反斜杠；请换一个。")
    if len(password) < SHORTEST:
        raise PasswordRefused(f"XIANFENG_ADMIN_PASSWORD 至少需要 {SHORTEST} 个字符；请换一个更长的。")
