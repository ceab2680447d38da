"""Obligations, read marks and agendas in MongoDB."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.notifications.adapters.acts import ProjectedActs
from services.notifications.adapters.directory import ProjectedDirectory
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.township import Agenda
from services.notifications.use_cases.ports import Listing
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import CadreId, ObligationId, OrganisationId, TownshipId
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors
from shared.mongo.projections import MongoProjection

AGGREGATES = ("obligations",)
"""The collections that hold facts for the relay."""
_HIDDEN = {"outbox": 0, "reads": 0}
_OF_CADRE = "cadre:"
_MONTHS = "months:"
_OF_BRANCHES = {"terms.subject_kind": "branch"}
_ESCALATED = {"escalated": {"$gt": 0}}
_OBLIGATION = TypeAdapter(Obligation)


def _to_document(obligation: Obligation) -> Mapping[str, Any]:
    document: dict[str, Any] = storable(obligation)
    del document["id"]
    step = obligation.next_step
    next_at = None if step is None else step.at
    return {**document, "state": obligation.state, "next_at": next_at, "escalated": obligation.escalated}


def _from_document(document: Mapping[str, Any]) -> Obligation:
    path = OrganisationPath(tuple(document["path"]))
    return _OBLIGATION.validate_python({**document, "id": document["_id"], "path": path})


class MongoObligations(MongoAggregates[Obligation]):
    """The obligations; who has read what stands beside them (`reads`), never touched by a save."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database["obligations"], recorder, _to_document, _from_document)
        self._obligations = database["obligations"]

    async def due(self, until: datetime, limit: int) -> Sequence[tuple[ObligationId, datetime]]:
        """Those whose next step is due by then, with its instant, earliest first."""
        with store_errors():
            found = self._obligations.find({"next_at": {"$lte": until}}, {"next_at": 1})
            documents = await found.sort({"next_at": 1, "_id": 1}).limit(limit).to_list()
        return [(ObligationId(document["_id"]), document["next_at"]) for document in documents]

    async def weeks_of(self, cadre_id: CadreId, since: date, until: date = date.max) -> Sequence[ObligationId]:
        """A cadre's weekly obligations due between the days."""
        between = {"$gte": since.isoformat(), "$lte": until.isoformat()}
        return await self._ids({"terms.cadre_id": cadre_id, "terms.subject_kind": "cadre", "terms.due_on": between})

    async def weeks_below(self, organisation_id: OrganisationId, first: date, last: date) -> Sequence[ObligationId]:
        """Weekly obligations at or below an organisation, due between the days."""
        between = {"$gte": first.isoformat(), "$lte": last.isoformat()}
        return await self._ids({"path": organisation_id, "terms.subject_kind": "cadre", "terms.due_on": between})

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now: a new revision, so that nobody saves the old place over it."""
        elsewhere = {"terms.organisation_id": organisation_id, "path": {"$ne": list(path.segments)}}
        with store_errors():
            await self._obligations.update_many(
                elsewhere, {"$set": {"path": list(path.segments)}, "$inc": {"revision": 1}}
            )

    async def list(self, listing: Listing) -> Sequence[Obligation]:
        """Part of the obligations, the last due first."""
        wanted = _filter(listing)
        if listing.after is not None:
            due_on, id_ = listing.after
            later = [{"terms.due_on": {"$lt": due_on}}, {"terms.due_on": due_on, "_id": {"$gt": id_}}]
            wanted = {"$and": [wanted, {"$or": later}]}
        with store_errors():
            found = self._obligations.find(wanted, _HIDDEN).sort({"terms.due_on": -1, "_id": 1}).limit(listing.limit)
            return [_from_document(document) async for document in found]

    async def unread(self, listing: Listing, reader: str) -> int:
        """How many of the listing the reader has news of that he has not read."""
        read = {"$ifNull": [f"$reads.{reader}", 0]}
        wanted = {"$and": [_filter(listing), {"noticed": {"$ne": None}}], "$expr": {"$lt": [read, "$noticed"]}}
        with store_errors():
            return await self._obligations.count_documents(wanted)

    async def read_by(self, reader: str, obligation_ids: Sequence[ObligationId]) -> Mapping[ObligationId, int]:
        """The revision up to which the reader has read each."""
        ever = {"_id": {"$in": list(obligation_ids)}, f"reads.{reader}": {"$exists": True}}
        with store_errors():
            documents = await self._obligations.find(ever, {f"reads.{reader}": 1}).to_list()
        return {ObligationId(document["_id"]): document["reads"][reader] for document in documents}

    async def mark_read(self, obligation_id: ObligationId, reader: str, revision: int) -> None:
        """The reader has read it as it was in that revision; an earlier one changes nothing."""
        with store_errors():
            await self._obligations.update_one({"_id": obligation_id}, {"$max": {f"reads.{reader}": revision}})

    async def _ids(self, wanted: Mapping[str, Any]) -> Sequence[ObligationId]:
        with store_errors():
            documents = await self._obligations.find(wanted, {"_id": 1}).sort("_id").to_list()
        return [ObligationId(document["_id"]) for document in documents]


class MongoAgendas:
    """Two documents a township, of its weeks and its months, and one a cadre who was ever asked for."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._agendas = database["agendas"]

    async def ask(self, township_id: TownshipId, open_from: date) -> None:
        """Have the township's weeks from this Monday on looked at (again)."""
        await self._ask(township_id, {}, open_from)

    async def ask_months(self, township_id: TownshipId, open_from: date) -> None:
        """Have the periods of the township's branches from this first of a month on looked at (again)."""
        await self._ask(_MONTHS + township_id, {"months_of": township_id}, open_from)

    async def ask_for(self, cadre_id: CadreId, open_from: date) -> None:
        """Have one cadre's weeks from this Monday up to the present one looked at (again)."""
        await self._ask(_OF_CADRE + cadre_id, {"cadre_id": cadre_id}, open_from)

    async def _ask(self, id_: str, more: Mapping[str, str], open_from: date) -> None:
        change = {"$min": {"open_from": open_from.isoformat()}, "$inc": {"asked": 1}, "$setOnInsert": more}
        with store_errors():
            try:
                await self._agendas.update_one({"_id": id_}, change, upsert=True)
            except DuplicateKeyError:
                await self._agendas.update_one({"_id": id_}, change)

    async def due(self, until: date) -> Sequence[Agenda]:
        """Those that go on on or before the day."""
        with store_errors():
            found = await self._agendas.find({"open_from": {"$lte": until.isoformat()}}).sort("_id").to_list()
        return [_agenda(document) for document in found]

    async def advance(self, agenda: Agenda, open_from: date) -> None:
        """Go on from this day, unless somebody asked again since the agenda was read; `date.max` ends it."""
        with store_errors():
            await self._agendas.update_one(
                {"_id": _name_of(agenda), "asked": agenda.asked, "open_from": {"$lt": open_from.isoformat()}},
                {"$set": {"open_from": open_from.isoformat()}},
            )


