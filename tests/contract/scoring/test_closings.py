"""One suite for closings, seal records and what is on notice: in memory and for real they keep the same promises."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from services.scoring.adapters import closings as closing_store
from services.scoring.adapters.closings import MongoClosings, MongoSealRecords
from services.scoring.adapters.in_memory_closings import InMemoryClosings, InMemorySealRecords
from services.scoring.adapters.notices import MongoNotices
from services.scoring.domain.awards import CardKey
from services.scoring.domain.closing import Closing, SealRecord
from services.scoring.domain.deed_procedure import Notice
from services.scoring.domain.seal import Seal
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.closing_ports import ClosingListing, Closings, SealRecords
from services.scoring.use_cases.ports import Notices
from shared.events.recording import Recorder
from shared.events.scoring import Standard
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import derived_id
from shared.mongo.client import Document
from shared.mongo.publishing import published_from
from shared.testing.access import a_caller
from shared.testing.clock import StoppedClock

COUNTY, TOWNSHIP, OTHER = (derived_id(name) for name in ("county", "township", "other township"))
HERE, THERE = (OrganisationPath((COUNTY, id_)) for id_ in (TOWNSHIP, OTHER))
OPENED = datetime(2023, 10, 9, 4, tzinfo=UTC)
Q3, Q4 = "2023-Q3", "2023-Q4"


@dataclass(frozen=True, slots=True)
class ClosingStores:
    """The stores under test."""

    closings: Closings
    seals: SealRecords
    notices: Notices


@pytest.fixture
async def prepared(database: AsyncDatabase[Document]) -> AsyncDatabase[Document]:
    """The database with the indexes of closings."""
    await closing_store.prepare(database)
    return database


@pytest.fixture(params=["in memory", "mongodb"])
def kept(request: pytest.FixtureRequest) -> ClosingStores:
    """Every test of the suite runs over both."""
    recorder = Recorder("scoring", StoppedClock())
    if request.param == "in memory":
        closings = InMemoryClosings(recorder)
        return ClosingStores(closings, InMemorySealRecords(recorder), closings)
    database: AsyncDatabase[Document] = request.getfixturevalue("prepared")
    return ClosingStores(
        MongoClosings(database, recorder), MongoSealRecords(database, recorder), MongoNotices(database)
    )


def a_closing(
    period: str = Q3, *, standard: Standard = "cadre", township: OrganisationPath = HERE, days: int = 0
) -> Closing:
    """A notice that was opened so many days after the first one."""
    closing, _ = Closing.open(
        standard,
        township,
        period,
        notice=Notice(date(2023, 10, 16), provisional=True),
        by=a_caller(Role.ORGANISER, township.organisation_id),
        at=OPENED + timedelta(days=days),
    )
    return closing


def confirmed(closing: Closing) -> Closing:
    return closing.confirm(by=a_caller(Role.SECRETARY, closing.township_id), at=OPENED + timedelta(days=30))


def a_record(closing: Closing, subject_id: str) -> SealRecord:
    key = CardKey("cadre", subject_id, closing.period)
    seal = Seal(key, "2023.1", 2000, 200, 1000, frozenset({"0123456789abcdef"}), OPENED)
    record, _ = SealRecord.of(seal, Subject("cadre", subject_id, (HERE,)), closing)
    return record


def periods(found: Sequence[Closing]) -> list[tuple[str, str]]:
    return [(closing.standard, closing.period) for closing in found]


async def test_a_closing_comes_back_as_it_was_saved(kept: ClosingStores) -> None:
    closing = a_closing()
    await kept.closings.save(closing)
    sealing = confirmed(closing)
    await kept.closings.save(sealing)
    sealed = sealing.sealed(subjects=2, on=date(2023, 10, 17))
    await kept.closings.save(sealed)

    assert await kept.closings.find(closing.id) == sealed
    assert await kept.closings.find(derived_id("another")) is None


async def test_a_closing_is_opened_once_and_overwritten_by_nobody_who_saw_less(kept: ClosingStores) -> None:
    closing = a_closing()
    await kept.closings.save(closing)
    await kept.closings.save(confirmed(closing))

    with pytest.raises(AlreadyThere):
        await kept.closings.save(closing)
    with pytest.raises(Stale):
        await kept.closings.save(confirmed(closing))


async def test_a_list_shows_the_scope_the_latest_first_page_by_page(kept: ClosingStores) -> None:
    for closing in (
        a_closing(),
        a_closing(Q4, days=2),
        a_closing("2023", standard="branch", days=1),
        a_closing(township=THERE, days=3),
    ):
        await kept.closings.save(closing)
    listing = ClosingListing(frozenset({TOWNSHIP}), 2)
    first = await kept.closings.list(listing)
    second = await kept.closings.list(replace(listing, after=ClosingListing.key(first[-1])))

    assert periods(first) == [("cadre", Q4), ("branch", "2023")]
    assert periods(second) == [("cadre", Q3)]
    assert len(await kept.closings.list(ClosingListing(frozenset({COUNTY}), 50))) == 4


async def test_a_list_is_narrowed_by_standard_period_and_state(kept: ClosingStores) -> None:
    for closing in (a_closing(), a_closing(Q4), a_closing("2023", standard="branch")):
        await kept.closings.save(closing)
    await kept.closings.save(confirmed(a_closing(Q4)))
    all_here = ClosingListing(frozenset({TOWNSHIP}), 50)

    narrowed = [
        periods(await kept.closings.list(listing))
        for listing in (
            replace(all_here, standard="branch"),
            replace(all_here, period=Q3),
            replace(all_here, state="sealing"),
        )
    ]

    assert narrowed == [[("branch", "2023")], [("cadre", Q3)], [("cadre", Q4)]]


async def test_a_notice_is_untold_until_it_is_told_whatever_is_saved_meanwhile(kept: ClosingStores) -> None:
    closing = a_closing()
    await kept.closings.save(closing)
    before = await kept.closings.untold(10)
    await kept.closings.told(closing.id)
    after = await kept.closings.untold(10)
    await kept.closings.save(confirmed(closing))

    assert (before, after, await kept.closings.untold(10)) == ([closing], [], [])


async def test_what_is_confirmed_is_to_be_sealed_until_it_is(kept: ClosingStores) -> None:
    closing = a_closing()
    await kept.closings.save(closing)
    found = [await kept.closings.sealing(10)]
    sealing = confirmed(closing)
    await kept.closings.save(sealing)
    found.append(await kept.closings.sealing(10))
    await kept.closings.save(sealing.sealed(subjects=0, on=date(2023, 10, 17)))

    assert [*found, await kept.closings.sealing(10)] == [[], [sealing], []]


async def test_a_period_is_on_notice_from_opening_until_it_is_sealed(kept: ClosingStores) -> None:
    sealing = confirmed(a_closing(township=THERE))
    for closing in (a_closing(), a_closing(Q4), a_closing("2023", standard="branch"), a_closing(township=THERE)):
        await kept.closings.save(closing)
    await kept.closings.save(sealing)
    before = await kept.notices.on_notice("cadre", [Q3])
    await kept.closings.save(sealing.sealed(subjects=0, on=date(2023, 10, 17)))

    assert before == {(TOWNSHIP, Q3), (OTHER, Q3)}
    assert await kept.notices.on_notice("cadre", [Q3, "2023-Q2"]) == {(TOWNSHIP, Q3)}


async def test_a_townships_closings_move_along_and_are_not_carried_back(kept: ClosingStores) -> None:
    closing, moved = a_closing(), OrganisationPath((derived_id("another county"), TOWNSHIP))
    await kept.closings.save(closing)
    await kept.closings.save(a_closing(township=THERE))
    await kept.closings.moved(TOWNSHIP, moved)
    await kept.closings.save(confirmed(closing))

    found = await kept.closings.find(closing.id)
    assert found is not None
    assert (found.path, found.state) == (moved, "sealing")
    assert [each.township_id for each in await kept.closings.list(ClosingListing(frozenset({COUNTY}), 50))] == [OTHER]


async def test_a_subject_is_sealed_once(kept: ClosingStores) -> None:
    closing = a_closing()
    record = a_record(closing, "cadre")
    await kept.seals.save(record)
    await kept.seals.save(a_record(closing, "colleague"))
    await kept.seals.save(a_record(a_closing(Q4), "cadre"))

    with pytest.raises(AlreadyThere):
        await kept.seals.save(replace(record, digest="another"))
    assert await kept.seals.find(record.id) == record
    assert await kept.seals.count(closing.id) == 2


async def test_notice_and_seals_wait_for_the_relay(database: AsyncDatabase[Document]) -> None:
    recorder = Recorder("scoring", StoppedClock())
    closing, opened = Closing.open(
        "cadre", HERE, Q3, notice=Notice(date(2023, 10, 16)), by=a_caller(Role.ORGANISER, TOWNSHIP), at=OPENED
    )
    await MongoClosings(database, recorder).save(closing, opened)
    seal = Seal(CardKey("cadre", "cadre", Q3), "2023.1", None, 0, 0, frozenset(), OPENED)
    record, sealed = SealRecord.of(seal, Subject("cadre", "cadre", (HERE,)), closing)
    await MongoSealRecords(database, recorder).save(record, sealed)
    outbox = published_from(database, closing_store.CLOSED)[0]

    waiting = await outbox.waiting(10)

    assert {(each.collection, each.facts[0].event) for each in waiting} == {
        ("closings", opened),
        ("seal_records", sealed),
    }
    await outbox.close()
