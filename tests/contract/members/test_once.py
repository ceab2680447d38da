"""One person, one membership; one post held once at a time; first words at the same time: whoever comes second is told.

One suite for the in-memory stores and the real ones, which really race.
"""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from services.members.domain.refusals import EnrolledElsewhere, PostingOverlaps
from services.members.domain.township import Township
from services.members.use_cases.declare_history_span import DeclareHistorySpan, declare_history_span
from services.members.use_cases.publish_calendar import PublishCalendar, publish_calendar
from services.members.use_cases.set_go_live import SetGoLive, set_go_live
from shared.kernel.access import Role
from shared.kernel.errors import AlreadyThere, DomainError, Stale
from shared.kernel.ids import CadreId, PersonId, PostingId, SpanId, TownshipId, new_id
from shared.testing.access import a_caller
from tests.contract.members.conftest import DAY, Stores, a_member, a_posting, a_township, registered

NEXT_MONDAY = date(2023, 11, 27)


async def _refusals(works: Sequence[Awaitable[object]]) -> list[type[DomainError]]:
    """How those end that do not succeed; anything but a refusal is a fault."""
    results = await asyncio.gather(*works, return_exceptions=True)
    faults = [each for each in results if isinstance(each, BaseException) and not isinstance(each, DomainError)]
    assert faults == []
    return [type(each) for each in results if isinstance(each, DomainError)]


async def test_a_person_belongs_to_one_branch_at_a_time(stores: Stores) -> None:
    members = stores.ports.members
    township = await a_township(stores)
    here, there = await registered(stores, "branch", township), await registered(stores, "branch", township)
    member = a_member(here)
    await members.save(member, member.enrolled())
    again = a_member(there, person_id=member.person_id)

    with pytest.raises(EnrolledElsewhere):
        await members.save(again, again.enrolled())
    assert await members.standing(again) == member
    assert await members.standing(member) is None
    await members.save(*member.end(DAY))
    await members.save(again, again.enrolled())
    assert await members.standing(member) == again


async def test_of_many_who_enrol_a_person_at_once_one_succeeds(stores: Stores) -> None:
    branch = await registered(stores, "branch", await a_township(stores))
    person = PersonId(new_id())
    records = [a_member(branch, person_id=person) for _ in range(8)]
    refusals = await _refusals([stores.ports.members.save(each, each.enrolled()) for each in records])

    assert refusals == [EnrolledElsewhere] * 7


async def test_an_id_that_is_taken_is_so_whoever_it_names(stores: Stores) -> None:
    branch = await registered(stores, "branch", await a_township(stores))
    member = a_member(branch)
    await stores.ports.members.save(member, member.enrolled())

    with pytest.raises(AlreadyThere):
        await stores.ports.members.save(replace(member, person_id=PersonId(new_id())), member.enrolled())


async def test_members_without_a_person_stand_side_by_side(stores: Stores) -> None:
    branch = await registered(stores, "branch", await a_township(stores))
    for _ in range(2):
        member = a_member(branch, person_id=None)
        await stores.ports.members.save(member, member.enrolled())

        assert await stores.ports.members.standing(member) is None


async def test_a_post_is_not_held_twice_on_a_day(stores: Stores) -> None:
    postings = stores.ports.postings
    branch = await registered(stores, "branch", await a_township(stores))
    first = a_posting(branch, ends_on=DAY)
    await postings.save(first, first.started(today=DAY))
    again = replace(first, id=PostingId(new_id()), ends_on=None)
    following = replace(again, starts_on=NEXT_MONDAY)

    with pytest.raises(PostingOverlaps, check=lambda refused: refused.facts["posting_id"] == first.id):
        await postings.save(again, again.started(today=DAY))
    await postings.save(following, following.started(today=DAY))
    with pytest.raises(PostingOverlaps, check=lambda refused: refused.field == "ends_on"):
        await postings.save(*first.end(NEXT_MONDAY, today=date(2023, 11, 1)))
    for elsewhere in (
        replace(again, id=PostingId(new_id()), post="first_secretary"),
        replace(again, id=PostingId(new_id()), cadre_id=CadreId(new_id())),
    ):
        await postings.save(elsewhere, elsewhere.started(today=DAY))

    assert await postings.find(first.id) == first


