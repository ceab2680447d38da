"""What is remembered of branches, their meetings and of leave behaves the same in memory and in MongoDB."""

from dataclasses import replace
from datetime import UTC, date, datetime

from services.notifications.domain.meeting_terms import Meeting
from services.notifications.domain.township import Leave, Organisation
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period
from shared.kernel.ids import BranchId, CadreId, EventId, LeaveId, MeetingId, OrganisationId, TownshipId
from tests.contract.notifications.conftest import Stores

TOWNSHIP = OrganisationPath.parse("county/township")
BRANCH = TOWNSHIP / "branch"
NOW = datetime(2023, 12, 20, 4, 0, tzinfo=UTC)
MONDAY = date(2023, 11, 20)


async def test_the_months_of_a_township_have_an_agenda_of_their_own(stores: Stores) -> None:
    township, first = TownshipId("township"), date(2023, 12, 1)
    await stores.agendas.ask(township, MONDAY)
    await stores.agendas.ask_months(township, first)
    due = {agenda.pace: agenda for agenda in await stores.agendas.due(first)}
    assert {pace: (agenda.open_from, agenda.township_id, agenda.cadre_id) for pace, agenda in due.items()} == {
        "week": (MONDAY, township, None),
        "month": (first, township, None),
    }
    await stores.agendas.ask_months(township, date(2023, 11, 1))
    await stores.agendas.advance(due["month"], date(2024, 1, 1))
    again = {agenda.pace: agenda for agenda in await stores.agendas.due(first)}
    assert again["month"].open_from == date(2023, 11, 1)
    await stores.agendas.advance(again["month"], date(2024, 1, 1))

    assert [agenda.pace for agenda in await stores.agendas.due(first)] == ["week"]


async def test_branches_are_found_as_they_stood_when_a_day_began(stores: Stores) -> None:
    directory, township = stores.directory, TownshipId("township")
    one = Organisation(
        OrganisationId("branch"), "branch", "演示", BRANCH, date(2023, 10, 1), 1, "village", has_committee=True
    )
    without = replace(one, since=date(2023, 11, 1), revision=2, has_committee=False, has_groups=True)
    gone = replace(without, path=OrganisationPath.parse("county/elsewhere/branch"), since=date(2023, 12, 5), revision=3)
    for organisation in (gone, one, without, one):
        await directory.learn_organisation(organisation)
    await directory.learn_organisation(
        Organisation(OrganisationId("general"), "general_branch", "演示", TOWNSHIP / "general", date(2023, 10, 1), 1)
    )

    async def found(day: date, where: str = "township") -> list[int]:
        return [branch.revision for branch in await directory.branches(TownshipId(where), day, "live")]

    assert await directory.branches(township, date(2023, 11, 1), "live") == [one]
    assert await directory.branches(township, date(2023, 12, 1), "live") == [without]
    assert [await found(day) for day in (date(2023, 9, 1), date(2023, 10, 1), date(2024, 1, 1))] == [[], [1], []]
    assert await found(date(2024, 1, 1), "elsewhere") == [3]
    assert await directory.branches(township, date(2023, 1, 1), "history") == [one]


async def test_leaves_are_known_as_they_stand_and_in_all_versions(stores: Stores) -> None:
    directory, cadre = stores.directory, CadreId("cadre")
    granted = Leave(
        LeaveId("leave"), cadre, OrganisationId("township"), MONDAY, date(2023, 11, 24), stands=True, revision=1
    )
    changed = replace(granted, ends_on=date(2023, 12, 1), revision=2)
    other = replace(granted, id=LeaveId("other"), cadre_id=CadreId("another"))
    assert await directory.learn_leave(changed) == [changed]
    assert await directory.learn_leave(other) == [other]
    for _ in range(2):
        assert list(await directory.learn_leave(granted)) == [granted, changed]
    assert list(await directory.leaves_of(cadre)) == [changed]
    await directory.learn_leave(replace(changed, stands=False, revision=3))

    assert list(await directory.leaves_of(cadre)) == []
    assert list(await directory.leaves_of(CadreId("another"))) == [other]


async def test_meetings_are_found_by_kind_and_period_as_they_stand_and_in_all_versions(stores: Stores) -> None:
    acts, branch = stores.acts, BranchId("branch")
    held = Meeting(
        id=MeetingId("meeting"),
        branch_id=branch,
        kind="committee",
        quorate=True,
        day=date(2023, 11, 10),
        happened_at=NOW,
        event_id=EventId("one"),
        entry="live",
        stands=True,
        revision=1,
    )
    corrected = replace(held, day=date(2024, 1, 3), event_id=EventId("two"), revision=2)
    another = replace(held, id=MeetingId("another"), kind="lecture")
    assert await acts.learn_meeting(corrected) == [corrected]
    for _ in range(2):
        assert list(await acts.learn_meeting(held)) == [held, corrected]
    await acts.learn_meeting(another)
    both = Period(date(2023, 12, 1), date(2024, 1, 31), "2023-12")

    assert await acts.meetings_in(branch, "committee", Period.parse("2023-11")) == []
    assert await acts.meetings_in(branch, "committee", Period.parse("2024-Q1")) == [corrected]
    assert await acts.meetings_in(branch, "committee", both) == [corrected]
    assert await acts.meetings_in(branch, "lecture", Period.parse("2023-Q4")) == [another]
    assert await acts.meetings_in(BranchId("elsewhere"), "lecture", Period.parse("2023-Q4")) == []
