"""Trials of the laboratory in MongoDB: kept for thirty days, then removed by the store itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.trial import Trial
from services.scoring.use_cases.laboratory_ports import TrialListing
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import wall_now
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors

TRIALS = "trials"
_KEPT = timedelta(days=30)
_TRIAL = TypeAdapter(Trial)
_NOT_OVER = {"state": {"$in": ["queued", "running"]}}
_UNLISTED = {"outbox": 0, "result": 0}


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing."""
    trials = database[TRIALS]
    with store_errors():
        await trials.create_index([("path", 1), ("asked_at", -1), ("_id", 1)])
        await trials.create_index([("state", 1), ("asked_at", 1), ("_id", 1)])
        await trials.create_index("removed_at", expireAfterSeconds=0)


def _to_document(trial: Trial) -> Mapping[str, Any]:
    """The book is kept as the text a fact would carry."""
    document: dict[str, Any] = storable(trial)
    del document["id"]
    document["book"] = trial.book.model_dump_json()
    if trial.revision == 1:
        # By the wall clock, as the store removes it: business time may be steered.
        document["removed_at"] = wall_now() + _KEPT
    return document


def _from_document(document: Mapping[str, Any]) -> Trial:
    return _TRIAL.validate_python(
        {
            **{name: value for name, value in document.items() if name not in {"_id", "removed_at"}},
            "id": document["_id"],
            "path": OrganisationPath(tuple(document["path"])),
            "book": RuleBook.model_validate_json(document["book"]),
        }
    )


class MongoTrials(MongoAggregates[Trial]):
    """The trials; see `prepare` for the indexes they live on."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database[TRIALS], recorder, _to_document, _from_document)
        self._trials = database[TRIALS]

    async def find(self, trial_id: str) -> Trial | None:
        """The trial, if there is one."""
        return await super().find(trial_id)

    async def keep(self, trial: Trial, *, attempts: int) -> bool:
        """Write how far a trial is, unless it is over or was begun anew meanwhile."""
        fields = dict(_to_document(trial))
        del fields["path"]
        fields.pop("removed_at", None)
        where = {"_id": trial.id, "attempts": attempts, **_NOT_OVER}
        with store_errors():
            return (await self._trials.update_one(where, {"$set": fields})).matched_count == 1

    async def list(self, listing: TrialListing) -> Sequence[Trial]:
        """Trials below the scopes, the last asked first, without their results."""
        wanted: dict[str, Any] = {"path": {"$in": sorted(listing.scopes)}}
        if listing.after is not None:
            asked, id_ = listing.after
            at = datetime.fromisoformat(asked)
            wanted["$or"] = [{"asked_at": {"$lt": at}}, {"asked_at": at, "_id": {"$gt": id_}}]
        with store_errors():
            cursor = self._trials.find(wanted, _UNLISTED).sort({"asked_at": -1, "_id": 1}).limit(listing.limit)
            return [_from_document(document) async for document in cursor]

    async def waiting(self) -> int:
        """How many are not over."""
        with store_errors():
            return await self._trials.count_documents(_NOT_OVER)

    async def next(self) -> Trial | None:
        """What was begun and left, or else what waits longest."""
        with store_errors():
            for state in ("running", "queued"):
                found = await self._trials.find_one({"state": state}, _UNLISTED, sort=[("asked_at", 1), ("_id", 1)])
                if found is not None:
                    return _from_document(found)
        return None
