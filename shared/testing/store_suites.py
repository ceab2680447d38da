"""What every store keeps to: suites that the tests of each adapter inherit, giving the fixtures named in each class."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Protocol

import pytest

from shared.events.base import Event
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import AlreadyThere, NotFound, Stale
from shared.kernel.ids import new_id
from shared.mongo.projections import Projection
from shared.testing.things import Thing, a_happening


class Things(Protocol):
    """Aggregates of things."""

    async def find(self, id_: str) -> Thing | None:
        """The thing of that id, if there is one."""
        ...

    async def get(self, id_: str) -> Thing:
        """The thing of that id."""
        ...

    async def save(self, thing: Thing, *events: Event) -> None:
        """Write the thing and what happened to it."""
        ...


class AggregatesSuite:
    """Fixture: `things`."""

    async def test_what_is_saved_is_found(self, things: Things) -> None:
        """Every field comes back, days and paths included."""
        thing = Thing(due_on=date(2023, 11, 24))
        await things.save(thing)

        assert thing == await things.get(thing.id)

    async def test_what_was_never_saved_is_not_found(self, things: Things) -> None:
        """`find` says None, `get` refuses."""
        assert await things.find(new_id()) is None
        with pytest.raises(NotFound):
            await things.get(new_id())

    async def test_the_next_revision_takes_the_place_of_the_last(self, things: Things) -> None:
        """A field that was set can be unset again."""
        thing = Thing(due_on=date(2023, 11, 24))
        await things.save(thing)
        changed = thing.changed(title="另一件事", due_on=None)
        await things.save(changed)

        assert changed == await things.get(thing.id)

    async def test_a_save_does_not_move_a_thing(self, things: Things) -> None:
        """Where it hangs is the tree's to say: who read it before it moved does not carry it back."""
        thing = Thing()
        await things.save(thing)
        elsewhere = OrganisationPath.parse("county/elsewhere/branch")
        await things.save(thing.changed(title="另一件事", path=elsewhere))

        assert thing.changed(title="另一件事") == await things.get(thing.id)

    async def test_an_id_is_taken_once(self, things: Things) -> None:
        """The second maker learns that it is there."""
        thing = Thing()
        await things.save(thing)

        with pytest.raises(AlreadyThere):
            await things.save(replace(thing, title="另一件事"))
        assert thing == await things.get(thing.id)

    async def test_of_two_writers_of_a_revision_one_is_stale(self, things: Things) -> None:
        """Nothing of the loser is kept."""
        thing = Thing()
        await things.save(thing)
        won = thing.changed(title="先")
        await things.save(won, a_happening())

        with pytest.raises(Stale):
            await things.save(thing.changed(title="后"), a_happening())
        assert won == await things.get(thing.id)

    async def test_a_revision_of_what_is_not_there_is_stale(self, things: Things) -> None:
        """An update never makes a thing."""
        with pytest.raises(Stale):
            await things.save(Thing(revision=2))

    async def test_of_many_writers_at_once_each_revision_has_one(self, things: Things) -> None:
        """Eight writers race for every revision."""
        thing = Thing()
        await things.save(thing)

        async def write() -> bool:
            try:
                await things.save(thing.changed(), a_happening())
            except Stale:
                return False
            return True

        won = await asyncio.gather(*(write() for _ in range(8)))

        assert sum(won) == 1


class ProjectionSuite:
    """Fixture: `projection`."""

    async def test_the_higher_revision_stays_in_whatever_order_they_come(self, projection: Projection) -> None:
        """A branch that moved is not moved back by an old fact."""
        written = [await projection.put("b", revision, {"title": str(revision)}) for revision in (2, 1, 2, 3)]
        remembered = await projection.find("b")

        assert written == [True, False, False, True]
        assert remembered is not None
        assert (remembered["title"], remembered["revision"]) == ("3", 3)

    async def test_what_was_never_told_is_not_known(self, projection: Projection) -> None:
        """An id not known yet."""
        assert await projection.find("b") is None

    async def test_many_are_listed_by_a_field(self, projection: Projection) -> None:
        """By id."""
        for id_, kind in (("c", "branch"), ("a", "branch"), ("b", "township")):
            await projection.put(id_, 1, {"kind": kind})

        assert [document["_id"] for document in await projection.list({"kind": "branch"})] == ["a", "c"]

    async def test_those_that_are_known_are_found_together(self, projection: Projection) -> None:
        """By id, each once; an id not known yet is left out."""
        for id_ in ("c", "a", "b"):
            await projection.put(id_, 1, {"kind": "branch"})

        assert [document["_id"] for document in await projection.find_all(["c", "d", "a", "c"])] == ["a", "c"]
        assert await projection.find_all([]) == []

    async def test_of_many_at_once_the_highest_stays(self, projection: Projection) -> None:
        """The first upserts collide on the id."""
        await asyncio.gather(*(projection.put("b", revision, {"n": revision}) for revision in range(1, 9)))
        remembered = await projection.find("b")

        assert remembered is not None
        assert remembered["n"] == 8
