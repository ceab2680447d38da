"""The builds over any store of their register: what may change is the domain's, that it is one write is the store's."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from pymongo import ReturnDocument
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError
from pymongo.write_concern import WriteConcern

from services.scoring.domain.build import Build
from services.scoring.domain.build_register import AskedBy, BuildRegister
from services.scoring.domain.generation import Generation
from services.scoring.domain.rule_book import RuleBook
from shared.kernel.errors import Unavailable
from shared.mongo.client import Document
from shared.mongo.errors import store_errors

_BUILDS = "builds"
_REGISTER = "register"
_BOOKS = "books of "
_ATTEMPTS = 50
Change = Callable[[BuildRegister], BuildRegister]


class RegisterStore(Protocol):
    """Where the register is kept."""

    async def read(self, *, newest: bool = True) -> tuple[BuildRegister, int]:
        """The register and its version, zero before it is written; `newest` is asked for by a write, and slower."""
        ...

    async def write(self, register: BuildRegister, seen: int) -> bool:
        """Write it if that version still stands; False otherwise."""
        ...


class RegisteredBuilds:
    """Reads the register, lets the domain change it, writes it if nobody else did meanwhile."""

    def __init__(self, store: RegisterStore) -> None:
        self._store = store

    async def all(self) -> tuple[Build, ...]:
        """Every build."""
        return (await self._register(newest=False)).builds

    async def live(self) -> Build | None:
        """The one people see."""
        return (await self._register(newest=False)).live

    async def folded(self) -> tuple[Build, ...]:
        """Those that new facts are folded into, the live one first."""
        return (await self._register(newest=True)).folded

    async def find(self, build_id: str) -> Build | None:
        """The build of that name."""
        return (await self._register(newest=False)).find(build_id)

    async def asked(self) -> str | None:
        """The digest of the books that were asked for last."""
        return (await self._register(newest=False)).asked

    async def first(self, generation: Generation, at: datetime) -> Build:
        """The live one; this generation, live at once, where there is none."""
        live = (await self._changed(lambda register: register.first(generation, at))).live
        if live is None:
            raise RuntimeError("a register without a live build")
        return live

    async def begin(self, generation: Generation, reason: AskedBy, at: datetime) -> None:
        """A build of books that were shipped or published, unless they were asked for last."""
        await self._changed(lambda register: register.begin(generation, reason, at))

    async def rebuild(self, at: datetime) -> Build:
        """The live generation anew; raises NothingLive, BuildUnderWay."""
        return _last(await self._changed(lambda register: register.rebuild(at)))

    async def go_back(self, build_id: str, at: datetime) -> Build:
        """A kept build brought up to date; raises BuildUnknown, BuildNotKept, BuildUnderWay."""
        return _last(await self._changed(lambda register: register.go_back(build_id, at)))

    async def progress(self, build_id: str, facts: int) -> bool:
        """So many facts are read; False when the build was given up meanwhile."""
        found = (await self._changed(lambda register: register.progressed(build_id, facts))).find(build_id)
        return found is not None and found.state == "building"

    async def finished(self, build_id: str) -> bool:
        """It is complete; False when it was given up meanwhile."""
        found = (await self._changed(lambda register: register.finished(build_id))).find(build_id)
        return found is not None and found.state in {"ready", "live"}

    async def failed(self, build_id: str) -> None:
        """It is given up."""
        await self._changed(lambda register: register.failed(build_id))

    async def switch(self, build_id: str) -> bool:
        """People see it from now on, and the former one is kept."""
        live = (await self._changed(lambda register: register.switched(build_id))).live
        return live is not None and live.id == build_id

    async def _register(self, *, newest: bool) -> BuildRegister:
        register, _ = await self._store.read(newest=newest)
        return register

    async def _changed(self, change: Change) -> BuildRegister:
        for _ in range(_ATTEMPTS):
            before, seen = await self._store.read()
            after = change(before)
            if after == before or await self._store.write(after, seen):
                return after
        raise Unavailable("mongodb")


class MongoRegister:
    """One document with every build's state, so that a switch is one write; the books beside it, once a digest.

    Books are kept as the texts a fact carries. A generation keeps the digest it was made under, also when a later
    release would write its books in other words: its results and what was told carry that digest.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._builds = database[_BUILDS]
        self._confirmed = self._builds.with_options(write_concern=WriteConcern("majority"))
        self._generations: dict[str, Generation] = {}

    async def read(self, *, newest: bool = True) -> tuple[BuildRegister, int]:
        """The register and its version; the newest knows all that was confirmed before, whatever node answers.

        It is asked for by a write that a majority confirms, and only the one true primary can have that confirmed. A
        read that promises as much waits for the journal's next turn (90 ms on a store at rest against 2 ms).
        """
        with store_errors():
            if newest:
                document = await self._confirmed.find_one_and_update(
                    {"_id": _REGISTER}, {"$inc": {"asked_for": 1}}, return_document=ReturnDocument.AFTER
                )
            else:
                document = await self._builds.find_one({"_id": _REGISTER})
        if document is None:
            return BuildRegister(), 0
        builds = [await self._build(each) for each in document["builds"]]
        return BuildRegister(tuple(builds), document["begun"], document["asked"]), document["version"]

    async def write(self, register: BuildRegister, seen: int) -> bool:
        """Write it if that version still stands; the books first, so that no build is without them."""
        for build in register.builds:
            await self._keep(build.generation)
        document = {
            "version": seen + 1,
            "begun": register.begun,
            "asked": register.asked,
            "builds": [_document(build) for build in register.builds],
        }
        with store_errors():
            if seen:
                written = await self._builds.update_one({"_id": _REGISTER, "version": seen}, {"$set": document})
                return written.matched_count == 1
            try:
                await self._builds.insert_one({"_id": _REGISTER, **document})
            except DuplicateKeyError:
                return False
        return True

    async def _keep(self, generation: Generation) -> None:
        if generation.id in self._generations:
            return
        books = [book.model_dump_json() for book in generation.books]
        with store_errors():
            await self._builds.update_one(
                {"_id": f"{_BOOKS}{generation.id}"}, {"$setOnInsert": {"books": books}}, upsert=True
            )
        self._generations[generation.id] = generation

    async def _build(self, document: Document) -> Build:
        digest = document["generation"]
        return Build(
            id=document["id"],
            generation=self._generations.get(digest) or await self._read_generation(digest),
            state=document["state"],
            asked_at=document["asked_at"],
            reason=document["reason"],
            facts=document["facts"],
            shown=document.get("shown", 0),
        )

    async def _read_generation(self, digest: str) -> Generation:
        with store_errors():
            found = await self._builds.find_one({"_id": f"{_BOOKS}{digest}"})
        if found is None:
            raise RuntimeError(f"no books of generation {digest}")
        generation = Generation(tuple(RuleBook.model_validate_json(book) for book in found["books"]))
        vars(generation)["id"] = digest
        return self._generations.setdefault(digest, generation)


def _document(build: Build) -> dict[str, Any]:
    return {
        "id": build.id,
        "generation": build.generation.id,
        "state": build.state,
        "asked_at": build.asked_at,
        "reason": build.reason,
        "facts": build.facts,
        "shown": build.shown,
    }


def _last(register: BuildRegister) -> Build:
    """The build a change has just added."""
    return register.builds[-1]
