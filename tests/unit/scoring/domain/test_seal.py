"""A seal says what is inside it, is read back from its fact, and tells what of later knowledge is outside."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain.awards import CardKey
from services.scoring.domain.closing import Closing, SealRecord, period_before
from services.scoring.domain.closing_refusals import NoticeNotOver, OwnNoticeNotSealed
from services.scoring.domain.deed_procedure import Notice
from services.scoring.domain.generation import Generation
from services.scoring.domain.seal import Known, Seal, corrections, late_entries, seal, seal_of, short_name
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.correct_sealed import known_of
from shared.events.base import Fact
from shared.kernel.access import OrganisationPath, Role
from shared.kernel.clock import start_of_day
from shared.kernel.ids import EventId
from shared.testing.access import a_caller
from tests.unit.scoring.facts import COUNTY, TOWNSHIP
from tests.unit.scoring.sealing import GENERATION, QUARTERS, YEARS, Telling, cadres, lived, members

TOWN = OrganisationPath((COUNTY, TOWNSHIP))
OPENED = datetime(2024, 1, 8, 4, tzinfo=UTC)


def _closing() -> Closing:
    closing, _ = Closing.open(
        "cadre", TOWN, "2023-Q4", notice=Notice(date(2024, 1, 15)), by=a_caller(Role.ORGANISER, TOWNSHIP), at=OPENED
    )
    return closing


@given(telling=st.one_of(cadres(), members()))
@settings(max_examples=60, deadline=None)
async def test_a_seal_read_back_from_its_fact_is_the_seal(telling: Telling) -> None:
    _, _, seals = await lived(telling)
    for made in seals.values():
        subject = Subject(telling.standard, telling.subject_id, (TOWN,))
        record, event = SealRecord.of(made, subject, _closing())

        read = seal_of(Fact(EventId("fact"), "scoring", record.id, 1, made.sealed_at, TOWN, event))

        assert (read, read.digest) == (made, event.digest)


@given(telling=st.one_of(cadres(), members()))
@settings(max_examples=60, deadline=None)
async def test_nothing_is_late_for_a_seal_of_all_that_is_known(telling: Telling) -> None:
    ports, _, _ = await lived(replace(telling, sealed_before=()))

    for period in QUARTERS if telling.standard == "cadre" else YEARS:
        key = CardKey(telling.standard, telling.subject_id, period.name)
        known = await known_of((telling.standard, telling.subject_id), ports, besides=key)
        made = seal(key, known, GENERATION, OPENED)

        assert late_entries(made, known) == []
        assert corrections(Known(known.entries, {period.name: made}), GENERATION) == ()


@given(telling=st.one_of(cadres(), members()))
@settings(max_examples=60, deadline=None)
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
