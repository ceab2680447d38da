"""What time does: judge closed history spans, open weeks, let steps happen, in the order in which they were due.

Every piece is one atomic write guarded by a derived id or a revision. So it may be stopped anywhere, begun again, or
done by two workers at once: what is done is found done, and nothing is done twice.
"""

from datetime import date, datetime, timedelta

from services.notifications.domain.schedule import week_opens_at
from services.notifications.domain.township import Agenda, HistorySpan, first_whole_week, next_week
from services.notifications.use_cases.open_problem import open_problem
from services.notifications.use_cases.open_week import open_week, open_week_for
from services.notifications.use_cases.ports import Ports
from shared.kernel.calendar import Period, week_of
from shared.kernel.clock import local_day, start_of_day
from shared.kernel.errors import Stale
from shared.kernel.ids import ObligationId

SETTLING = timedelta(minutes=2)
"""Business time between a due instant and the look at how far the sources reach (architecture section 1)."""
_STEPS_AT_ONCE = 200


async def is_anything_due(until: datetime, ports: Ports) -> bool:
    """Whether there is anything to carry out, so that the sources need not be asked for nothing."""
    return bool(
        await ports.obligations.due(until, 1)
        or await ports.directory.spans_to_judge(until)
        or await _next_opening(until, ports)
    )


async def carry_out_due(until: datetime, ports: Ports) -> int:
    """Everything due by `until`, after all sources were read at least so far; returns how many steps happened."""
    for span in await ports.directory.spans_to_judge(until):
        await _judge(span, ports)
    steps = 0
    while (opening := await _next_opening(until, ports)) is not None:
        instant, agenda, week = opening
        steps += await _fire_steps(instant, ports)
        await _open(agenda, week, ports)
    return steps + await _fire_steps(until, ports)


async def _judge(span: HistorySpan, ports: Ports) -> None:
    """Judge each week and each problem of a span once: whoever learns of one meanwhile sees that judging began."""
    await ports.directory.begin_judging(span.id)
    for week in span.weeks():
        await open_week(span.township_id, week, "history", ports)
    for problem_id in await ports.acts.raised_in(span):
        await open_problem(problem_id, span.closed_at or ports.clock.now(), ports)
    await ports.directory.finish_judging(span.id)


async def _next_opening(until: datetime, ports: Ports) -> tuple[datetime, Agenda, Period] | None:
    """The earliest week that is to be opened by then."""
    found = []
    for agenda in await ports.agendas.due(local_day(until)):
        week = await _first_week(agenda, ports)
        if week is not None and (instant := _opens_at(week, ports)) <= until:
            found.append((instant, agenda, week))
    return min(found, key=lambda opening: opening[0], default=None)


async def _first_week(agenda: Agenda, ports: Ports) -> Period | None:
    """The next week of an agenda: of a township none before it went live."""
    week = week_of(agenda.open_from)
    if agenda.township_id is None:
        return week
    go_live_on = await ports.directory.go_live_on(agenda.township_id)
    return None if go_live_on is None else max(week, first_whole_week(go_live_on))


def _opens_at(week: Period, ports: Ports) -> datetime:
    return max(
        (week_opens_at(regulation, week) for regulation in ports.library.weekly(week.first)),
        default=start_of_day(week.first),
    )


async def _open(agenda: Agenda, week: Period, ports: Ports) -> None:
    """Open the week, and have the agenda go on with the next one.

    A cadre's ends with the present week: whoever opens a later one for the township finds him among the holders. That
    is the present by the clock and not by this sweep, for another one may be ahead of it.
    """
    following = next_week(week)
    go_on_from = following.first
    if agenda.township_id is not None:
        await open_week(agenda.township_id, week, "live", ports)
    if agenda.cadre_id is not None:
        await open_week_for(agenda.cadre_id, week, ports)
        go_on_from = following.first if _opens_at(following, ports) <= ports.clock.now() else date.max
    await ports.agendas.advance(agenda, go_on_from)


async def _fire_steps(until: datetime, ports: Ports) -> int:
    """Let every step due by then happen, those of one instant together, instant after instant."""
    count = 0
    while due := await ports.obligations.due(until, _STEPS_AT_ONCE):
        instant = due[0][1]
        for obligation_id, at in due:
            if at == instant:
                count += await _fire_step(obligation_id, at, ports)
    return count


async def _fire_step(obligation_id: ObligationId, at: datetime, ports: Ports) -> int:
    obligation = await ports.obligations.find(obligation_id)
    if obligation is None:
        return 0
    fired, events = obligation.fire(until=at, now=ports.clock.now())
    if not events:
        return 0
    try:
        await ports.obligations.save(fired, *events)
    except Stale:
        return 0  # somebody changed it meanwhile: if the step is still due, the next look finds it
    return 1
