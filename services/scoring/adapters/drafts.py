"""Drafts of rule books in MongoDB, the words they are printed in, and the books that are live."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.scoring.domain.build import books_together
from services.scoring.domain.draft import RuleBookDraft
from services.scoring.domain.rule_book import RuleBook
from services.scoring.domain.words import Words
from services.scoring.use_cases.build_ports import Builds
from services.scoring.use_cases.publication_ports import Books, DraftListing, Drafts
from shared.events.base import Event
from shared.events.recording import Recorder
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import Stale
from shared.mongo.aggregates import MongoAggregates
from shared.mongo.client import Document
from shared.mongo.documents import storable
from shared.mongo.errors import store_errors

DRAFTS = "rule_book_drafts"
"""The collection that holds facts for the relay."""
_DRAFT = TypeAdapter(RuleBookDraft)
_HIDDEN = {"outbox": 0}


async def prepare(database: AsyncDatabase[Document]) -> None:
    """Create the indexes; repeating it changes nothing.

    A place among a standard's published versions is taken once: of two who publish at the same time one looks again.
    """
    drafts = database[DRAFTS]
    with store_errors():
        await drafts.create_index([("path", 1), ("drafted_on", -1), ("_id", 1)])
        await drafts.create_index([("path", 1), ("state", 1), ("drafted_on", -1), ("_id", 1)])
        await drafts.create_index(
            [("standard", 1), ("publication.place", 1)],
            name="place",
            unique=True,
            partialFilterExpression={"publication.place": {"$exists": True}},
        )


def _to_document(draft: RuleBookDraft) -> Mapping[str, Any]:
    """The book is kept as the text a fact carries, so that it is read as every other reader reads it."""
    document: dict[str, Any] = storable(draft)
    del document["id"]
    document["state"] = draft.state
    document["standard"] = None if draft.book is None else draft.book.standard
    document["book"] = None if draft.book is None else draft.book.model_dump_json()
    return document


def _from_document(document: Mapping[str, Any]) -> RuleBookDraft:
    book = document["book"]
    fields = {
        **document,
        "id": document["_id"],
        "path": OrganisationPath(tuple(document["path"])),
        "book": None if book is None else RuleBook.model_validate_json(book),
    }
    return _DRAFT.validate_python(fields)


class MongoDrafts(MongoAggregates[RuleBookDraft]):
    """The drafts; see `prepare` for the indexes the list and the publications live on."""

    def __init__(self, database: AsyncDatabase[Document], recorder: Recorder) -> None:
        super().__init__(database[DRAFTS], recorder, _to_document, _from_document)
        self._drafts = database[DRAFTS]

    async def save(self, thing: RuleBookDraft, *events: Event, session: Any = None) -> None:
        """Write the draft and what happened to it; Stale also when another version took its place meanwhile."""
        try:
            await super().save(thing, *events, session=session)
        except DuplicateKeyError as error:
            raise Stale from error

    async def list(self, listing: DraftListing) -> tuple[RuleBookDraft, ...]:
        """Drafts of the counties, the last drafted first."""
        wanted: dict[str, Any] = {"path": {"$in": sorted(listing.counties)}}
        if listing.state is not None:
            wanted["state"] = listing.state
        if listing.after is not None:
            day, id_ = listing.after
            wanted["$or"] = [{"drafted_on": {"$lt": day}}, {"drafted_on": day, "_id": {"$gt": id_}}]
        with store_errors():
            cursor = self._drafts.find(wanted, _HIDDEN).sort({"drafted_on": -1, "_id": 1}).limit(listing.limit)
            return tuple([_from_document(document) async for document in cursor])

    async def published(self) -> tuple[RuleBook, ...]:
        """All books ever published, by standard and in the order of publication."""
        with store_errors():
            cursor = self._drafts.find({"publication.place": {"$exists": True}}, {"book": 1})
            found = await cursor.sort({"standard": 1, "publication.place": 1}).to_list()
        return tuple(RuleBook.model_validate_json(document["book"]) for document in found)


@dataclass(frozen=True, slots=True)
class ShippedAndPublished:
    """The Books port: what this service is shipped with, and what was published since."""

    shipped: tuple[RuleBook, ...]
    drafts: Drafts

    async def live(self) -> tuple[RuleBook, ...]:
        """All of them, each version once: the same that builds are made of."""
        return books_together(self.shipped, await self.drafts.published())


@dataclass(frozen=True, slots=True)
class BooksPeopleSee:
    """The Books port of the laboratory: a trial is compared with the books of the build people see."""

    builds: Builds
    others: Books
    """What holds while nothing is live yet."""

    async def live(self) -> tuple[RuleBook, ...]:
        """The books of the live build."""
        build = await self.builds.live()
        return await self.others.live() if build is None else build.generation.books


def load_words(file: Path) -> Words:
    """The words rule books are printed in; a text that did not change is read once a process."""
    return _words(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _words(text: str) -> Words:
    written = yaml.safe_load(text)
    return Words(**{name: {str(code): str(word) for code, word in written[name].items()} for name in written})
