"""Leaves and exemptions in MongoDB.

Whether two overlap no index can tell. So whoever writes one takes the turn of the person it concerns (`leave_turns`,
`exemption_turns`): of two at once the second begins again and finds what the first wrote.
"""

from collections.abc import Mapping, Sequence

from pydantic import TypeAdapter
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from services.members.adapters.mongo import document_of, value_of
from services.members.adapters.mongo_lists import BY_EXEMPTION, BY_START, listed
from services.members.adapters.transactions import in_transaction
from services.members.domain.exemption import Exemption
from services.members.domain.leave import Leave
from services.members.use_cases.ports import Listing
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import BranchId, OrganisationId
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.errors import store_errors

_HIDDEN = {"outbox": 0}
_LEAVE, _EXEMPTION = TypeAdapter(Leave), TypeAdapter(Exemption)


class MongoLeaves(MongoAggregates[Leave]):
    """The leaves."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database["leaves"], recorder, document_of, lambda found: value_of(_LEAVE, found))
        self._leaves, self._turns, self._client = database["leaves"], database["leave_turns"], database.client

    async def save(self, thing: Leave, *events: Event, session: AsyncClientSession | None = None) -> None:
        """Store the leave with what happened; raises AlreadyThere, Stale, LeaveOverlaps."""
        save = super().save

        async def in_turn(session: AsyncClientSession) -> None:
            await self._turns.update_one({"_id": thing.cadre_id}, {"$inc": {"taken": 1}}, upsert=True, session=session)
            standing = await self._leaves.find({"cadre_id": thing.cadre_id}, _HIDDEN, session=session).to_list()
            thing.refuse_overlap([value_of(_LEAVE, document) for document in standing])
            await save(thing, *events, session=session)

        if session is not None:
            await in_turn(session)
        else:
            await in_transaction(self._client, in_turn)

    async def list(self, listing: Listing) -> Sequence[Leave]:
        """Leaves, one's own first, then by the day they start, the latest first."""
        return [value_of(_LEAVE, document) for document in await listed(self._leaves, listing, BY_START)]

    async def moved(self, organisation_id: OrganisationId, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its leaves with it."""
        where: Mapping[str, str] = {"organisation_id": organisation_id}
        with store_errors():
            await self._leaves.update_many(where, {"$set": {"path": list(path.segments)}})


class MongoExemptions(MongoAggregates[Exemption]):
    """The exemptions."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database["exemptions"], recorder, document_of, lambda found: value_of(_EXEMPTION, found))
        self._exemptions, self._turns = database["exemptions"], database["exemption_turns"]
        self._client = database.client

    async def save(self, thing: Exemption, *events: Event, session: AsyncClientSession | None = None) -> None:
        """Store it with what happened; raises AlreadyThere, Stale, ExemptionOverlaps, ExemptionRunsIntoNext."""
        save = super().save

        async def in_turn(session: AsyncClientSession) -> None:
            turn = {"_id": thing.member_id}
            await self._turns.update_one(turn, {"$inc": {"taken": 1}}, upsert=True, session=session)
            standing = await self._exemptions.find({"member_id": thing.member_id}, _HIDDEN, session=session).to_list()
            thing.refuse_overlap([value_of(_EXEMPTION, document) for document in standing])
            await save(thing, *events, session=session)

        if session is not None:
            await in_turn(session)
        else:
            await in_transaction(self._client, in_turn)

    async def list(self, listing: Listing) -> Sequence[Exemption]:
        """Exemptions, one's own first, then by the day they start, the latest first."""
        return [value_of(_EXEMPTION, document) for document in await listed(self._exemptions, listing, BY_EXEMPTION)]

    async def moved(self, branch_id: BranchId, path: OrganisationPath) -> None:
        """The branch hangs elsewhere now, and its exemptions with it."""
        with store_errors():
            await self._exemptions.update_many({"branch_id": branch_id}, {"$set": {"path": list(path.segments)}})
