"""What is remembered of other services' facts, and the agendas, behave the same in memory and in MongoDB."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.notifications.domain.problem_case import ProblemFact
from services.notifications.domain.township import CalendarYear, HistorySpan, Organisation, Posting, Visit
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period, WorkingDays
from shared.kernel.ids import (
    BranchId,
    CadreId,
    EventId,
    OrganisationId,
    PostingId,
    ProblemId,
    SpanId,
    TownshipId,
    VisitId,
)
from tests.contract.notifications.conftest import Stores

TOWNSHIP = OrganisationPath.parse("county/township")
BRANCH = TOWNSHIP / "branch"
NOW = datetime(2023, 12, 20, 4, 0, tzinfo=UTC)
MONDAY = date(2023, 11, 20)


async def test_an_agenda_asked_for_during_a_run_is_looked_at_again(stores: Stores) -> None:
    township, next_monday = TownshipId("township"), MONDAY + timedelta(days=7)
    await stores.agendas.ask(township, MONDAY)
    [agenda] = await stores.agendas.due(MONDAY)
    await stores.agendas.ask(township, next_monday)
    await stores.agendas.advance(agenda, next_monday)
    assert [found.open_from for found in await stores.agendas.due(next_monday)] == [MONDAY]
    [agenda] = await stores.agendas.due(MONDAY)
    await stores.agendas.advance(agenda, next_monday)

    assert await stores.agendas.due(MONDAY) == []
    assert [found.open_from for found in await stores.agendas.due(next_monday)] == [next_monday]


async def test_a_cadres_own_agenda_ends_and_begins_again_when_it_is_asked_for(stores: Stores) -> None:
    cadre, next_monday = CadreId("cadre"), MONDAY + timedelta(days=7)
    await stores.agendas.ask(TownshipId("township"), MONDAY)
    for asked in (next_monday, MONDAY):
        await stores.agendas.ask_for(cadre, asked)
    [own] = [agenda for agenda in await stores.agendas.due(next_monday) if agenda.cadre_id == cadre]
    assert (own.open_from, own.township_id) == (MONDAY, None)
    await stores.agendas.advance(own, date.max)
    assert [agenda.cadre_id for agenda in await stores.agendas.due(date(2999, 12, 31))] == [None]
    await stores.agendas.ask_for(cadre, next_monday)
    await stores.agendas.advance(own, date.max)

    assert {agenda.cadre_id for agenda in await stores.agendas.due(next_monday)} == {None, cadre}


async def test_the_directory_yields_to_the_higher_revision(stores: Stores) -> None:
    directory = stores.directory
    started = Posting(
        PostingId("posting"),
        CadreId("cadre"),
        OrganisationId("branch"),
        BRANCH,
        "village_cadre",
        MONDAY,
        None,
        1,
    )
    ended = replace(started, ends_on=date(2023, 12, 1), revision=2)
    organisation = Organisation(OrganisationId("township"), "township", "演示镇", TOWNSHIP, MONDAY, 3)

    assert [await directory.learn_posting(posting) for posting in (started, ended, started, ended)] == [
        None,
        started,
        None,
        None,
    ]
    assert await directory.postings_of(CadreId("cadre"), MONDAY) == [ended]
    assert await directory.holders(TownshipId("township"), "village_cadre") == ["cadre"]
    assert await directory.holders(TownshipId("township"), "leader") == []
    assert await directory.learn_organisation(organisation) == TOWNSHIP
    older = replace(organisation, title="旧名", path=TOWNSHIP.parent / "once" / "township", revision=2)
    assert await directory.learn_organisation(older) == TOWNSHIP
    assert await directory.titles(["township", "unknown"]) == {"township": "演示镇"}


async def test_a_posting_hangs_where_its_organisation_hung_when_the_day_began(stores: Stores) -> None:
    directory, tuesday = stores.directory, MONDAY + timedelta(days=1)
    there = OrganisationPath.parse("county/elsewhere/branch")
    registered = Organisation(OrganisationId("branch"), "branch", "演示", BRANCH, date(2023, 11, 1), 1)
    moved = replace(registered, path=there, since=MONDAY, revision=2)
    of_branch = Posting(
        id=PostingId("posting"),
        cadre_id=CadreId("cadre"),
        organisation_id=OrganisationId("branch"),
        path=BRANCH,
        post="village_cadre",
        starts_on=date(2023, 1, 2),
        ends_on=None,
        revision=1,
    )
    for _ in range(2):
        await directory.learn_organisation(moved)
        await directory.learn_posting(of_branch)
        await directory.learn_organisation(registered)
    days = (date(2023, 1, 2), MONDAY, tuesday)
    places = [(await directory.postings_of(CadreId("cadre"), day))[0].path for day in days]

    assert places == [BRANCH, BRANCH, there]
    for township in ("township", "elsewhere"):
        assert await directory.holders(TownshipId(township), "village_cadre") == ["cadre"]


async def test_somebody_is_live_since_the_first_of_his_townships_is(stores: Stores) -> None:
    directory, cadre = stores.directory, CadreId("cadre")
    assert await directory.live_since(cadre) is None
    for name in ("township", "elsewhere"):
        path = OrganisationPath(("county", name, f"{name}-branch"))
        await directory.learn_posting(
            Posting(
                id=PostingId(name),
                cadre_id=cadre,
                organisation_id=OrganisationId(path.organisation_id),
                path=path,
                post="village_cadre",
                starts_on=MONDAY,
                ends_on=None,
                revision=1,
            )
        )
    assert await directory.live_since(cadre) is None
    await directory.learn_go_live(TownshipId("elsewhere"), MONDAY, 1)
    assert await directory.live_since(cadre) == MONDAY
    await directory.learn_go_live(TownshipId("township"), date(2023, 11, 1), 1)

    assert await directory.live_since(cadre) == date(2023, 11, 1)


async def test_the_calendars_on_a_path_are_found(stores: Stores) -> None:
    table = WorkingDays(frozenset({MONDAY}), frozenset({date(2023, 11, 25)}), frozenset({2023}))
    county, far = (CalendarYear(OrganisationId(name), 2023, table, 1) for name in ("county", "far"))
    for calendar in (county, far):
        await stores.directory.learn_calendar(calendar)

    assert await stores.directory.calendars(TOWNSHIP) == [county]


async def test_a_span_is_judged_from_its_closing_until_it_is_finished(stores: Stores) -> None:
    directory = stores.directory
    declared = HistorySpan(SpanId("span"), TownshipId("township"), date(2023, 10, 1), date(2023, 12, 31))
    closed = replace(declared, closed_at=NOW)
    await directory.learn_span(closed, 2)
    await directory.learn_span(declared, 1)

    assert await directory.spans_to_judge(NOW - timedelta(seconds=1)) == []
    assert await directory.spans_to_judge(NOW) == [closed]
    await directory.begin_judging(SpanId("span"))
    assert await directory.spans_to_judge(NOW) == [replace(closed, judging=True)]
    await directory.finish_judging(SpanId("span"))
    await directory.begin_judging(SpanId("span"))
    assert await directory.spans_to_judge(NOW) == []
    assert await directory.spans_of(TownshipId("township")) == [replace(closed, judging=True)]


async def test_a_closing_that_was_learnt_in_part_is_finished_when_the_fact_comes_again(stores: Stores) -> None:
    closed = HistorySpan(SpanId("span"), TownshipId("township"), date(2023, 10, 1), date(2023, 12, 31), NOW)
    document = {"township_id": "township", "first": "2023-10-01", "last": "2023-12-31", "closed_at": NOW}
    await stores.directory.spans.put("span", 2, document)
    assert await stores.directory.spans_to_judge(NOW) == []
    await stores.directory.learn_span(closed, 2)

    assert await stores.directory.spans_to_judge(NOW) == [closed]


async def test_go_live_is_remembered(stores: Stores) -> None:
    assert await stores.directory.go_live_on(TownshipId("township")) is None
    await stores.directory.learn_go_live(TownshipId("township"), MONDAY, 2)
    await stores.directory.learn_go_live(TownshipId("township"), date(2023, 1, 1), 1)

    assert await stores.directory.go_live_on(TownshipId("township")) == MONDAY


async def test_a_visit_is_known_as_it_stands_now(stores: Stores) -> None:
    acts = stores.acts
    logged = Visit(
        id=VisitId("visit"),
        cadre_id=CadreId("cadre"),
        branch_id=BranchId("branch"),
        happened_at=NOW,
        day=date(2023, 12, 20),
        event_id=EventId("one"),
        entry="live",
        stands=True,
        revision=1,
    )
    corrected = replace(logged, day=MONDAY, happened_at=NOW - timedelta(days=30), event_id=EventId("two"), revision=2)
    assert [await acts.learn_visit(visit) for visit in (corrected, logged)] == [True, False]

    assert await acts.visit(VisitId("visit")) == corrected
    assert await acts.visits_in(CadreId("cadre"), Period.parse("2023-W47")) == [corrected]
    assert await acts.visits_in(CadreId("cadre"), Period.parse("2023-W51")) == []
    assert await acts.visit(VisitId("unknown")) is None


async def test_a_problem_is_a_set_of_facts(stores: Stores) -> None:
    raised = ProblemFact(
        revision=1,
        event_id=EventId("one"),
        type="visits.problem.raised.v1",
        cadre_id=CadreId("cadre"),
        day=MONDAY,
        happened_at=NOW,
        due_on=date(2023, 11, 24),
        entry="history",
        path=BRANCH,
    )
    resolved = replace(raised, revision=2, event_id=EventId("two"), type="visits.problem.resolved.v1")
    for fact in (resolved, raised, resolved):
        await stores.acts.learn_problem(ProblemId("problem"), BranchId("branch"), fact)
    case = await stores.acts.problem(ProblemId("problem"))
    span = HistorySpan(SpanId("span"), TownshipId("township"), MONDAY, MONDAY)

    assert case is not None
    assert (case.facts, case.path, case.branch_id) == (frozenset({raised, resolved}), BRANCH, "branch")
    assert await stores.acts.raised_in(span) == ["problem"]
    assert await stores.acts.raised_in(replace(span, last=date(2023, 11, 19))) == []
    assert await stores.acts.problem(ProblemId("unknown")) is None
