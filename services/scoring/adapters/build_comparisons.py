"""What builds change, in MongoDB: a document for each, and one beside it for each county and standard."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter
from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters.mongo import SEPARATOR, beginning_with
from services.scoring.domain.build_comparison import BuildComparison, CountyComparison
from services.scoring.domain.comparison import Comparison
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors

_COMPARISONS = "build_comparisons"
_COMPARISON = TypeAdapter(Comparison)
_UNLISTED = {"result.movers": 0}


class MongoBuildComparisons:
    """The parts are written first, the document that names them last; each under a name that says what it is of.

    A part holds some thousands who move, so that all of them in one document might be more than the store takes.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._comparisons = database[_COMPARISONS]

    async def keep(self, comparison: BuildComparison) -> None:
        """Put it in the place of an earlier one of the build."""
        asked_at = comparison.asked_at
        documents: list[tuple[str, Document]] = [
            (_part_id(comparison.build_id, part), {"asked_at": asked_at, **storable(part)}) for part in comparison.parts
        ]
        head = {name: value for name, value in storable(comparison).items() if name not in {"build_id", "parts"}}
        documents.append((comparison.build_id, {**head, "parts": len(comparison.parts)}))
        with store_errors():
            for name, document in documents:
                await self._comparisons.replace_one({"_id": name}, document, upsert=True)

    async def find(self, build_id: str) -> BuildComparison | None:
        """The build's, with everybody who moves."""
        with store_errors():
            head = await self._comparisons.find_one({"_id": build_id})
        return None if head is None else await self._read(head, {})

    async def all(self) -> Sequence[BuildComparison]:
        """All of them, without those who move."""
        with store_errors():
            heads = await self._comparisons.find({"parts": {"$exists": True}}).sort("_id", 1).to_list()
        return [await self._read(head, _UNLISTED) for head in heads]

    async def names(self) -> Collection[str]:
        """Every name under which there is one, or part of one."""
        with store_errors():
            found = await self._comparisons.find({}, {"_id": 1}).to_list()
        return {document["_id"].partition(SEPARATOR)[0] for document in found}

    async def drop(self, build_id: str) -> None:
        """Remove the build's."""
        with store_errors():
            for name in (build_id, beginning_with(build_id)):
                await self._comparisons.delete_many({"_id": name})

    async def _read(self, head: Document, fields: Mapping[str, Any]) -> BuildComparison:
        """One that was written before the build was asked for again has parts that are not its own any more."""
        within = {"_id": beginning_with(head["_id"]), "asked_at": head["asked_at"]}
        with store_errors():
            parts = await self._comparisons.find(within, fields).sort("_id", 1).to_list()
        return BuildComparison(
            build_id=head["_id"],
            asked_at=head["asked_at"],
            beside=head["beside"],
            made_at=head["made_at"],
            parts=tuple(_part(document) for document in parts),
            reason=head["reason"],
        )


def _part_id(build_id: str, part: CountyComparison) -> str:
    return SEPARATOR.join((build_id, part.county_id, part.standard))


def _part(document: Document) -> CountyComparison:
    result = _COMPARISON.validate_python({"movers": (), **document["result"]})
    return CountyComparison(document["county_id"], document["standard"], result)
