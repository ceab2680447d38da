"""One suite for what the directory knows of members, calendars and townships, in whatever order facts come."""

import itertools
from dataclasses import replace
from datetime import date

import pytest

from services.scoring.domain.member import Member
from services.scoring.domain.rule_book import AppliesTo
from services.scoring.domain.subject import Organisation, member_subject
from services.scoring.domain.township import HistorySpan, Township
from services.scoring.use_cases.directory_ports import Listing
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period, WorkingDays
from tests.contract.scoring.conftest import Stores

TOWNSHIP = OrganisationPath(("county", "township"))
BRANCH = Organisation("branch", TOWNSHIP / "branch", "branch", "演示党支部", "village")
MOVED = replace(BRANCH, path=OrganisationPath(("county", "elsewhere", "branch")))
LEFT = date(2023, 9, 30)
WHOLE_YEAR = Listing(AppliesTo(kinds=("branch",)), frozenset({"township"}), Period.parse("2023"), limit=50)


def a_member(id_: str = "member", **changed: object) -> Member:
    return replace(Member(id_, "branch", BRANCH.path, f"person of {id_}", date(2020, 7, 1)), **changed)  # type: ignore[arg-type]


async def test_a_member_comes_back_as_he_was_learnt(stores: Stores) -> None:
    await stores.directory.learn_member(a_member(), 1)
    await stores.directory.learn_member(a_member("second", person_id="person of member"), 1)
    await stores.directory.learn_member(a_member("unlinked", person_id=None), 1)

    assert await stores.directory.member("member") == a_member()
    assert await stores.directory.member("nobody") is None
    assert [each.id for each in await stores.directory.members_of("person of member")] == ["member", "second"]
    assert await stores.directory.members_of("nobody") == ()


@pytest.mark.parametrize("order", list(itertools.permutations(("enrolled", "ended", "branch", "moved"))))
async def test_in_any_order_a_membership_ends_and_hangs_where_its_branch_does(
    stores: Stores, order: tuple[str, ...]
) -> None:
    for what in (*order, *order):
        match what:
            case "enrolled":
                await stores.directory.learn_member(a_member(), 1)
            case "ended":
                await stores.directory.learn_membership_end("member", LEFT, 2)
            case "branch":
                await stores.directory.learn_organisation(BRANCH, 1)
            case _:
                await stores.directory.learn_organisation(MOVED, 2)

    assert await stores.directory.member("member") == a_member(path=MOVED.path, ended_on=LEFT)


async def test_who_is_enrolled_again_is_a_member_again(stores: Stores) -> None:
    await stores.directory.learn_membership_end("member", LEFT, 2)
    await stores.directory.learn_member(a_member(joined_on=date(2023, 11, 1)), 3)
    await stores.directory.learn_member(a_member(), 1)

    assert await stores.directory.member("member") == a_member(joined_on=date(2023, 11, 1))


async def test_members_are_listed_whose_membership_touches_the_period(stores: Stores) -> None:
    everybody = (
        a_member("b"),
        a_member("a"),
        a_member("new", joined_on=date(2023, 12, 31)),
        a_member("coming", joined_on=date(2024, 1, 1)),
        a_member("left"),
        a_member("gone"),
        a_member("far", branch_id="far", path=OrganisationPath(("county", "elsewhere", "far"))),
    )
    for member in everybody:
        await stores.directory.learn_member(member, 1)
    await stores.directory.learn_membership_end("left", date(2023, 1, 1), 2)
    await stores.directory.learn_membership_end("gone", date(2022, 12, 31), 2)
    found = await stores.directory.members(WHOLE_YEAR)
    page = await stores.directory.members(replace(WHOLE_YEAR, limit=2, after="a", besides=frozenset({"b"})))

    assert [subject.id for subject in found] == ["a", "b", "left", "new"]
    assert found[0] == member_subject(a_member("a"))
    assert [subject.id for subject in page] == ["left", "new"]


async def test_members_move_with_their_branch(stores: Stores) -> None:
    await stores.directory.learn_member(a_member(), 1)
    await stores.directory.learn_organisation(MOVED, 2)
    await stores.directory.learn_organisation(BRANCH, 1)

    assert await stores.directory.members(WHOLE_YEAR) == []
    elsewhere = replace(WHOLE_YEAR, scopes=frozenset({"elsewhere"}))
    assert [subject.homes for subject in await stores.directory.members(elsewhere)] == [(MOVED.path,)]


async def test_a_nearer_calendar_wins_day_by_day(stores: Stores) -> None:
    off = date(2023, 9, 29)
    year = frozenset({2023})
    await stores.directory.learn_calendar("county", 2023, 2, WorkingDays(days_off=frozenset({off}), years=year))
    await stores.directory.learn_calendar("county", 2023, 1, WorkingDays(years=year))
    await stores.directory.learn_calendar("township", 2023, 1, WorkingDays(working_days=frozenset({off}), years=year))
    here = await stores.directory.working_days(BRANCH.path)
    there = await stores.directory.working_days(MOVED.path)

    assert (here.is_working_day(off), there.is_working_day(off)) == (True, False)
    assert (here.is_provisional(off), here.is_provisional(date(2024, 1, 1))) == (False, True)


async def test_a_township_has_its_go_live_day_and_its_spans(stores: Stores) -> None:
    await stores.directory.learn_go_live("township", 3, date(2023, 10, 2))
    span = {"from_on": date(2023, 7, 1), "to_on": LEFT}
    await stores.directory.learn_span("township", "span", 5, closed=True, **span)
    await stores.directory.learn_span("township", "span", 4, closed=False, **span)

    assert await stores.directory.township(BRANCH.path) == Township(
        date(2023, 10, 2), (HistorySpan(date(2023, 7, 1), LEFT, closed=True),)
    )
    assert await stores.directory.township(MOVED.path) == Township()
