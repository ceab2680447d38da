"""One suite for the stores of deeds, review marks and objections: in memory and for real the same promises."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.scoring.domain.deed import Deed, DeedId
from services.scoring.domain.deed_procedure import Notice
from services.scoring.domain.objection import Objection, ObjectionId
from services.scoring.domain.record_refusals import AwardObjectedAlready
from services.scoring.domain.review import Review
from services.scoring.domain.subject import Organisation
from services.scoring.use_cases.record_ports import DeedListing, ObjectionListing, ReviewListing
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.calendar import Period
from shared.kernel.errors import AlreadyThere, Stale
from shared.kernel.ids import PersonId, new_id
from shared.testing.access import a_caller
from tests.contract.scoring.conftest import RecordStores

TOWNSHIP = OrganisationPath(("county", "township"))
PATH = TOWNSHIP / "branch"
NOON = datetime(2023, 11, 20, 4, tzinfo=UTC)
DAY = date(2023, 11, 18)
BRANCH_SECRETARY = a_caller(Role.BRANCH_SECRETARY, "branch")
ORGANISER = a_caller(Role.ORGANISER, "township")
MOVED = Organisation("branch", OrganisationPath(("county", "elsewhere", "branch")), "branch", "演示党支部", "village")


def a_deed(**changed: Any) -> Deed:
    deed = Deed(
        id=DeedId(new_id()),
        member_id="member",
        branch_id="branch",
        path=PATH,
        kind="voluntary",
        done_on=DAY,
        entry="live",
        note="清扫村道",
        reported_by=PersonId("person"),
        made_from="digest",
    )
    return replace(deed, **changed)


def an_objection(**changed: Any) -> Objection:
    objection = Objection(
        id=ObjectionId(new_id()),
        standard="member",
        subject_id="member",
        organisation_id="branch",
        path=PATH,
        period="2023",
        award_id=new_id(),
        rule_id="voluntary",
        counts_on=DAY,
        text="应计两次",
        filed_by=PersonId("person"),
        filed_on=DAY,
        made_from="digest",
    )
    return replace(objection, **changed)


def confirmed(deed: Deed, until: date = date(2023, 11, 27)) -> tuple[Deed, Any]:
    stands, facts = deed.confirm(by=BRANCH_SECRETARY, about=None, notice=Notice(until, provisional=True), at=NOON)
    return stands, facts


async def keep(records: RecordStores, *things: Deed | Objection) -> None:
    for thing in things:
        if isinstance(thing, Deed):
            await records.deeds.save(thing, thing.reported())
        else:
            await records.objections.save(thing, thing.filed())


async def test_what_was_saved_is_found_as_it_was(records: RecordStores) -> None:
    deed, objection = a_deed(), an_objection()
    await keep(records, deed, objection)
    on_notice, facts = confirmed(deed)
    await records.deeds.save(on_notice, *facts)
    refused, fact = on_notice.refuse(reason="不实", by=ORGANISER, at=NOON)
    await records.deeds.save(refused, fact)
    answered, answer = objection.answer_it(upheld=True, answer="属实", by=ORGANISER, at=NOON)
    await records.objections.save(answered, answer)
    review, marked = Review("branch", 2023, PATH).marked(mark=Decimal("87.50"), basis="会议", by=ORGANISER, at=NOON)
    await records.reviews.save(review, marked)

    assert await records.deeds.find(deed.id) == refused
    assert await records.objections.find(objection.id) == answered
    assert await records.reviews.find(review.id) == review
    assert await records.deeds.find(new_id()) is None


async def test_an_id_is_taken_once_and_a_revision_written_once(records: RecordStores) -> None:
    deed, objection = a_deed(), an_objection()
    await keep(records, deed, objection)
    on_notice, facts = confirmed(deed)
    await records.deeds.save(on_notice, *facts)

    with pytest.raises(AlreadyThere):
        await keep(records, deed)
    with pytest.raises(AlreadyThere):
        await keep(records, objection)
    with pytest.raises(Stale):
        await records.deeds.save(on_notice, *facts)


async def test_of_many_who_make_a_deed_effective_one_does(records: RecordStores) -> None:
    on_notice, facts = confirmed(a_deed())
    await keep(records, replace(on_notice, state="reported", revision=1, trail=()))
    await records.deeds.save(on_notice, *facts)

    async def make() -> bool:
        effective, fact = on_notice.take_effect()
        try:
            await records.deeds.save(effective, fact)
        except Stale:
            return False
        return True

    assert sum(await asyncio.gather(*(make() for _ in range(6)))) == 1


async def test_a_notice_is_over_after_its_last_day_longest_over_first(records: RecordStores) -> None:
    last_days = [DAY + timedelta(days=days) for days in (3, 1, 2)]
    for until in last_days:
        on_notice, facts = confirmed(a_deed(), until)
        await keep(records, replace(on_notice, state="reported", notice=None, revision=1, trail=()))
        await records.deeds.save(on_notice, *facts)
    await keep(records, a_deed())

    async def over(today: date, limit: int = 50) -> list[date]:
        return [deed.notice.until for deed in await records.deeds.over(today, limit) if deed.notice is not None]

    assert await over(min(last_days)) == []
    assert await over(max(last_days)) == sorted(last_days)[:2]
    assert await over(date(2024, 1, 1), 1) == [min(last_days)]


async def test_deeds_are_listed_own_first_then_the_latest(records: RecordStores) -> None:
    own = [a_deed(done_on=DAY - timedelta(days=days), path=MOVED.path) for days in (0, 3)]
    others = [a_deed(done_on=DAY - timedelta(days=days), member_id="other") for days in (1, 2)]
    await keep(records, *own, *others, a_deed(member_id="far", path=MOVED.path))
    listing = DeedListing(frozenset({"township"}), 50, own=frozenset({"member", "none"}))
    whole = await records.deeds.list(listing)
    pages: list[Deed] = []
    for _ in whole:
        after = listing.key(pages[-1]) if pages else None
        pages += await records.deeds.list(replace(listing, limit=1, after=after))

    assert whole == [*own, *others]
    assert pages == whole
    assert await records.deeds.list(replace(listing, own_only=True)) == own
    assert await records.deeds.list(replace(listing, member_id="other")) == others
    assert await records.deeds.list(replace(listing, member_id="member")) == own
    assert await records.deeds.list(replace(listing, branch_id="nowhere")) == []


async def test_deeds_are_listed_by_state_and_period(records: RecordStores) -> None:
    deed, earlier = a_deed(), a_deed(done_on=date(2023, 10, 31))
    await keep(records, deed, earlier)
    on_notice, facts = confirmed(deed)
    await records.deeds.save(on_notice, *facts)
    listing = DeedListing(frozenset({"branch"}), 50)

    assert await records.deeds.list(replace(listing, state="confirmed")) == [on_notice]
    assert await records.deeds.list(replace(listing, period=Period.parse("2023-10"))) == [earlier]


async def test_review_marks_are_listed_latest_year_first_then_by_branch(records: RecordStores) -> None:
    kept = []
    for branch, year in (("b", 2022), ("b", 2023), ("a", 2023)):
        review, marked = Review(branch, year, TOWNSHIP / branch).marked(
            mark=Decimal(80), basis="会议", by=ORGANISER, at=NOON
        )
        await records.reviews.save(review, marked)
        kept.append(review)
    listing = ReviewListing(frozenset({"township"}), 50)
    first, second, last = kept[2], kept[1], kept[0]

    assert await records.reviews.list(listing) == [first, second, last]
    assert await records.reviews.list(replace(listing, limit=1, after=listing.key(first))) == [second]
    assert await records.reviews.list(replace(listing, after=listing.key(second))) == [last]
    assert await records.reviews.list(replace(listing, year=2022)) == [last]
    assert await records.reviews.list(replace(listing, scopes=frozenset({"elsewhere"}))) == []


async def test_an_award_has_one_open_objection_whoever_files_at_once(records: RecordStores) -> None:
    award_id = new_id()

    async def file(objection: Objection) -> Objection | None:
        try:
            await keep(records, objection)
        except AwardObjectedAlready:
            return None
        return objection

    several = [an_objection(award_id=award_id) for _ in range(4)]
    filed = [each for each in await asyncio.gather(*(file(each) for each in several)) if each is not None]
    answered, fact = filed[0].answer_it(upheld=False, answer="无误", by=ORGANISER, at=NOON)
    await records.objections.save(answered, fact)

    assert len(filed) == 1
    assert await file(an_objection(award_id=award_id)) is not None
    assert await file(an_objection(award_id=award_id)) is None


async def test_objections_are_listed_own_first_then_the_latest(records: RecordStores) -> None:
    own = [an_objection(filed_by="me", filed_on=DAY - timedelta(days=days), path=MOVED.path) for days in (0, 2)]
    other = an_objection(standard="branch", filed_on=DAY + timedelta(days=1))
    await keep(records, *own, other, an_objection(path=MOVED.path))
    listing = ObjectionListing(frozenset({"township"}), 50, own="me")
    answered, fact = other.answer_it(upheld=True, answer="属实", by=ORGANISER, at=NOON)
    await records.objections.save(answered, fact)

    assert await records.objections.list(listing) == [*own, answered]
    assert await records.objections.list(replace(listing, after=listing.key(own[0]), limit=1)) == [own[1]]
    assert await records.objections.list(replace(listing, own_only=True)) == own
    assert await records.objections.list(replace(listing, state="upheld")) == [answered]
    assert await records.objections.list(replace(listing, standard="member")) == own
    assert await records.objections.list(replace(listing, own=None)) == [answered]


async def test_records_move_with_their_organisation_and_no_other(records: RecordStores) -> None:
    deed, objection = a_deed(), an_objection()
    review, marked = Review("branch", 2023, PATH).marked(mark=Decimal(80), basis="会议", by=ORGANISER, at=NOON)
    at_the_township = an_objection(organisation_id="township", path=TOWNSHIP)
    await keep(records, deed, objection, at_the_township)
    await records.reviews.save(review, marked)
    await records.directory.learn_organisation(Organisation("township", TOWNSHIP, "township", "演示乡", None), 1)
    await records.directory.learn_organisation(MOVED, 2)
    await records.directory.learn_organisation(replace(MOVED, path=PATH), 1)

    assert await records.deeds.find(deed.id) == replace(deed, path=MOVED.path)
    assert await records.reviews.find(review.id) == replace(review, path=MOVED.path)
    assert await records.objections.find(objection.id) == replace(objection, path=MOVED.path)
    assert await records.objections.find(at_the_township.id) == at_the_township


async def test_what_was_read_before_a_move_and_saved_after_it_stays_where_the_branch_is(records: RecordStores) -> None:
    deed = a_deed()
    await keep(records, deed)
    await records.deeds.moved("branch", MOVED.path)
    on_notice, facts = confirmed(deed)
    await records.deeds.save(on_notice, *facts)

    assert await records.deeds.find(deed.id) == replace(on_notice, path=MOVED.path)
