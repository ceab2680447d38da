"""Lists in pages: at most 200 items, and a cursor that goes on where the last page ended."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel

from shared.kernel.errors import Invalid

MAX_PAGE = 200
_DEFAULT_PAGE = 50
T = TypeVar("T")
V = TypeVar("V")


class UnreadableCursor(Invalid):
    """A cursor this platform did not hand out."""

    code = "request.cursor_unreadable"
    detail = "翻页标记无效，请从第一页重新读取"
    field = "cursor"


class Page(BaseModel, Generic[T]):
    """Part of a list; `next` is absent on the last page."""

    items: list[T]
    next: str | None = None


class PageRequest(BaseModel):
    """Which part of a list is wanted: what comes after the sort key of the last item seen."""

    limit: int
    after: tuple[str, ...] | None

    @property
    def one_more(self) -> int:
        """How many to read: one more than is shown tells whether the list goes on."""
        return self.limit + 1

    def page(self, found: Sequence[T], view: Callable[[T], V], key: Callable[[T], Sequence[str]]) -> Page[V]:
        """What is shown of what was found when `one_more` was read, and where it goes on; `key` sorts the list."""
        shown = found[: self.limit]
        goes_on = len(found) > self.limit
        return Page(items=[view(item) for item in shown], next=cursor_of(key(shown[-1])) if goes_on else None)

    def after_key(self, *kinds: Callable[[str], object]) -> tuple[str, ...] | None:
        """The sort key of the last item seen, one part of each kind; raises UnreadableCursor for any other."""
        if self.after is None:
            return None
        if len(self.after) != len(kinds):
            raise UnreadableCursor
        try:
            for kind, part in zip(kinds, self.after, strict=True):
                kind(part)
        except (ValueError, OverflowError) as error:
            raise UnreadableCursor from error
        return self.after


def an_instant(part: str) -> datetime:
    """A kind of key part: an instant with its zone. Raises ValueError or OverflowError."""
    instant = datetime.fromisoformat(part)
    if instant.tzinfo is None:
        raise ValueError(part)
    return instant.astimezone(UTC)


def cursor_of(sort_key: Sequence[str]) -> str:
    """The opaque cursor behind an item with this sort key."""
    return base64.urlsafe_b64encode(json.dumps(list(sort_key)).encode()).decode("ascii").rstrip("=")


async def _wanted(
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="每页条数，最多 200")] = _DEFAULT_PAGE,
    cursor: Annotated[str | None, Query(max_length=2000, description="上一页返回的 next")] = None,
) -> PageRequest:
    if cursor is None:
        return PageRequest(limit=limit, after=None)
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        json.dumps(key, ensure_ascii=False).encode()
    except (binascii.Error, ValueError, RecursionError) as error:
        raise UnreadableCursor from error
    if not isinstance(key, list) or not all(isinstance(part, str) for part in key):
        raise UnreadableCursor
    return PageRequest(limit=limit, after=tuple(key))


Wanted = Annotated[PageRequest, Depends(_wanted)]
"""`limit` and `cursor` of a list route."""
