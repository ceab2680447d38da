"""What this service remembers of members' facts, in MongoDB."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.domain.subject import Organisation, Posting, Subject, branch_subject, cadre_subject
from services.scoring.use_cases.ports import Listing
from shared.kernel.access import OrganisationPath
from shared.mongo.client import Document
from shared.mongo.errors import store_errors
from shared.mongo.projections import MongoProjection

_AS_RECORDED = 0
"""A posting hangs where it was recorded: below every revision of its organisation."""


class MongoDirectory:
    """Organisations and postings as projections that yield to a higher revision."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._organisations = database["organisations"]
        self._postings = database["postings"]

    async def learn_organisation(self, organisation: Organisation, revision: int) -> None:
        """Remember what an organisation is, and let its postings hang where it hangs."""
        document = {
            "path": list(organisation.path.segments),
            "kind": organisation.kind,
            "title": organisation.title,
            "category": organisation.category,
        }
        await MongoProjection(self._organisations).put(organisation.id, revision, document)
        await self._hang_postings(organisation.id)

    async def learn_posting(self, posting: Posting, revision: int) -> None:
        """Remember who holds a post, hanging where its organisation hangs if that is known."""
        document = {
            "cadre_id": posting.cadre_id,
            "organisation_id": posting.organisation_id,
            "path": list(posting.path.segments),
            "hung_by": _AS_RECORDED,
            "post": posting.post,
            "starts_on": posting.starts_on.isoformat(),
            "ends_on": None if posting.ends_on is None else posting.ends_on.isoformat(),
        }
        await MongoProjection(self._postings).put(posting.id, revision, document)
        await self._hang_postings(posting.organisation_id)

    async def organisation(self, organisation_id: str) -> Organisation | None:
        """The organisation; None while it is unknown."""
        found = await MongoProjection(self._organisations).find(organisation_id)
        return None if found is None else _organisation(found)

    async def postings(self, cadre_id: str) -> tuple[Posting, ...]:
        """All posts a person holds or held."""
        return tuple(_posting(each) for each in await MongoProjection(self._postings).list({"cadre_id": cadre_id}))

    async def branches(self, listing: Listing) -> Sequence[Subject]:
        """Branches by id."""
        wanted = {
            "path": {"$in": sorted(listing.scopes)},
            "kind": {"$in": list(listing.applies_to.kinds)},
            "_id": _within(listing),
        }
        with store_errors():
            found = self._organisations.find(wanted).sort("_id", 1).limit(listing.limit)
            return [branch_subject(_organisation(document)) async for document in found]

    async def cadres(self, listing: Listing) -> Sequence[Subject]:
        """Persons by id who held one of the posts in the period."""
        held = {
            "path": {"$in": sorted(listing.scopes)},
            "post": {"$in": list(listing.applies_to.posts)},
            "cadre_id": _within(listing),
            "starts_on": {"$lte": listing.period.last.isoformat()},
            "$or": [{"ends_on": None}, {"ends_on": {"$gte": listing.period.first.isoformat()}}],
        }
        persons = {"_id": "$cadre_id", "postings": {"$push": "$$ROOT"}}
        with store_errors():
            cursor = await self._postings.aggregate(
                [{"$match": held}, {"$group": persons}, {"$sort": {"_id": 1}}, {"$limit": listing.limit}]
            )
            found = await cursor.to_list()
        subjects = (
            cadre_subject(person["_id"], tuple(_posting(each) for each in person["postings"]), listing.period)
            for person in found
        )
        return [subject for subject in subjects if subject is not None]

    async def _hang_postings(self, organisation_id: str) -> None:
        """Let the organisation's postings hang where it hangs.

        `hung_by` is the organisation's revision that said so, and only a higher one moves them again: whoever writes
        last, a posting ends where the organisation was last.
        """
        found = await MongoProjection(self._organisations).find(organisation_id)
        if found is None:
            return
        behind = {"organisation_id": organisation_id, "hung_by": {"$lt": found["revision"]}}
        with store_errors():
            await self._postings.update_many(behind, {"$set": {"path": found["path"], "hung_by": found["revision"]}})


def _within(listing: Listing) -> dict[str, Any]:
    within: dict[str, Any] = {"$ne": listing.besides}
    if listing.after is not None:
        within["$gt"] = listing.after
    return within


def _organisation(document: Mapping[str, Any]) -> Organisation:
    return Organisation(
        id=document["_id"],
        path=OrganisationPath(tuple(document["path"])),
        kind=document["kind"],
        title=document["title"],
        category=document["category"],
    )


def _posting(document: Mapping[str, Any]) -> Posting:
    ends_on = document["ends_on"]
    return Posting(
        id=document["_id"],
        cadre_id=document["cadre_id"],
        organisation_id=document["organisation_id"],
        path=OrganisationPath(tuple(document["path"])),
        post=document["post"],
        starts_on=date.fromisoformat(document["starts_on"]),
        ends_on=None if ends_on is None else date.fromisoformat(ends_on),
    )
