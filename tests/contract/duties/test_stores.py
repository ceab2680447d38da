"""One suite for the stores of meetings and weak organisations: in memory and in MongoDB they keep the same promises."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.duties.domain.refusals import AlreadyHeld, AlreadyListed
from shared.kernel.access import OrganisationPath
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import BranchId, MeetingId, OrganisationId, new_id
from shared.kernel.trail import TrailEntry
from tests.contract.duties.conftest import (
    DAY,
    NOON,
    SOMEBODY,
    A,
    B,
    C,
    Stores,
    a_meeting,
    a_weak_organisation,
    an_attendance,
    meetings_listing,
    weak_listing,
)

THERE = OrganisationPath.parse("county/elsewhere/branch")


async def test_what_was_saved_is_found_as_it_was(stores: Stores) -> None:
    meeting = a_meeting(trail=(TrailEntry.left_by(SOMEBODY, "held", at=NOON),))
    weak = a_weak_organisation()
    await stores.meetings.save(meeting, meeting.held())
    await stores.weak_organisations.save(weak, weak.listed())
    corrected, fact = meeting.correct(
        held_on=DAY - timedelta(days=1),
        attendance=an_attendance(attended=(A, C)),
        note="",
        entry="late",
        by=SOMEBODY,
        at=NOON,
    )
    await stores.meetings.save(corrected, fact)
    found = await stores.meetings.find(meeting.id)

    assert found == corrected
    assert found is not None
    assert (found.attendance.absent, found.trail[1].before["attended"]) == ((), "a")
    assert await stores.weak_organisations.find(weak.id) == weak
    assert await stores.meetings.find(MeetingId(new_id())) is None


async def test_an_id_is_taken_once_and_a_revision_too(stores: Stores) -> None:
    meeting = a_meeting()
    await stores.meetings.save(meeting, meeting.held())
    with pytest.raises(AlreadyThere):
        await stores.meetings.save(meeting, meeting.held())
    withdrawn, fact = meeting.withdraw(by=SOMEBODY, at=NOON)
    await stores.meetings.save(withdrawn, fact)

    with pytest.raises(Stale):
        await stores.meetings.save(withdrawn, fact)


async def test_meetings_are_listed_latest_first_and_pages_go_on(stores: Stores) -> None:
    meetings = [a_meeting(held_on=DAY - timedelta(days=days)) for days in (0, 1, 2)]
    meetings.append(a_meeting(held_on=DAY - timedelta(days=1), kind="lecture"))
    for meeting in meetings:
        await stores.meetings.save(meeting, meeting.held())
    whole = await stores.meetings.list(meetings_listing())
    first = await stores.meetings.list(meetings_listing(limit=2))
    rest = await stores.meetings.list(meetings_listing(after=meetings_listing().key(first[-1])))

    assert [meeting.held_on for meeting in whole] == sorted((each.held_on for each in meetings), reverse=True)
    assert [*first, *rest] == list(whole)


async def test_lists_keep_to_scope_branch_kind_and_days(stores: Stores) -> None:
    wanted = a_meeting()
    others = [
        a_meeting(kind="lecture"),
        a_meeting(branch_id=BranchId("sister"), path=OrganisationPath.parse("county/township/sister")),
        a_meeting(branch_id=BranchId("another"), path=THERE),
        a_meeting(held_on=date(2023, 10, 31)),
        a_meeting(held_on=date(2023, 12, 1)),
    ]
    for meeting in (wanted, *others):
        await stores.meetings.save(meeting, meeting.held())
    days = {"from_on": date(2023, 11, 1), "to_on": date(2023, 11, 30)}
    listing = meetings_listing(branch_id=BranchId("branch"), kind="theme_day", **days)

    assert await stores.meetings.list(listing) == [wanted]
    assert await stores.meetings.list(replace(listing, from_on=DAY, to_on=DAY)) == [wanted]
    assert await stores.meetings.list(replace(listing, scopes=frozenset())) == []


async def test_one_meeting_stands_for_an_occasion(stores: Stores) -> None:
    first, again = a_meeting(), a_meeting()
    await stores.meetings.save(first, first.held())
    with pytest.raises(AlreadyHeld) as refusal:
        await stores.meetings.save(again, again.held())
    assert first.id in str(refusal.value)
    assert await stores.meetings.find(again.id) is None
    elsewhen = a_meeting(held_on=DAY - timedelta(days=1))
    for other in (elsewhen, a_meeting(kind="lecture"), a_meeting(branch_id=BranchId("sister"))):
        await stores.meetings.save(other, other.held())
    moved, fact = elsewhen.correct(held_on=DAY, attendance=an_attendance(), note="", entry="live", by=SOMEBODY, at=NOON)
    with pytest.raises(AlreadyHeld):
        await stores.meetings.save(moved, fact)
    withdrawn, gone = first.withdraw(by=SOMEBODY, at=NOON)
    await stores.meetings.save(withdrawn, gone)
    await stores.meetings.save(again, again.held())
    withdrawn, gone = again.withdraw(by=SOMEBODY, at=NOON)
    await stores.meetings.save(withdrawn, gone)


async def test_groups_of_a_branch_meet_on_one_day_each_once(stores: Stores) -> None:
    """Whom it expected tells one group from another."""
    one, other = a_meeting(kind="group"), a_meeting(kind="group", attendance=an_attendance(expected=(A, B)))
    for meeting in (one, other):
        await stores.meetings.save(meeting, meeting.held())
    again = a_meeting(kind="group", attendance=an_attendance(attended=(A, C)))

    with pytest.raises(AlreadyHeld):
        await stores.meetings.save(again, again.held())


async def test_the_last_acceptance_is_that_of_the_listings_that_stand(stores: Stores) -> None:
    organisation_id = OrganisationId("branch")
    none_yet = await stores.weak_organisations.last_acceptance(organisation_id)
    days = (date(2023, 11, 5), DAY, date(2023, 11, 7))
    for day in days:
        weak = a_weak_organisation()
        await stores.weak_organisations.save(weak, weak.listed())
        weak, accepted = weak.accept(on=day, by=SOMEBODY, at=NOON)
        await stores.weak_organisations.save(weak, accepted)
        if day == DAY:
            weak, withdrawn = weak.withdraw(by=SOMEBODY, at=NOON)
            await stores.weak_organisations.save(weak, withdrawn)
    elsewhere = a_weak_organisation(organisation_id=OrganisationId("another"))
    await stores.weak_organisations.save(elsewhere, elsewhere.listed())

    assert none_yet is None
    assert await stores.weak_organisations.last_acceptance(organisation_id) == date(2023, 11, 7)
    assert await stores.weak_organisations.last_acceptance(OrganisationId("another")) is None
    listed = await stores.weak_organisations.list(weak_listing(organisation_id=OrganisationId("another")))
    assert listed == [elsewhere]


async def test_a_listing_withdrawn_makes_room_for_another(stores: Stores) -> None:
    first, second = a_weak_organisation(), a_weak_organisation(listed_on=DAY)
    await stores.weak_organisations.save(first, first.listed())
    withdrawn, fact = first.withdraw(by=SOMEBODY, at=NOON)
    await stores.weak_organisations.save(withdrawn, fact)
    await stores.weak_organisations.save(second, second.listed())

    assert await stores.weak_organisations.list(weak_listing(is_open=True)) == [second]
    assert await stores.weak_organisations.find(first.id) == withdrawn


async def test_an_organisation_has_one_open_listing_at_a_time(stores: Stores) -> None:
    first, second = a_weak_organisation(), a_weak_organisation(listed_on=DAY)
    await stores.weak_organisations.save(first, first.listed())
    with pytest.raises(AlreadyListed):
        await stores.weak_organisations.save(second, second.listed())
    with pytest.raises(AlreadyThere):
        await stores.weak_organisations.save(replace(first, organisation_id=OrganisationId("another")))
    accepted, fact = first.accept(on=DAY, by=SOMEBODY, at=NOON)
    await stores.weak_organisations.save(accepted, fact)
    await stores.weak_organisations.save(second, second.listed())

    assert await stores.weak_organisations.list(weak_listing()) == [second, accepted]
    assert await stores.weak_organisations.list(weak_listing(is_open=True)) == [second]
    assert await stores.weak_organisations.list(weak_listing(is_open=False)) == [accepted]
    after = weak_listing().key(second)
    assert await stores.weak_organisations.list(weak_listing(after=after)) == [accepted]


async def test_an_organisation_that_moves_takes_along_what_is_its_own(stores: Stores) -> None:
    meeting, weak = a_meeting(), a_weak_organisation()
    await stores.meetings.save(meeting, meeting.held())
    await stores.weak_organisations.save(weak, weak.listed())
    for above in ("county", "township"):
        await stores.meetings.moved(BranchId(above), OrganisationPath.parse("nowhere"))
        await stores.weak_organisations.moved(OrganisationId(above), OrganisationPath.parse("nowhere"))
    await stores.meetings.moved(BranchId("branch"), THERE)
    await stores.weak_organisations.moved(OrganisationId("branch"), THERE)

    assert await stores.meetings.list(meetings_listing()) == []
    assert await stores.meetings.find(meeting.id) == replace(meeting, path=THERE)
    assert await stores.weak_organisations.find(weak.id) == replace(weak, path=THERE)


async def test_what_was_read_before_a_move_and_saved_after_it_stays_where_the_branch_is(stores: Stores) -> None:
    meeting, weak = a_meeting(), a_weak_organisation()
    await stores.meetings.save(meeting, meeting.held())
    await stores.weak_organisations.save(weak, weak.listed())
    await stores.meetings.moved(BranchId("branch"), THERE)
    await stores.weak_organisations.moved(OrganisationId("branch"), THERE)
    withdrawn, fact = meeting.withdraw(by=SOMEBODY, at=NOON)
    await stores.meetings.save(withdrawn, fact)
    accepted, other = weak.accept(on=DAY, by=SOMEBODY, at=NOON)
    await stores.weak_organisations.save(accepted, other)

    assert await stores.meetings.find(meeting.id) == replace(withdrawn, path=THERE)
    assert await stores.weak_organisations.find(weak.id) == replace(accepted, path=THERE)


async def test_figures_hold_after_they_were_stored(stores: Stores) -> None:
    meeting = a_meeting(attendance=an_attendance(excused=(), attended=(A, B), present=2))
    await stores.meetings.save(meeting, meeting.held())
    found = await stores.meetings.find(meeting.id)

    assert found is not None
    assert (found.attendance.quorate, found.attendance.absent, found.held()) == (True, (C,), meeting.held())
    assert B in found.attendance.attended
