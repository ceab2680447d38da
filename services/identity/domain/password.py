"""Which passwords are accepted: length decides, not signs nobody can remember (NIST SP 800-63B, section 5.1.1)."""

import unicodedata

from services.identity.domain.refusals import PasswordIsUsername, PasswordTooShort
from services.identity.domain.username import Username, written

LEAST = 10
MOST = 128
"""A bound for forms: hashing takes longer with every character."""


def composed(typed: str) -> str:
    """The password as it is hashed: two keyboards that compose a character differently mean the same."""
    return unicodedata.normalize("NFC", typed)


def check_password(typed: str, of: Username, *, field: str = "password") -> None:
    """Refuse a password that is too short, or the username; `field` is where it was typed."""
    if len(composed(typed)) < LEAST:
        raise PasswordTooShort(least=LEAST, field=field)
    if written(typed) == of:
        raise PasswordIsUsername(field=field)
