"""Read what scores changed since somebody last looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.scoring.use_cases.access import READERS
from services.scoring.use_cases.directory_ports import Directory
from shared.events.scoring import ScoreChanged
from shared.kernel.access import Caller, OrganisationPath


@dataclass(frozen=True, slots=True)
class Change:
    """A score that changed, numbered as it was published, and where its subject is at home."""

    sequence: int
    path: OrganisationPath
    event: ScoreChanged


class ChangeFeed(Protocol):
    """All changes of scores ever published, in the order of their publication."""

    async def newest(self) -> int:
        """The number of the newest fact; 0 before the first."""
        ...

    async def after(self, sequence: int, limit: int) -> tuple[Sequence[Change], int]:
        """The changes among the next so many facts, and the number of the last fact looked at."""
        ...


@dataclass(frozen=True, slots=True)
class ReadChanges:
    """Who looks, after which number; None for from now on."""

    by: Caller
    after: int | None
    limit: int = 500


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes the caller may read, and the number to go on from."""

    items: tuple[Change, ...]
    last: int


async def read_changes(query: ReadChanges, feed: ChangeFeed, directory: Directory) -> Changes:
    """The next changes of scores the caller may read: in scope, and his own."""
    if query.after is None:
        return Changes((), await feed.newest())
    found, last = await feed.after(query.after, query.limit)
    if not found:
        return Changes((), last)
    own = await _own(query.by, directory)
    return Changes(tuple(change for change in found if _may_read(query.by, change, own)), last)


async def _own(caller: Caller, directory: Directory) -> frozenset[str]:
    if caller.person_id is None:
        return frozenset()
    members = await directory.members_of(caller.person_id)
    return frozenset({caller.person_id, *(member.id for member in members)})


def _may_read(caller: Caller, change: Change, own: frozenset[str]) -> bool:
    return change.event.subject_id in own or caller.may(READERS[change.event.standard], change.path)
