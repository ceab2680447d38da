"""Usernames: what a person types to say who he is, the same however the keyboard wrote it."""

import re
import unicodedata
from typing import NewType

from services.identity.domain.refusals import UsernameUnusable

Username = NewType("Username", str)

MAX_TYPED = 64
"""Longer than any username, so that spaces and full-width letters can be typed; a bound for forms."""
_USABLE = re.compile(r"[a-z0-9\u4e00-\u9fff][a-z0-9\u4e00-\u9fff._-]{1,31}")


def written(typed: str) -> str:
    """The one way a username is written: half-width, lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def username(typed: str) -> Username:
    """The username typed; raises UsernameUnusable for what could be none."""
    text = written(typed)
    if not could_be(text):
        raise UsernameUnusable
    return Username(text)


def could_be(text: str) -> bool:
    """Whether a text as written is a username anybody might have."""
    return _USABLE.fullmatch(text) is not None
