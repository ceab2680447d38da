"""What time does: judge closed history spans, open weeks, let steps happen, in the order in which they were due.

Every piece is one atomic write guarded by a derived id or a revision. So it may be stopped anywhere, begun again, or
done by two workers at once: what is done is found done, and nothing is done twice.
"""

from datetime import datetime, timedelta

from services.notifications.domain.schedule import week_opens_at
from services.notifications.domain.township import Agenda, HistorySpan, first_whole_week, next_week
from services.notifications.use_cases.open_problem import open_problem
from services.notifications.use_cases.open_week import open_week
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
        await open_week(agenda.township_id, week, "live", ports)
        await ports.agendas.advance(agenda, next_week(week).first)
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
    """The earliest week that is to be opened by then: of a township that has gone live, no week before that."""
    found = []
    for agenda in await ports.agendas.due(local_day(until)):
        go_live_on = await ports.directory.go_live_on(agenda.township_id)
        if go_live_on is None:
            continue
        week = max(week_of(agenda.open_from), first_whole_week(go_live_on))
        instant = max(
            (week_opens_at(regulation, week) for regulation in ports.library.weekly(week.first)),
            default=start_of_day(week.first),
        )
        if instant <= until:
            found.append((instant, agenda, week))
    return min(found, key=lambda opening: (opening[0], opening[1].township_id), default=None)


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
