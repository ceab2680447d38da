"""A trial compares what the draft would have made of all facts with what the live books made of them."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.scoring.adapters.in_memory_trials import InMemoryFactLog
from services.scoring.domain.trial import TrialId
from services.scoring.use_cases.log_ports import Offsets
from services.scoring.use_cases.run_trial import run_trial
from shared.events.base import Event, Fact
from shared.kernel.errors import Unavailable
from tests.unit.scoring.conftest import FAR_CADRE
from tests.unit.scoring.facts import CADRE, OTHER_CADRE, ObligationLife, ProblemLife, VisitLife
from tests.unit.scoring.trying import TRIAL, TrialWorld, a_text, a_trial, a_trial_world

MONDAY, SUNDAY = date(2023, 11, 20), date(2023, 11, 26)


@pytest.fixture
async def world() -> AsyncIterator[TrialWorld]:
    async with a_trial_world() as world:
        yield world


def a_week(world: TrialWorld) -> None:
    """A week owed by everybody; two visited, one solved a problem, one lives elsewhere."""
    for cadre_id in (CADRE, OTHER_CADRE, FAR_CADRE):
        world.happen(ObligationLife("weekly-visit", SUNDAY, cadre_id).open())
    for cadre_id in (CADRE, FAR_CADRE):
        world.happen(VisitLife(f"visit of {cadre_id}", cadre_id).log(MONDAY))
    world.happen(ProblemLife("solved", CADRE).confirm(MONDAY))


async def test_who_moves_is_told_with_the_rule_that_moves_him(world: TrialWorld) -> None:
    a_week(world)
    told = await world.tried()
    result = told["result"]
    [period], [mover] = result["periods"], result["movers"]

    assert told["state"] == "done"
    assert (mover["subject_id"], mover["period"]) == (CADRE, "2023-Q4")
    assert (mover["before"], mover["after"], mover["change"]) == ("60.00", "100.00", "40.00")
    assert mover["rules"] == [
        {
            "rule_id": "weekly-visit",
            "title": "每周走访",
            "part": "rule",
            "before": "2.00",
            "after": "4.00",
            "change": "2.00",
        }
    ]
    assert (period["up"], period["down"], period["unchanged"], period["unknown"]) == (1, 0, 1, 0)
    assert (period["before"]["mean"], period["after"]["mean"]) == ("30.00", "50.00")


async def test_only_subjects_below_the_organisation_appear(world: TrialWorld) -> None:
    a_week(world)
    county = await world.tried("county")
    far = await world.tried("stranger", id="11111111-1111-4111-8111-111111111111")

    assert {mover["subject_id"] for mover in county["result"]["movers"]} == {CADRE, FAR_CADRE}
    assert [mover["subject_id"] for mover in far["result"]["movers"]] == [FAR_CADRE]


async def test_repeated_and_withdrawn_facts_count_as_in_the_ledger(world: TrialWorld) -> None:
    a_week(world)
    world.happen(VisitLife("withdrawn", OTHER_CADRE).log(MONDAY).withdraw())
    world.log.kept = [*reversed(world.log.kept), *world.log.kept]
    told = await world.tried()

    assert [mover["subject_id"] for mover in told["result"]["movers"]] == [CADRE]


async def test_a_book_that_starts_later_says_from_when_it_was_tried(world: TrialWorld) -> None:
    a_week(world)
    told = await world.tried(text=a_text(start=date(2024, 1, 1)))

    assert told["result"]["as_if_from"] == "2023-10-01"
    assert "2024-01-01" in told["result"]["note"]
    assert told["result"]["moved"] == 1


async def test_the_year_of_quarters_is_compared_as_their_mean(world: TrialWorld) -> None:
    a_week(world)
    told = await world.tried(first_period="2023")
    [mover] = told["result"]["movers"]

    assert (mover["period"], mover["before"], mover["after"]) == ("2023", "60.00", "100.00")


async def test_several_periods_are_compared_each_by_itself(world: TrialWorld) -> None:
    a_week(world)
    told = await world.tried(first_period="2023-Q3", last_period="2023-Q4")

    assert [each["period"] for each in told["result"]["periods"]] == ["2023-Q3", "2023-Q4"]
    assert [each["before"]["awaiting"] for each in told["result"]["periods"]] == [2, 0]


async def test_whom_the_draft_scores_no_more_has_no_score_after(world: TrialWorld) -> None:
    a_week(world)
    told = await world.tried(text=a_text().replace("posts: [village_cadre, first_secretary]", "posts: [leader]"))
    movers = told["result"]["movers"]

    assert {(mover["after"], mover["change"]) for mover in movers} == {(None, None)}
    assert told["result"]["periods"][0]["after"]["scored"] == 0


async def test_progress_is_told_and_the_whole_log_is_read(world: TrialWorld) -> None:
    a_week(world)
    told = await world.tried()

    assert (told["facts"], told["total"]) == (6, 6)


async def test_what_was_cancelled_meanwhile_stays_so(world: TrialWorld) -> None:
    a_week(world)
    await world.done("organiser", "POST", body=a_trial())

    class CancelledMeanwhile:
        """A log during whose reading somebody cancels."""

        async def ends(self) -> Offsets:
            return await world.log.ends()

        async def facts(self, until: Offsets, types: Collection[str]) -> AsyncIterator[Sequence[Fact[Event]]]:
            await world.done("organiser", "PUT", f"/{TRIAL}/cancellation", seen=1)
            async for batch in world.log.facts(until, types):
                yield batch

    ended = await run_trial(TrialId(TRIAL), replace(world.ports, log=CancelledMeanwhile()))
    told = await world.done("organiser", "GET", f"/{TRIAL}")

    assert ended is None
    assert (told["state"], told["result"]) == ("cancelled", None)


async def test_a_trial_that_is_over_is_not_run_again(world: TrialWorld) -> None:
    await world.tried()

    assert await run_trial(TrialId(TRIAL), world.ports) is None
    assert await run_trial(TrialId("no such trial"), world.ports) is None


async def test_books_that_no_longer_fit_the_periods_end_it_with_the_reason(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())

    class NoBooks:
        """All were replaced."""

        async def live(self) -> tuple[Any, ...]:
            return ()

    publication = replace(world.ports.publication, books=NoBooks())
    await run_trial(TrialId(TRIAL), replace(world.ports, publication=publication))
    told = await world.done("organiser", "GET", f"/{TRIAL}")

    assert told["state"] == "failed"
    assert "没有生效的考评细则" in told["reason"]


async def test_a_broker_that_is_away_decides_nothing(world: TrialWorld) -> None:
    await world.done("organiser", "POST", body=a_trial())

    class Away(InMemoryFactLog):
        """Nobody answers."""

        async def ends(self) -> Offsets:
            raise Unavailable("kafka")

    with pytest.raises(Unavailable):
        await run_trial(TrialId(TRIAL), replace(world.ports, log=Away()))
    assert (await world.done("organiser", "GET", f"/{TRIAL}"))["state"] == "queued"
