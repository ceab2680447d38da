"""Lists in MongoDB: one's own first, then the others, each read in the order of an index."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection

from services.members.use_cases.ports import Listing
from shared.mongo.client import Document
from shared.mongo.errors import store_errors

_HIDDEN = {"outbox": 0}


@dataclass(frozen=True, slots=True)
class Columns:
    """What a list goes by: the field that holds the day, the person, the place, and which end of time comes first."""

    day: str
    person: str
    place: str
    latest_first: bool = False

    @property
    def sort(self) -> dict[str, int]:
        """By day, and by id within a day."""
        return {self.day: -1 if self.latest_first else 1, "_id": 1}

    def behind(self, day: str, id_: str) -> dict[str, Any]:
        """What comes after an entry."""
        further = "$lt" if self.latest_first else "$gt"
        return {self.day: {f"{further}e": day}, "$or": [{self.day: {further: day}}, {"_id": {"$gt": id_}}]}


BY_START = Columns(day="starts_on", person="cadre_id", place="organisation_id", latest_first=True)
"""Of postings and leaves."""
BY_EXEMPTION = Columns(day="starts_on", person="person_id", place="branch_id", latest_first=True)


async def listed(collection: AsyncCollection[Document], listing: Listing, columns: Columns) -> list[Document]:
    """Part of a list, in the order of `Listing.key`; see `prepare` for the indexes it lives on."""
    found: list[Document] = []
    for rank, whose in _shelves(listing, columns.person):
        wanted = {**_narrowed(listing, columns), **whose}
        if listing.after is not None:
            *rank_before, day, id_ = listing.after
            if rank_before > [rank]:
                continue
            if rank_before in ([], [rank]):
                wanted |= columns.behind(day, id_)
        left = listing.limit - len(found)
        if left > 0:
            with store_errors():
                found += await collection.find(wanted, _HIDDEN).sort(columns.sort).limit(left).to_list()
    return found


def _shelves(listing: Listing, person: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The ranks of the list, the first first, each with the filter of what stands there."""
    own, asked_for = listing.own, listing.person_id
    if own is not None and asked_for in {None, own}:
        yield "0", {person: own}
    if asked_for is None:
        yield "1", {} if own is None else {person: {"$ne": own}}
    elif asked_for != own:
        yield "1", {person: asked_for}


def _narrowed(listing: Listing, columns: Columns) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if listing.scopes is not None:
        wanted["path"] = {"$in": sorted(listing.scopes)}
    if listing.organisation_id is not None:
        wanted[columns.place] = listing.organisation_id
    if listing.post is not None:
        wanted["post"] = listing.post
    return wanted
