"""Which passwords are accepted: length decides, not signs nobody can remember (NIST SP 800-63B, section 5.1.1)."""

import string
import unicodedata
from collections.abc import Set as AbstractSet
from itertools import pairwise

from services.identity.domain.refusals import (
    PasswordBlank,
    PasswordCommon,
    PasswordHoldsUsername,
    PasswordIsSequence,
    PasswordTooShort,
    PasswordTooUniform,
)
from services.identity.domain.username import Username, written

LEAST = 10
MOST = 128
"""A bound for forms: hashing takes longer with every character."""
_DISTINCT = 4
_TELLING = 4
"""A username of two or three letters stands inside many a word."""
_STRETCH = 3
"""Stretches this long on average make a password that is counted off, not thought of."""
_TRIMMINGS = string.digits + string.punctuation + string.whitespace


def composed(typed: str) -> str:
    """The password as it is hashed: two keyboards that compose a character differently mean the same."""
    return unicodedata.normalize("NFC", typed)


def check_length(typed: str, *, field: str = "password") -> None:
    """Refuse a password that is too short; `field` is where it was typed. All that is asked of a preset one."""
    if len(composed(typed)) < LEAST:
        raise PasswordTooShort(least=LEAST, field=field)


def check_password(typed: str, of: Username, common: AbstractSet[str], *, field: str = "password") -> None:
    """Refuse a password that is guessed early: short, blank, uniform, counted off, around the username, or common.

    `common` are the passwords everybody guesses first, in small letters. Raises a WeakPassword for the `field`.
    """
    check_length(typed, field=field)
    plain = written(typed)
    if not plain:
        raise PasswordBlank(field=field)
    if len(set(plain)) < _DISTINCT:
        raise PasswordTooUniform(least=_DISTINCT, field=field)
    if len(plain) >= _STRETCH * _stretches(plain):
        raise PasswordIsSequence(field=field)
    if of in plain and (len(of) >= _TELLING or not of.isascii()):
        raise PasswordHoldsUsername(field=field)
    if plain in common or plain.strip(_TRIMMINGS) in common:
        raise PasswordCommon(field=field)


def _stretches(text: str) -> int:
    """Into how many stretches the text falls in which each character repeats, follows or precedes the one before.

    `1234567890` is one, `abcdef123456` two, `password` seven (`ss` is one).
    """
    count, going = 1, None
    for before, after in pairwise(text):
        step = _step(before, after)
        if step is None or going not in {None, step}:
            count, going = count + 1, None
        else:
            going = step
    return count


def _step(before: str, after: str) -> int | None:
    """0 for the same character, 1 for the next, -1 for the one before; None for any other. 0 follows 9."""
    step = ord(after) - ord(before)
    if {before, after} == {"0", "9"}:
        step = -1 if step > 0 else 1
    return step if abs(step) <= 1 else None
