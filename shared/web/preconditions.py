"""Revisions on the wire: ETag out, If-Match in, so that nobody overwrites what he has not seen."""

from typing import Annotated

from fastapi import Depends, Header, Response

from shared.kernel.errors import Invalid
from shared.web.problem import PreconditionMissing

_SEEN = '您所看到的版本：读取时得到的 ETag，例如 "3"'


class UnreadableRevision(Invalid):
    """If-Match holds no revision this platform hands out."""

    code = "request.if_match_unreadable"
    detail = 'If-Match 应为读取该记录时得到的 ETag，例如 "3"'
    field = "If-Match"


def etag(revision: int) -> str:
    """The ETag of a revision."""
    return f'"{revision}"'


def tag(response: Response, revision: int) -> None:
    """Say in the response which revision it shows."""
    response.headers["ETag"] = etag(revision)


async def _seen_revision(if_match: Annotated[str | None, Header(description=_SEEN)] = None) -> int:
    if if_match is None:
        raise PreconditionMissing
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit()) or len(text) > 9:  # noqa: PLR2004 - no aggregate has a billion revisions
        raise UnreadableRevision
    return int(text)


SeenRevision = Annotated[int, Depends(_seen_revision)]
"""The revision the caller has seen; 428 without If-Match."""


async def _seen_revision_if_any(if_match: Annotated[str | None, Header(description=_SEEN)] = None) -> int | None:
    return None if if_match is None else await _seen_revision(if_match)


SeenRevisionIfAny = Annotated[int | None, Depends(_seen_revision_if_any)]
"""The same where the first write has nothing to have seen; None without If-Match."""
