"""Permits of rankings and signed grades in MongoDB."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.domain.ranking import RankingPermit
from services.scoring.domain.signed_grade import SignedGrade
from services.scoring.use_cases.decision_ports import DecisionPorts
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors

PERMITS, GRADES = "ranking_permits", "signed_grades"
_PERMIT, _GRADE = TypeAdapter(RankingPermit), TypeAdapter(SignedGrade)


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing. They are found by their ids; these are for what moves."""
    with store_errors():
        for name in (PERMITS, GRADES):
            await database[name].create_index("organisation_id")


class MongoRankingPermits(MongoAggregates[RankingPermit]):
    """The permits, one a standard and organisation."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        self._permits = database[PERMITS]
        super().__init__(self._permits, recorder, _to_document, _permit)

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and its permits with it."""
        with store_errors():
            await self._permits.update_many(
                {"organisation_id": organisation_id}, {"$set": {"path": list(path.segments)}}
            )


class MongoSignedGrades(MongoAggregates[SignedGrade]):
    """The signed grades, one a subject and period."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        self._grades = database[GRADES]
        super().__init__(self._grades, recorder, _to_document, _grade)

    async def moved(self, organisation_id: str, path: OrganisationPath) -> None:
        """The organisation hangs elsewhere now, and the grades of those at home there with it."""
        with store_errors():
            await self._grades.update_many(
                {"organisation_id": organisation_id}, {"$set": {"path": list(path.segments)}}
            )


def decision_stores(
    database: AsyncDatabase[Document], recorder: Recorder
) -> tuple[MongoRankingPermits, MongoSignedGrades]:
    """Both, which is also what moves along when an organisation moves."""
    return MongoRankingPermits(database, recorder), MongoSignedGrades(database, recorder)


def decision_ports(database: AsyncDatabase[Document], recorder: Recorder) -> DecisionPorts:
    """Both as the use cases reach them."""
    return DecisionPorts(*decision_stores(database, recorder))


def _to_document(thing: RankingPermit | SignedGrade) -> Mapping[str, Any]:
    document: dict[str, Any] = storable(thing)
    del document["id"]
    return document


def _permit(document: Mapping[str, Any]) -> RankingPermit:
    return _PERMIT.validate_python(_fields(document))


def _grade(document: Mapping[str, Any]) -> SignedGrade:
    return _GRADE.validate_python(_fields(document))


def _fields(document: Mapping[str, Any]) -> dict[str, Any]:
    return {**document, "path": OrganisationPath(tuple(document["path"])), "id": document["_id"]}
