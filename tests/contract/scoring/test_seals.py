"""One suite for what was sealed: in memory and for real the first word stays, and lateness is remembered."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters.in_memory import InMemorySeals
from services.scoring.adapters.seals import MongoSeals
from services.scoring.domain.awards import CardKey
from services.scoring.domain.seal import Seal
from services.scoring.use_cases.ports import Sealed, Seals
from shared.mongo.client import Document

KEY, NEXT = CardKey("cadre", "cadre", "2023-Q3"), CardKey("cadre", "cadre", "2023-Q4")
OF_ANOTHER, OF_ANOTHER_STANDARD = CardKey("cadre", "cadre-2", "2023-Q3"), CardKey("member", "cadre", "2023")
SEAL = Seal(KEY, "2023.1", 2000, 200, 1000, frozenset({"0123456789abcdef"}), datetime(2023, 10, 17, 4, tzinfo=UTC))


@pytest.fixture(params=["in memory", "mongodb"])
def seals(request: pytest.FixtureRequest) -> Seals:
    """Every test of the suite runs over both."""
    if request.param == "in memory":
        return InMemorySeals()
    database: AsyncDatabase[Document] = request.getfixturevalue("database")
    return MongoSeals(database)


async def test_the_first_seal_of_a_subject_and_period_stays(seals: Seals) -> None:
    await seals.put(SEAL)
    await seals.put(replace(SEAL, points=9_999, entries=frozenset()))

    assert await seals.of([KEY, NEXT]) == {KEY: Sealed(SEAL, is_late=False)}


async def test_what_is_not_known_stays_unknown(seals: Seals) -> None:
    await seals.put(replace(SEAL, points=None, attainable=None))

    found = await seals.of([KEY])
    assert (found[KEY].seal.points, found[KEY].seal.attainable) == (None, None)


async def test_the_category_a_branch_was_sealed_under_is_kept(seals: Seals) -> None:
    branch = replace(SEAL, key=CardKey("branch", "branch", "2023"), category="office")
    await seals.put(branch)

    assert (await seals.of([branch.key]))[branch.key].seal == branch


async def test_a_subject_has_its_own_seals_of_a_standard(seals: Seals) -> None:
    for key in (KEY, NEXT, OF_ANOTHER, OF_ANOTHER_STANDARD):
        await seals.put(replace(SEAL, key=key))

    found = await seals.of_subject("cadre", "cadre")

    assert {name: each.seal.key for name, each in found.items()} == {"2023-Q3": KEY, "2023-Q4": NEXT}


async def test_that_something_came_late_is_remembered(seals: Seals) -> None:
    await seals.put(SEAL)
    await seals.put(replace(SEAL, key=NEXT))
    await seals.late([KEY])
    await seals.put(SEAL)

    found = await seals.of([KEY, NEXT])
    assert {key: each.is_late for key, each in found.items()} == {KEY: True, NEXT: False}