async def test_of_many_who_post_somebody_at_once_one_succeeds(stores: Stores) -> None:
    branch = await registered(stores, "branch", await a_township(stores))
    cadre = CadreId(new_id())
    records = [a_posting(branch, cadre_id=cadre, ends_on=date(2023, 12, 1 + number)) for number in range(8)]
    refusals = await _refusals([stores.ports.postings.save(each, each.started(today=DAY)) for each in records])

    assert refusals == [PostingOverlaps] * 7
    assert len(await stores.ports.postings.of_person(cadre)) == 1


async def test_of_many_first_words_about_a_township_one_stands_and_the_others_are_stale(stores: Stores) -> None:
    township = await a_township(stores)
    empty = Township(TownshipId(township.id), township.path)
    days = [date(2023, 12, 1 + number) for number in range(6)]
    saves = [stores.ports.townships.save(*empty.go_live(day, today=DAY)) for day in days]

    assert await _refusals(saves) == [Stale] * 5


async def test_people_who_speak_about_a_township_at_once_are_all_heard(stores: Stores) -> None:
    """Two clerks: the one with the history and the one with the day; and one whose request is sent twice."""
    for _ in range(5):
        township = await a_township(stores)
        by = a_caller(Role.ORGANISER, township.id)
        span = DeclareHistorySpan(by, township.id, SpanId(new_id()), date(2023, 7, 1), date(2023, 9, 30))
        works = (
            declare_history_span(span, stores.ports),
            set_go_live(SetGoLive(by, township.id, None, NEXT_MONDAY), stores.ports),
            declare_history_span(span, stores.ports),
        )
        refusals = await _refusals(works)
        found = await stores.ports.townships.find(township.id)

        assert refusals == []
        assert found is not None
        assert (found.go_live_on, [each.id for each in found.spans], found.revision) == (
            NEXT_MONDAY,
            [span.span_id],
            2,
        )
        assert [entry.what for entry in sorted(found.trail, key=lambda entry: entry.what)] == [
            "go_live_set",
            "span_declared",
        ]


async def test_of_two_first_tables_of_a_year_one_stands_and_the_other_is_told_to_look(stores: Stores) -> None:
    township = await a_township(stores)
    by = a_caller(Role.ORGANISER, township.id)
    tables = [
        PublishCalendar(by, township.id, 2023, None, frozenset({date(2023, 10, day)}), frozenset()) for day in (2, 3)
    ]
    results = await asyncio.gather(*(publish_calendar(table, stores.ports) for table in tables), return_exceptions=True)
    refused = [each for each in results if isinstance(each, DomainError)]

    assert [each.code for each in refused] == ["calendar.published"]


async def test_a_change_of_a_table_sent_twice_at_once_is_answered_twice_and_made_once(stores: Stores) -> None:
    township = await a_township(stores)
    by = a_caller(Role.ORGANISER, township.id)
    await publish_calendar(PublishCalendar(by, township.id, 2023, None, frozenset(), frozenset()), stores.ports)
    change = PublishCalendar(by, township.id, 2023, 1, frozenset({date(2023, 10, 2)}), frozenset())
    for _ in range(5):
        answers = await asyncio.gather(*(publish_calendar(change, stores.ports) for _ in range(4)))

        assert {answer.revision for answer in answers} == {2}


async def test_a_record_is_found_with_its_trail(stores: Stores) -> None:
    township = await a_township(stores)
    by = a_caller(Role.ORGANISER, township.id)
    set_ = await set_go_live(SetGoLive(by, township.id, None, NEXT_MONDAY), stores.ports)
    changed = await set_go_live(SetGoLive(by, township.id, 1, date(2023, 12, 4)), stores.ports)
    found = await stores.ports.townships.find(township.id)

    assert found == changed
    assert changed.trail[:1] == set_.trail
    assert [(entry.revision, entry.by_account, entry.by_person) for entry in changed.trail] == [
        (revision, by.account_id, by.person_id) for revision in (1, 2)
    ]