def _name_of(agenda: Agenda) -> str:
    if agenda.cadre_id is not None:
        return _OF_CADRE + agenda.cadre_id
    return f"{_MONTHS if agenda.pace == 'month' else ''}{agenda.township_id}"


def _agenda(document: Mapping[str, Any]) -> Agenda:
    agenda = Agenda(date.fromisoformat(document["open_from"]), document["asked"])
    if "cadre_id" in document:
        return replace(agenda, cadre_id=CadreId(document["cadre_id"]))
    if "months_of" in document:
        return replace(agenda, township_id=TownshipId(document["months_of"]), pace="month")
    return replace(agenda, township_id=TownshipId(document["_id"]))


def mongo_directory(database: AsyncDatabase[Document]) -> ProjectedDirectory:
    """The directory over this service's own projections."""
    return ProjectedDirectory(
        organisations=MongoProjection(database["organisations"]),
        places=MongoProjection(database["places"]),
        postings=MongoProjection(database["postings"]),
        calendar_years=MongoProjection(database["calendar_years"]),
        go_lives=MongoProjection(database["go_lives"]),
        spans=MongoProjection(database["spans"]),
        judgements=MongoProjection(database["judgements"]),
        leaves=MongoProjection(database["leaves"]),
    )


def mongo_acts(database: AsyncDatabase[Document]) -> ProjectedActs:
    """What is known of visits, problems and meetings."""
    return ProjectedActs(
        visits=MongoProjection(database["visits"]),
        problem_facts=MongoProjection(database["problem_facts"]),
        meetings=MongoProjection(database["meetings"]),
        meeting_versions=MongoProjection(database["meeting_versions"]),
    )


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing."""
    with store_errors():
        obligations = database["obligations"]
        await obligations.create_index("next_at", partialFilterExpression={"next_at": {"$type": "date"}})
        for whose in ("path", "terms.cadre_id"):
            await obligations.create_index([(whose, 1), ("terms.due_on", -1), ("_id", 1)])
            await obligations.create_index([(whose, 1), ("state", 1), ("terms.due_on", -1), ("_id", 1)])
        await obligations.create_index(
            [("path", 1), ("terms.due_on", -1), ("_id", 1)], name="escalated", partialFilterExpression=_ESCALATED
        )
        await obligations.create_index("terms.organisation_id")
        await database["agendas"].create_index("open_from")
        await database["postings"].create_index("cadre_id")
        for where in ("township_id", "organisation_id"):
            await database["postings"].create_index([(where, 1), ("post", 1)])
            await database["places"].create_index(where)
        await database["calendar_years"].create_index("organisation_id")
        await database["spans"].create_index("township_id")
        await database["judgements"].create_index(
            [("is_finished", 1), ("_id", 1)], partialFilterExpression={"is_finished": False}
        )
        for by in ("leave_id", "cadre_id"):
            await database["leaves"].create_index(by)
        await database["meetings"].create_index([("branch_id", 1), ("kind", 1), ("quarter", 1)])
        await database["meeting_versions"].create_index("meeting_id")
        await database["visits"].create_index([("cadre_id", 1), ("week", 1)])
        await database["problem_facts"].create_index("problem_id")
        await database["problem_facts"].create_index([("township_id", 1), ("type", 1), ("entry", 1)])


def _filter(listing: Listing) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if listing.owner is not None:
        wanted["terms.cadre_id"] = listing.owner
    else:
        wanted["path"] = {"$in": sorted(listing.scopes)}
        if listing.of_branches:
            wanted.update(_OF_BRANCHES)
        if listing.not_of is not None:
            wanted["terms.cadre_id"] = {"$ne": listing.not_of}
        if listing.not_below:
            wanted["$nor"] = [{**_OF_BRANCHES, "path": {"$in": sorted(listing.not_below)}}]
    if listing.states:
        wanted["state"] = {"$in": sorted(listing.states)}
    if listing.regulation_id is not None:
        wanted["terms.regulation_id"] = listing.regulation_id
    if listing.noticed:
        wanted["noticed"] = {"$ne": None}
    if listing.escalated:
        wanted.update(_ESCALATED)
    if listing.organisation_id is not None:
        return {"$and": [wanted, {"path": listing.organisation_id}]}
    return wanted
