"""One suite for what this service remembers of the members service's facts: in memory and in MongoDB."""

import asyncio
from datetime import date

import pytest
from pymongo.asynchronous.database import AsyncDatabase

from deploy.local.stack import Stack
from services.visits.adapters.mongo import mongo_directory
from services.visits.domain.membership import Membership
from services.visits.domain.township import HistorySpan, Township
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import WorkingDays
from shared.kernel.ids import BranchId, CadreId, MemberId, PersonId, TownshipId, new_id
from shared.mongo.client import Document, connect
from tests.contract.visits.conftest import PATH, Stores

FIRST, LAST = date(2023, 3, 1), date(2023, 11, 15)


async def test_the_directory_remembers_the_newest_and_overlays_calendars(stores: Stores) -> None:
    directory = stores.directory
    older, newer = OrganisationPath.parse("county/old/branch"), PATH
    await directory.learn_organisation("branch", 2, newer)
    await directory.learn_organisation("branch", 1, older)
    day = date(2023, 10, 7)
    await directory.learn_calendar("county", 2023, 1, WorkingDays(frozenset(), frozenset({day}), frozenset({2023})))
    await directory.learn_calendar("township", 2023, 1, WorkingDays(frozenset({day}), frozenset(), frozenset({2023})))
    calendar = await directory.working_days(PATH)

    assert await directory.branch(BranchId("branch")) == newer
    assert (calendar.is_working_day(day), calendar.is_provisional(day)) == (False, False)


async def test_who_learns_a_place_finds_it_at_once(stores: Stores) -> None:
    """However recently the place was asked for: what is kept of it yields to what was just learnt."""
    here, there = PATH, OrganisationPath.parse("county/elsewhere/branch")
    await stores.directory.learn_organisation("branch", 1, here)
    before = await stores.directory.branch(BranchId("branch"))
    await stores.directory.learn_organisation("branch", 2, there)

    assert (before, await stores.directory.branch(BranchId("branch"))) == (here, there)


async def test_a_closed_span_is_not_opened_by_an_older_fact(stores: Stores) -> None:
    first, last = date(2023, 7, 1), date(2023, 9, 30)
    await stores.directory.learn_go_live("township", 1, date(2023, 10, 2))
    await stores.directory.learn_span("township", "span", 3, from_on=first, to_on=last, closed=True)
    await stores.directory.learn_span("township", "span", 2, from_on=first, to_on=last, closed=False)

    known = await stores.directory.township(TownshipId(PATH.township_id))

    assert known == Township(date(2023, 10, 2), (HistorySpan(first, last, closed=True),))


@pytest.mark.parametrize(
    ("day", "is_known"),
    [(date(2023, 2, 28), False), (FIRST, True), (LAST, True), (date(2023, 11, 16), False), (None, True)],
)
async def test_a_posting_counts_from_its_first_day_to_its_last(
    stores: Stores, day: date | None, *, is_known: bool
) -> None:
    directory = stores.directory
    await directory.learn_organisation("branch", 1, PATH)
    await directory.learn_posting("posting", 1, CadreId("cadre"), "branch", starts_on=FIRST, ends_on=None)
    await directory.learn_posting("posting", 2, CadreId("cadre"), "branch", starts_on=FIRST, ends_on=LAST)
    await directory.learn_posting("posting", 1, CadreId("cadre"), "branch", starts_on=FIRST, ends_on=None)

    assert await directory.knows_cadre(CadreId("cadre"), PATH, on=day) is is_known


@pytest.mark.parametrize(
    ("posted_at", "is_known"), [("county", True), ("township/sister", True), ("elsewhere", False), ("other/b", False)]
)
async def test_a_posting_counts_in_its_township_and_below_it(stores: Stores, posted_at: str, *, is_known: bool) -> None:
    place = OrganisationPath.parse(posted_at if posted_at == "county" else f"county/{posted_at}")
    await stores.directory.learn_organisation(place.organisation_id, 1, place)
    await stores.directory.learn_posting(
        "posting", 1, CadreId("cadre"), place.organisation_id, starts_on=FIRST, ends_on=None
    )

    assert await stores.directory.knows_cadre(CadreId("cadre"), PATH, on=LAST) is is_known


async def test_a_posting_learnt_before_days_were_kept_counts_on_every_day(stores: Stores) -> None:
    await stores.directory.learn_organisation("branch", 1, PATH)
    await stores.directory.postings.put("posting", 1, {"cadre_id": "cadre", "organisation_id": "branch"})

    assert await stores.directory.knows_cadre(CadreId("cadre"), PATH, on=FIRST)


@pytest.mark.parametrize("backwards", [False, True])
async def test_a_membership_is_known_from_its_beginning_to_its_end_in_whatever_order_they_come(
    stores: Stores, *, backwards: bool
) -> None:
    directory, member = stores.directory, MemberId("member")

    async def enrolled() -> None:
        await directory.learn_enrolment(member, 1, BranchId("branch"), person_id=PersonId("person"), joined_on=FIRST)

    async def ended() -> None:
        await directory.learn_membership_end(member, 2, ended_on=LAST)

    await directory.learn_organisation("branch", 1, PATH)
    for learn in (ended, enrolled, ended) if backwards else (enrolled, ended, enrolled):
        await learn()

    assert await directory.membership(member) == Membership(member, PATH, PersonId("person"), FIRST, LAST)


async def test_a_member_is_unknown_until_he_and_his_branch_are_learnt(stores: Stores) -> None:
    directory, member = stores.directory, MemberId("member")
    before = await directory.membership(member)
    await directory.learn_membership_end(member, 2, ended_on=LAST)
    ended = await directory.membership(member)
    await directory.learn_enrolment(member, 1, BranchId("branch"), person_id=None, joined_on=FIRST)
    nowhere = await directory.membership(member)
    await directory.learn_organisation("branch", 1, PATH)
    known = await directory.membership(member)

    assert (before, ended, nowhere) == (None, None, None)
    assert known == Membership(member, PATH, None, FIRST, LAST)


async def test_a_member_is_where_his_branch_hangs_now(stores: Stores) -> None:
    there = OrganisationPath.parse("county/elsewhere/branch")
    await stores.directory.learn_enrolment(MemberId("member"), 1, BranchId("branch"), person_id=None, joined_on=FIRST)
    await stores.directory.learn_organisation("branch", 1, PATH)
    await stores.directory.learn_organisation("branch", 2, there)
    found = await stores.directory.membership(MemberId("member"))

    assert found is not None
    assert found.path == there


async def test_once_a_move_is_learnt_no_process_goes_by_the_old_place(mongod: Stack) -> None:
    """What is stored by the old place from now on is followed by who stored it; what was before, by who learnt."""
    client = connect(mongod.urls["mongodb"])
    database: AsyncDatabase[Document] = client[f"visits_{new_id()}"]
    api, worker = mongo_directory(database), mongo_directory(database)
    there = OrganisationPath.parse("county/elsewhere/branch")
    await worker.learn_organisation("branch", 1, PATH)
    before = await api.branch(BranchId("branch"))
    await worker.learn_organisation("branch", 2, there)
    after = await asyncio.gather(*(api.branch(BranchId("branch")) for _ in range(5)))
    await client.drop_database(database)
    await client.close()

    assert (before, after) == (PATH, [there] * 5)
