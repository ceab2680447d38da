"""Playing the plan against members, visits, duties and scoring in memory: everything is accepted, nothing twice."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from deploy.demo.actions import Action, Found, Plan
from deploy.demo.deeds import LIVED, PAST
from deploy.demo.gateway import NothingLikeIt, Refused
from deploy.demo.plan import plan
from deploy.demo.townships import CADRES, branches, cadre_id, general_branches, members_of
from tests.unit.deploy.demo.theatre import PowerCut, Theatre, perform

MONDAY = date(2026, 9, 28)
WHOLE = plan(MONDAY)
HELPERS = frozenset(
    str(helper)
    for step in WHOLE.steps
    for wave in step.waves
    for action in wave
    if action.body is not None
    for helper in action.body.get("helper_ids", ())
)
AT_HOME = frozenset(member.id for member in members_of(branches()[0]))
LOOKED_UP = sum(len(action.finds) for step in WHOLE.steps for wave in step.waves for action in wave)
FEW = frozenset(cadre_id(number) for number in (1, 4))


def _abridged(whole: Plan) -> Plan:
    """The tree, the postings, who helped, two cadres' visits and problems, the home branch's deeds, the closing.

    Enough to be cut off anywhere in.
    """
    kept: set[str] = set()

    def is_kept(action: Action) -> bool:
        if action.path == "/api/members/members":
            return action.body is not None and action.body["id"] in HELPERS | AT_HOME
        if action.path in {"/api/members/disposals", "/api/members/exemptions"}:
            return False
        if action.path.startswith("/api/duties/meetings"):
            return False
        if action.path == "/api/scoring/deeds" and action.body is not None:
            if action.body["member_id"] not in AT_HOME:
                return False
            kept.add(f"{action.path}/{action.body['id']}")
        if action.path in {"/api/visits/visits", "/api/visits/problems"} and action.body is not None:
            if action.body["cadre_id"] not in FEW:
                return False
            kept.add(f"{action.path}/{action.body['id']}")
        is_of_a_thing = action.thing is not None and ("/visits/" in action.thing or "/deeds/" in action.thing)
        return not is_of_a_thing or action.thing in kept

    return Plan(
        tuple(
            replace(step, waves=tuple(tuple(action for action in wave if is_kept(action)) for wave in step.waves))
            for step in whole.steps
        )
    )


SHORT = _abridged(WHOLE)


@pytest.fixture(scope="module")
def theatre() -> Theatre:
    """After the whole demo was played."""
    theatre = Theatre()
    asyncio.run(perform(theatre, WHOLE))
    return theatre


def test_every_request_of_the_demo_is_accepted_and_not_all_is_green(theatre: Theatre) -> None:
    recorded = Counter(type(fact.event).__name__ for fact in theatre.facts)
    entries = Counter(visit.entry for visit in theatre.stores["visits"].things.values())
    problems = list(theatre.stores["problems"].things.values())
    late = [p for p in problems if p.resolution is not None and p.resolution.resolved_on > p.due_on]

    assert theatre.requests == WHOLE.count + LOOKED_UP
    assert (recorded["OrganisationRegistered"], recorded["MemberDisposed"], recorded["MembershipEnded"]) == (55, 4, 2)
    assert (recorded["HistorySpanClosed"], recorded["GoLiveSet"]) == (1, 2)
    assert (recorded["VisitWithdrawn"], recorded["ResolutionWithdrawn"], recorded["ProblemReopened"]) == (1, 1, 1)
    assert (entries["late"], recorded["ConfirmationAttempted"]) == (1, 1)
    assert (recorded["LeaveGranted"], recorded["ExemptionGranted"]) == (2, 25)
    assert [p for p in problems if p.resolution is not None and p.resolution.helper_ids]
    assert (recorded["MeetingCorrected"], recorded["MeetingWithdrawn"]) == (1, 1)
    assert (recorded["WeakOrganisationListed"], recorded["WeakOrganisationAccepted"]) == (1, 1)
    assert entries["history"] > 200
    assert entries["live"] > 130
    assert {problem.state for problem in problems} == {"open", "resolved", "confirmed"}
    assert late


def test_deeds_take_effect_marks_are_in_and_the_quarter_that_ended_is_sealed(theatre: Theatre) -> None:
    deeds = list(theatre.stores["deeds"].things.values())
    states = {entry: Counter(deed.state for deed in deeds if deed.entry == entry) for entry in ("history", "live")}
    closings = [(each.standard, each.period, each.state) for each in theatre.stores["closings"].things.values()]
    sealed = theatre.stores["seals"].things.values()
    objections = list(theatre.stores["objections"].things.values())

    assert states["history"] == {"effective": PAST}
    assert (states["live"].total(), states["live"]["refused"]) == (LIVED, 1)
    assert states["live"]["effective"] > LIVED / 2
    assert {"confirmed", "reported"} <= set(states["live"])
    assert {review.branch_id for review in theatre.stores["reviews"].things.values()} == {
        each.id for each in (*branches(), *general_branches())
    }
    assert closings == [("cadre", "2026-Q3", "sealed")]
    assert {record.subject_id for record in sealed} > {cadre_id(number) for number in range(1, CADRES + 1)}
    assert [(each.state, each.standard) for each in objections] == [("rejected", "cadre")]


async def test_a_second_run_records_nothing() -> None:
    theatre = Theatre()
    await perform(theatre, SHORT)
    before = [fact.id for fact in theatre.facts]
    theatre.steered_to = SHORT.steps[-1].at
    await perform(theatre, SHORT)

    assert [fact.id for fact in theatre.facts] == before


@pytest.mark.slow
@pytest.mark.parametrize("after", [100, 160, 250, 313, 314, 352])
async def test_a_run_cut_off_anywhere_ends_in_the_same_facts_when_run_again(after: int) -> None:
    undisturbed, disturbed = Theatre(), Theatre(power_cut_after=after)
    await perform(undisturbed, SHORT)
    with pytest.raises(BaseExceptionGroup) as cut:
        await perform(disturbed, SHORT)
    disturbed.power_cut_after = None
    await perform(disturbed, SHORT)

    assert cut.group_contains(PowerCut)
    assert {fact.id: fact for fact in disturbed.facts} == {fact.id: fact for fact in undisturbed.facts}


async def test_a_platform_that_is_busy_now_and_then_is_asked_again() -> None:
    theatre = Theatre(busy_every=50)
    await perform(theatre, Plan(SHORT.steps[:1]))

    assert theatre.requests > SHORT.steps[0].count
    assert len(theatre.stores["organisations"].things) == 55


async def test_a_refusal_ends_the_demo_and_says_why() -> None:
    first = WHOLE.steps[0]
    wrong = Action("组织委员", "POST", "/api/members/organisations", {"id": "1"})
    with pytest.raises(BaseExceptionGroup) as refused:
        await perform(Theatre(), Plan((first.__class__(first.at, first.title, ((wrong,),)),)))

    assert refused.group_contains(Refused, match="组织委员 POST .* 422")


async def test_what_a_request_looks_up_and_does_not_find_ends_the_demo_and_says_where() -> None:
    first = WHOLE.steps[0]
    nowhere = Found("/api/members/organisations", among="items", where={"kind": "village"}, take="id")
    wrong = Action("组织委员", "POST", "/api/members/organisations", {}, finds={"id": nowhere})
    with pytest.raises(BaseExceptionGroup) as ended:
        await perform(Theatre(), Plan((first.__class__(first.at, first.title, ((wrong,),)),)))

    assert ended.group_contains(NothingLikeIt, match="组织委员 /api/members/organisations: no items with")
