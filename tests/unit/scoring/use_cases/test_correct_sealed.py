"""Facts, seals and corrections fold to the same in any order, and what was sealed stays sealed."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import correction_of
from services.scoring.domain.periods import Asked
from services.scoring.domain.seal import Seal, corrections, sealed_score
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.correct_sealed import known_of
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.reckon_scores import reckon_scores
from shared.kernel.access import OrganisationPath
from tests.tried import tried
from tests.unit.scoring.facts import CADRE, COUNTY, TOWNSHIP, ObligationLife, VisitLife
from tests.unit.scoring.sealing import (
    GENERATION,
    QUARTERS,
    Telling,
    cadres,
    fact_of,
    folded,
    in_memory,
    lived,
    made_seal,
    members,
    recorded,
    state_of,
)

_HOME = OrganisationPath((COUNTY, TOWNSHIP))
APRIL = date(2023, 4, 12)


async def _sealed_points(telling: Telling, seals: dict[str, Seal], ports: Ports) -> dict[str, tuple[int | None, str]]:
    subject = Subject(telling.standard, telling.subject_id, (_HOME,))
    found: dict[str, tuple[int | None, str]] = {}
    for _, period in telling.sealed_before:
        asked = Asked(period, ((period, GENERATION.book(telling.standard, period)),))
        [scored] = await reckon_scores([subject], asked, ports)
        found[period.name] = (scored.score.points, scored.state)
    assert found.keys() == seals.keys()
    return found


@given(telling=st.one_of(cadres(), members()), seed=st.integers(0, 1000))
@tried(150)
async def test_facts_and_seals_fold_to_the_same_in_any_order(telling: Telling, seed: int) -> None:
    ports, told, _ = await lived(telling)

    again = await folded(told, seed)

    assert state_of(ports) == state_of(again)


@given(telling=st.one_of(cadres(), members()), seed=st.integers(0, 1000))
@tried(100)
async def test_what_was_sealed_never_changes(telling: Telling, seed: int) -> None:
    ports, told, seals = await lived(telling)
    again = await folded(told, seed)

    shown = [await _sealed_points(telling, seals, each) for each in (ports, again)]

    wanted = {name: (seal.points, "sealed") for name, seal in seals.items()}
    assert shown == [wanted, wanted]


@given(telling=st.one_of(cadres(), members()))
@tried(100)
async def test_the_entries_inside_a_seal_explain_its_points(telling: Telling) -> None:
    ports, _, seals = await lived(telling)
    known = await known_of((telling.standard, telling.subject_id), ports)

    for seal in seals.values():
        explained = sealed_score(replace(seal, points=-1, items=-1, attainable=-1), known, GENERATION)
        counted = sum(line.counted for line in explained.lines)
        posted = sum(line.points for line in corrections(known, GENERATION) if line.target == seal.key.period)

        assert seal.items == explained.book.base + counted
        assert posted == explained.corrections
        assert (seal.attainable or 0) == sum(line.counted for line in explained.attainable_lines)
        if telling.standard == "member":
            assert seal.points == max(0, seal.items + posted)


@given(telling=st.one_of(cadres(), members()))
@tried(60)
async def test_every_late_entry_is_posted_once_to_a_period_after_its_own(telling: Telling) -> None:
    ports, _, seals = await lived(telling)
    known = await known_of((telling.standard, telling.subject_id), ports)

    lines = corrections(known, GENERATION)

    assert len(lines) == len({(line.sealed, line.entry.id) for line in lines})
    assert all(line.target > line.sealed.period for line in lines)
    covered = [seals[line.target].covers(line.entry) for line in lines if line.target in seals]
    assert all(covered)


async def test_two_late_facts_correct_the_same_whichever_arrives_first() -> None:
    first, second = QUARTERS[:2]
    week = ObligationLife("weekly-visit", date(2023, 3, 5), CADRE).open().facts
    ports = in_memory()
    await fold_facts(week, ports)
    sealed = fact_of(await made_seal("cadre", CADRE, first, ports, week[0].recorded_at))
    visits = [VisitLife(f"{number}").log(date(2023, 3, 1 + number)).facts[0] for number in range(2)]
    earlier, later = (recorded(visit, APRIL + timedelta(days=number)) for number, visit in enumerate(visits))

    shown = []
    for order in ((earlier, later), (later, earlier)):
        ports = in_memory()
        for fact in (*week, sealed, *order):
            await fold_facts([fact], ports)
        known = await known_of(("cadre", CADRE), ports)
        lines = [(line.entry.event_id, line.target, line.points) for line in corrections(known, GENERATION)]
        shown.append((lines, state_of(ports)))

    assert shown[0] == shown[1]
    # One visit of the week scores 2 of 5 points, the second is beyond the week's cap.
    assert shown[0][0] == [(earlier.id, second.name, 4000), (later.id, second.name, 0)]


async def test_an_entry_that_missed_two_seals_corrects_the_period_still_open() -> None:
    first, second, third = QUARTERS[:3]
    week = ObligationLife("weekly-visit", date(2023, 3, 5), CADRE).open().facts
    ports = in_memory()
    await fold_facts(week, ports)
    for period in (first, second):
        sealed = fact_of(await made_seal("cadre", CADRE, period, ports, week[0].recorded_at))
        await fold_facts([sealed], ports)
    late = recorded(VisitLife("late").log(date(2023, 3, 1)).facts[0], APRIL)
    await fold_facts([late], ports)

    cards = await ports.cards.get([CardKey("cadre", CADRE, period.name) for period in (second, third)])

    posted = [
        {correction_of(day): total.points for day, total in card.totals.items() if total.standing}
        for card in cards.values()
    ]
    assert posted == [{}, {first.name: 4000}]


async def test_a_covered_entry_of_the_period_corrected_may_come_last() -> None:
    first, second = QUARTERS[:2]
    week = ObligationLife("weekly-visit", date(2023, 3, 5), CADRE).open().facts
    other = ObligationLife("weekly-visit", date(2023, 5, 7), CADRE).open().facts
    late = recorded(VisitLife("late").log(date(2023, 3, 1)).facts[0], APRIL)
    ports = in_memory()
    await fold_facts([*week, *other], ports)
    seals = [fact_of(await made_seal("cadre", CADRE, first, ports, week[0].recorded_at))]
    await fold_facts([*seals, late], ports)
    seals.append(fact_of(await made_seal("cadre", CADRE, second, ports, week[0].recorded_at)))
    await fold_facts(seals, ports)

    again = in_memory()
    for fact in (*seals, late, *week, *other):
        await fold_facts([fact], again)

    assert state_of(ports) == state_of(again)


async def test_what_is_inside_a_later_seal_stays_where_it_was_posted() -> None:
    first, second = QUARTERS[:2]
    week = ObligationLife("weekly-visit", date(2023, 3, 5), CADRE).open().facts
    other = ObligationLife("weekly-visit", date(2023, 5, 7), CADRE).open().facts
    ports = in_memory()
    await fold_facts([*week, *other], ports)
    await fold_facts([fact_of(await made_seal("cadre", CADRE, first, ports, week[0].recorded_at))], ports)
    await fold_facts([recorded(VisitLife("late").log(date(2023, 3, 1)).facts[0], APRIL)], ports)

    sealed = await made_seal("cadre", CADRE, second, ports, week[0].recorded_at)

    # Of 5 points attainable nothing was earned; the correction is 2 of 5 in the hundred.
    assert (sealed.points, len(sealed.entries)) == (4000, 2)
