"""Lists in memory: what is in scope, in which order, and what comes behind a sort key."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from services.members.use_cases.ports import Listing
from shared.kernel.access import OrganisationPath

T = TypeVar("T")


def in_scope(path: OrganisationPath, listing: Listing) -> bool:
    """Whether what hangs there is in the list."""
    return listing.scopes is None or not listing.scopes.isdisjoint(path.segments)


def latest_first(found: Sequence[T], key: Callable[[T], tuple[str, ...]]) -> Sequence[T]:
    """By rank, then the latest day, then id: the key's last two parts are day and id."""
    by_id = sorted(found, key=lambda each: key(each)[-1])
    by_day = sorted(by_id, key=lambda each: key(each)[-2], reverse=True)
    return sorted(by_day, key=lambda each: key(each)[:-2])


def is_after(key: tuple[str, ...], after: tuple[str, ...] | None) -> bool:
    """Whether an entry comes behind the sort key in a list of latest days first."""
    if after is None or key[:-2] != after[:-2]:
        return after is None or key[:-2] > after[:-2]
    return key[-2] < after[-2] or (key[-2] == after[-2] and key[-1] > after[-1])
