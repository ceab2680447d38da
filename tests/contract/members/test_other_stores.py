"""Members, postings, townships, calendars, disposals: one suite for the in-memory stores and the real ones."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.members.domain.calendar_year import CalendarYear
from services.members.domain.member import Member
from services.members.domain.posting import Posting
from services.members.domain.township import Township
from services.members.use_cases.ports import Listing, RestrictedRead
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import AccountId, CaseId, SpanId, TownshipId, new_id
from tests.contract.members.conftest import (
    DAY,
    Stores,
    a_disposal,
    a_member,
    a_posting,
    a_township,
    registered,
)


async def test_what_was_saved_is_found_as_it_was(stores: Stores) -> None:
    ports = stores.ports
    township = await a_township(stores)
    branch = await registered(stores, "branch", township, external_code="012", has_groups=True)
    member, posting = a_member(branch), a_posting(branch, ends_on=DAY)
    await ports.members.save(member, member.enrolled())
    await ports.postings.save(posting, posting.started(today=DAY))
    times, fact = Township(TownshipId(township.id), township.path).go_live(DAY, today=DAY)
    await ports.townships.save(times, fact)
    spanned, declared = times.declare(SpanId(new_id()), date(2023, 1, 1), date(2023, 3, 31), today=DAY)
    await ports.townships.save(spanned, declared)
    calendar, published = CalendarYear(township.id, 2023, township.path).publish(
        days_off={date(2023, 10, 2)}, working_days={date(2023, 10, 7)}, on=DAY
    )
    await ports.calendars.save(calendar, published)

    assert await ports.organisations.find(branch.id) == branch
    assert await ports.members.find(member.id) == member
    assert await ports.postings.find(posting.id) == posting
    assert await ports.townships.find(township.id) == spanned
    assert await ports.calendars.find(calendar.id) == calendar
    assert await stores.waiting() == 8


def _key(listing: Listing, thing: Member | Posting) -> tuple[str, ...]:
    if isinstance(thing, Member):
        return listing.key(thing.person_id, thing.joined_on, thing.id)
    return listing.key(thing.cadre_id, thing.starts_on, thing.id)


async def test_members_are_listed_by_scope_person_and_branch_and_pages_go_on(stores: Stores) -> None:
    ports = stores.ports
    branch = await registered(stores, "branch", await a_township(stores))
    members = [a_member(branch, joined_on=date(2019, 1, 1 + i // 2)) for i in range(5)]
    for member in members:
        await ports.members.save(member, member.enrolled())
    listing = Listing(frozenset({branch.id}), 50)
    whole = list(await ports.members.list(listing))
    rest = await ports.members.list(replace(listing, after=_key(listing, whole[1])))

    assert sorted(whole, key=lambda member: (member.joined_on, member.id)) == whole
    assert [*whole[:2], *rest] == whole
    assert list(await ports.members.list(Listing(None, 50, person_id=members[2].person_id))) == [members[2]]
    assert await ports.members.list(replace(listing, organisation_id=new_id())) == []


async def test_postings_are_listed_latest_first(stores: Stores) -> None:
    ports = stores.ports
    branch = await registered(stores, "branch", await a_township(stores))
    postings = [a_posting(branch, starts_on=date(2023, 1, 1 + i // 2)) for i in range(5)]
    for posting in postings:
        await ports.postings.save(posting, posting.started(today=DAY))
    listing = Listing(frozenset({branch.id}), 50)
    whole = list(await ports.postings.list(listing))
    rest = await ports.postings.list(replace(listing, after=_key(listing, whole[1])))

    assert [posting.starts_on for posting in whole] == sorted((p.starts_on for p in postings), reverse=True)
    assert [*whole[:2], *rest] == whole
    assert list(await ports.postings.of_person(postings[0].cadre_id)) == [postings[0]]
    assert await ports.postings.list(replace(listing, post="leader")) == []


async def test_ones_own_come_first_and_pages_go_on(stores: Stores) -> None:
    ports = stores.ports
    branch = await registered(stores, "branch", await a_township(stores))
    members = [a_member(branch, joined_on=date(2019, 1, 1 + i // 2)) for i in range(5)]
    postings = [a_posting(branch, starts_on=date(2023, 1, 1 + i // 2)) for i in range(5)]
    postings.append(a_posting(branch, post="first_secretary", starts_on=DAY, cadre_id=postings[0].cadre_id))
    for member in members:
        await ports.members.save(member, member.enrolled())
    for posting in postings:
        await ports.postings.save(posting, posting.started(today=DAY))
    last, first = members[4], postings[0]
    of_member = Listing(frozenset({branch.id}), 50, own=last.person_id)
    of_cadre = Listing(frozenset({branch.id}), 50, own=first.cadre_id)
    whole = await ports.members.list(of_member)
    posts = await ports.postings.list(of_cadre)
    others = sorted((m for m in members[:4]), key=lambda member: (member.joined_on, member.id))

    assert [*whole] == [last, *others]
    assert [*posts[:2]] == [postings[5], first]
    assert len(posts) == 6
    for size in (1, 2, 4):
        paged: list[Member] = []
        posted: list[Posting] = []
        for _ in range(6):
            after = _key(of_member, paged[-1]) if paged else None
            paged += await ports.members.list(replace(of_member, limit=size, after=after))
            after = _key(of_cadre, posted[-1]) if posted else None
            posted += await ports.postings.list(replace(of_cadre, limit=size, after=after))
        assert (paged, posted) == ([*whole], [*posts])
    assert await ports.members.list(replace(of_member, person_id=members[0].person_id)) == [members[0]]
    assert await ports.members.list(replace(of_member, person_id=last.person_id)) == [last]
    assert await ports.postings.list(replace(of_cadre, post="first_secretary")) == [postings[5]]


async def test_a_spans_id_is_taken_once_in_all_townships(stores: Stores) -> None:
    one, other = await a_township(stores), await a_township(stores)
    span = SpanId(new_id())
    first, fact = Township(TownshipId(one.id), one.path).declare(span, DAY, DAY, today=date(2023, 12, 1))
    await stores.ports.townships.save(first, fact)
    second, again = Township(TownshipId(other.id), other.path).declare(span, DAY, DAY, today=date(2023, 12, 1))

    with pytest.raises(AlreadyThere):
        await stores.ports.townships.save(second, again)


async def test_townships_without_spans_stand_side_by_side(stores: Stores) -> None:
    for _ in range(2):
        township = await a_township(stores)
        times, fact = Township(TownshipId(township.id), township.path).go_live(DAY, today=DAY)
        await stores.ports.townships.save(times, fact)

    assert await stores.waiting() == 6


async def test_an_expulsion_ends_the_membership_in_the_same_write(stores: Stores) -> None:
    ports = stores.ports
    member = a_member(await registered(stores, "branch", await a_township(stores)))
    await ports.members.save(member, member.enrolled())
    disposal = a_disposal(member)
    await ports.disposals.record(disposal, disposal.disposed(member), member.end(DAY))

    assert await ports.disposals.find(disposal.id) == disposal
    assert (await ports.members.find(member.id)) == replace(member, ended_on=DAY, revision=2)
    assert list(await ports.disposals.list(Listing(frozenset(disposal.path.segments[1:]), 50))) == [disposal]


async def test_an_expulsion_of_somebody_changed_meanwhile_writes_nothing(stores: Stores) -> None:
    ports = stores.ports
    member = a_member(await registered(stores, "branch", await a_township(stores)))
    await ports.members.save(member, member.enrolled())
    disposal = a_disposal(member)
    ended, fact = member.end(DAY)
    before = await stores.waiting()

    with pytest.raises(Stale):
        await ports.disposals.record(disposal, disposal.disposed(member), (replace(ended, revision=5), fact))
    assert await ports.disposals.find(disposal.id) is None
    assert await stores.waiting() == before


async def test_reads_of_restricted_records_are_written_down(stores: Stores) -> None:
    read = RestrictedRead(CaseId(new_id()), AccountId("account"), None, datetime(2023, 11, 20, tzinfo=UTC))

    await stores.ports.access_log.note([])
    await stores.ports.access_log.note([read, read])
