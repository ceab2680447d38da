"""What this service remembers of members' facts, in MongoDB."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters.times import ProjectedTimes
from services.scoring.domain.member import Member
from services.scoring.domain.subject import (
    Organisation,
    Posting,
    Subject,
    branch_subject,
    cadre_subject,
    member_subject,
)
from services.scoring.use_cases.directory_ports import Hanging, Listing, Moving
from shared.kernel.access import OrganisationPath
from shared.mongo.client import Document
from shared.mongo.errors import store_errors
from shared.mongo.projections import MongoProjection

_AS_RECORDED = 0
"""A posting and a member hang where they were recorded: below every revision of their organisation."""
_UNMOVED: Mapping[str, Any] = {"hung_by": _AS_RECORDED, "moved_by": _AS_RECORDED}


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing."""
    with store_errors():
        await database["members"].create_index([("path", 1), ("_id", 1)])
        await database["members"].create_index("person_id")
        await database["members"].create_index([("branch_id", 1), ("moved_by", 1), ("_id", 1)])
        await database["calendars"].create_index("organisation_id")
        await database["spans"].create_index("township_id")


class MongoDirectory(ProjectedTimes):
    """What members' facts say as projections that yield to a higher revision; `hanging` records move along."""

    def __init__(self, database: AsyncDatabase[Document], hanging: Sequence[Hanging] = ()) -> None:
        super().__init__(*(MongoProjection(database[name]) for name in ("calendars", "go_lives", "spans")))
        self._organisations = database["organisations"]
        self._postings = database["postings"]
        self._members = database["members"]
        self._ends = database["membership_ends"]
        self._hanging = hanging

    async def learn_organisation(self, organisation: Organisation, revision: int) -> None:
        """Remember what an organisation is, and let hang where it hangs what is its own."""
        document = {
            "path": list(organisation.path.segments),
            "kind": organisation.kind,
            "title": organisation.title,
            "category": organisation.category,
        }
        await MongoProjection(self._organisations).put(organisation.id, revision, document)
        place = await self._hang(self._postings, "organisation_id", organisation.id)
        await self._hang(self._members, "branch_id", organisation.id)
        for records in self._hanging:
            await records.moved(organisation.id, place or organisation.path)

    async def learn_posting(self, posting: Posting, revision: int) -> None:
        """Remember who holds a post, hanging where its organisation hangs if that is known."""
        document = {
            "cadre_id": posting.cadre_id,
            "organisation_id": posting.organisation_id,
            "path": list(posting.path.segments),
            **_UNMOVED,
            "post": posting.post,
            "starts_on": posting.starts_on.isoformat(),
            "ends_on": None if posting.ends_on is None else posting.ends_on.isoformat(),
        }
        await MongoProjection(self._postings).put(posting.id, revision, document)
        await self._hang(self._postings, "organisation_id", posting.organisation_id)

    async def learn_member(self, member: Member, revision: int) -> None:
        """Remember who belongs to a branch, hanging where it hangs if that is known."""
        document = {
            "branch_id": member.branch_id,
            "path": list(member.path.segments),
            **_UNMOVED,
            "person_id": member.person_id,
            "joined_on": member.joined_on.isoformat(),
            "ended_on": None,
        }
        await MongoProjection(self._members).put(member.id, revision, document)
        await self._hang(self._members, "branch_id", member.branch_id)
        await self._end_membership(member.id)

    async def learn_membership_end(self, member_id: str, ended_on: date, revision: int) -> None:
        """Remember the last day of a membership, also of a member not known yet."""
        await MongoProjection(self._ends).put(member_id, revision, {"ended_on": ended_on.isoformat()})
        await self._end_membership(member_id)

    async def organisation(self, organisation_id: str) -> Organisation | None:
        """The organisation; None while it is unknown."""
        found = await MongoProjection(self._organisations).find(organisation_id)
        return None if found is None else _organisation(found)

    async def counties(self) -> Sequence[str]:
        """Where the paths of organisations begin."""
        with store_errors():
            return sorted(await self._organisations.distinct("path.0"))

    async def postings(self, cadre_id: str) -> tuple[Posting, ...]:
        """All posts a person holds or held."""
        return tuple(_posting(each) for each in await MongoProjection(self._postings).list({"cadre_id": cadre_id}))

    async def member(self, member_id: str) -> Member | None:
        """The member; None while he is unknown."""
        found = await MongoProjection(self._members).find(member_id)
        return None if found is None else _member(found)

    async def members_of(self, person_id: str) -> tuple[Member, ...]:
        """All memberships of a person, by id."""
        return tuple(_member(each) for each in await MongoProjection(self._members).list({"person_id": person_id}))

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

    async def members(self, listing: Listing) -> Sequence[Subject]:
        """Members by id who were members on any day of the period."""
        wanted = {
            "path": {"$in": sorted(listing.scopes)},
            "_id": _within(listing),
            "joined_on": {"$lte": listing.period.last.isoformat()},
            "$or": [{"ended_on": None}, {"ended_on": {"$gte": listing.period.first.isoformat()}}],
        }
        with store_errors():
            found = self._members.find(wanted).sort("_id", 1).limit(listing.limit)
            return [member_subject(_member(document)) async for document in found]

    async def members_moved(self, moving: Moving) -> Sequence[str]:
        """The ids of members whom that revision moved last, in order, off the index."""
        return await _moved(self._members, {"branch_id": moving.organisation_id}, "_id", moving)

    async def cadres_moved(self, moving: Moving) -> Sequence[str]:
        """The ids of persons one of whose posts that revision moved last, in order, off the index."""
        return await _moved(self._postings, {"organisation_id": moving.organisation_id}, "cadre_id", moving)

    async def _hang(
        self, collection: AsyncCollection[Document], field: str, organisation_id: str
    ) -> OrganisationPath | None:
        """Let what belongs to the organisation hang where it hangs; returns where that is, if it is known.

        `hung_by` is the organisation's revision that said so, and only a higher one moves them again: whoever writes
        last, they end where the organisation was last. `moved_by` is the one that found them elsewhere.
        """
        found = await MongoProjection(self._organisations).find(organisation_id)
        if found is None:
            return None
        path, revision = {"$literal": found["path"]}, found["revision"]
        behind = {field: organisation_id, "hung_by": {"$lt": revision}}
        moved_by = {"$cond": [{"$ne": ["$path", path]}, revision, "$moved_by"]}
        hung = {"path": path, "hung_by": revision, "moved_by": moved_by}
        with store_errors():
            await collection.update_many(behind, [{"$set": hung}])
        return OrganisationPath(tuple(found["path"]))

    async def _end_membership(self, member_id: str) -> None:
        """Let an end that is known stand, unless the member was enrolled again after it."""
        found = await MongoProjection(self._ends).find(member_id)
        if found is None:
            return
        earlier = {"_id": member_id, "revision": {"$lt": found["revision"]}}
        with store_errors():
            await self._members.update_one(earlier, {"$set": {"ended_on": found["ended_on"]}})


async def _moved(
    collection: AsyncCollection[Document], of: Mapping[str, Any], named: str, moving: Moving
) -> Sequence[str]:
    """The names under that field, each once; the index holds all of it, so no document is read."""
    wanted = {**of, "moved_by": moving.revision}
    if moving.after is not None:
        wanted[named] = {"$gt": moving.after}
    with store_errors():
        found = collection.find(wanted, {"_id": 0, named: 1}).sort(named, 1).limit(moving.limit)
        return list(dict.fromkeys([document[named] async for document in found]))


def _within(listing: Listing) -> dict[str, Any]:
    within: dict[str, Any] = {"$nin": sorted(listing.besides)}
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


def _member(document: Mapping[str, Any]) -> Member:
    ended_on = document["ended_on"]
    return Member(
        id=document["_id"],
        branch_id=document["branch_id"],
        path=OrganisationPath(tuple(document["path"])),
        person_id=document["person_id"],
        joined_on=date.fromisoformat(document["joined_on"]),
        ended_on=None if ended_on is None else date.fromisoformat(ended_on),
    )
