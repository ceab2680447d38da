"""A seal says what is inside it, is read back from its fact, and tells what of later knowledge is outside."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.awards import CardKey
from services.scoring.domain.closing import MOST_ENTRIES, Closing, SealRecord, period_before
from services.scoring.domain.closing_refusals import NoticeNotOver, OwnNoticeNotSealed, SealTooLarge
from services.scoring.domain.deed_procedure import Notice
from services.scoring.domain.generation import Generation
from services.scoring.domain.rule_book import Effective
from services.scoring.domain.seal import Known, Seal, corrections, late_entries, seal, seal_of, short_name
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.correct_sealed import known_of
from shared.events.base import Fact
from shared.events.codec import MAX_FACT_BYTES, encode
from shared.events.members import Category
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.calendar import Period
from shared.kernel.clock import start_of_day
from shared.kernel.ids import EventId
from shared.testing.access import a_caller
from tests.tried import tried
from tests.unit.scoring.facts import CADRE, COUNTY, TOWNSHIP
from tests.unit.scoring.sealing import GENERATION, QUARTERS, YEARS, Telling, cadres, lived, members

TOWN = OrganisationPath((COUNTY, TOWNSHIP))
OPENED = datetime(2024, 1, 8, 4, tzinfo=UTC)


def _closing() -> Closing:
    closing, _ = Closing.open(
        "cadre", TOWN, "2023-Q4", notice=Notice(date(2024, 1, 15)), by=a_caller(Role.ORGANISER, TOWNSHIP), at=OPENED
    )
    return closing


@given(telling=st.one_of(cadres(), members()), category=st.sampled_from([None, "village", "office", "enterprise"]))
@tried(60)
async def test_a_seal_read_back_from_its_fact_is_the_seal(telling: Telling, category: Category | None) -> None:
    _, _, seals = await lived(telling)
    for each in seals.values():
        made = replace(each, category=category)
        subject = Subject(telling.standard, telling.subject_id, (TOWN,))
        record, event = SealRecord.of(made, subject, _closing())

        read = seal_of(Fact(EventId("fact"), "scoring", record.id, 1, made.sealed_at, TOWN, event))

        assert (read, read.digest) == (made, event.digest)


@given(telling=st.one_of(cadres(), members()))
@tried(60)
async def test_nothing_is_late_for_a_seal_of_all_that_is_known(telling: Telling) -> None:
    ports, _, _ = await lived(replace(telling, sealed_before=()))

    for period in QUARTERS if telling.standard == "cadre" else YEARS:
        key = CardKey(telling.standard, telling.subject_id, period.name)
        known = await known_of((telling.standard, telling.subject_id), ports, besides=key)
        made = seal(key, known, GENERATION, OPENED)

        assert late_entries(made, known) == []
        assert corrections(Known(known.entries, {period.name: made}), GENERATION) == ()


@given(telling=st.one_of(cadres(), members()))
@tried(60)
async def test_later_knowledge_changes_no_correction_inside_a_seal(telling: Telling) -> None:
    """What a period was sealed with by earlier ones is the same however much is known."""
    ports, _, seals = await lived(telling)
    known = await known_of((telling.standard, telling.subject_id), ports)

    for made in seals.values():
        without = _before(made, known)
        then = [line for line in corrections(without, GENERATION) if line.target == made.key.period]
        now = [line for line in corrections(known, GENERATION) if line.target == made.key.period]

        assert then == now


def _before(made: Seal, known: Known) -> Known:
    """What was known when the seal was made: it, the seals before it, and what one of them covers."""
    seals = {name: each for name, each in known.seals.items() if each.sealed_at <= made.sealed_at}
    inside = {name for each in seals.values() for name in each.entries}
    entries = {
        key: tuple(entry for entry in kept if short_name(entry.id) in inside) for key, kept in known.entries.items()
    }
    return Known(entries, seals, known.category)


def test_a_seal_of_more_entries_than_a_fact_can_name_is_refused() -> None:
    key = CardKey("cadre", CADRE, "2023-Q4")
    names = frozenset(f"{number:016x}" for number in range(MOST_ENTRIES))
    most = Seal(key, "2023.1", 10_000, 1_000_000, 1_000_000, names, OPENED)
    subject = Subject("cadre", CADRE, (TOWN,))

    _, event = SealRecord.of(most, subject, _closing())
    with pytest.raises(SealTooLarge, match=CADRE):
        SealRecord.of(replace(most, entries=names | {"f" * 16}), subject, _closing())

    message = encode(Fact(EventId("fact"), "scoring", "seal", 1, most.sealed_at, TOWN, event))
    assert len(message.value or b"") < MAX_FACT_BYTES


def test_a_period_whose_version_ended_within_it_was_scored_as_well() -> None:
    [book] = GENERATION.of("cadre")
    effective = Effective.model_construct(from_=book.effective.from_, to=date(2023, 11, 15))
    ended = Generation((book.model_copy(update={"effective": effective}),))

    assert period_before(ended, "cadre", Period.parse("2024-Q1")) == QUARTERS[3]
    assert period_before(ended, "cadre", Period.parse("2024-Q2")) is None


def test_the_period_before_is_the_one_that_was_scored() -> None:
    quarter, year = QUARTERS[0], GENERATION.book("branch", QUARTERS[0]).period_of(date(2024, 5, 1))

    assert period_before(GENERATION, "cadre", QUARTERS[1]) == quarter
    assert period_before(GENERATION, "cadre", quarter) is None
    assert getattr(period_before(GENERATION, "branch", year), "name", None) == "2023"
    assert period_before(Generation(()), "branch", year) is None


def test_a_closing_is_confirmed_by_somebody_else_once_its_notice_has_ended() -> None:
    closing, secretary = _closing(), a_caller(Role.SECRETARY, TOWNSHIP)

    with pytest.raises(NoticeNotOver):
        closing.confirm(by=secretary, at=start_of_day(date(2024, 1, 15)))
    with pytest.raises(OwnNoticeNotSealed):
        closing.confirm(by=a_caller(Role.ORGANISER, TOWNSHIP), at=start_of_day(date(2024, 1, 16)))
    confirmed = closing.confirm(by=secretary, at=start_of_day(date(2024, 1, 16)))

    assert (confirmed.state, confirmed.sealed_by, confirmed.revision) == ("sealing", secretary.person_id, 2)
