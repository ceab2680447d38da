"""What time does: judge closed history spans, open weeks and months, let steps happen, in the order of their instants.

Every piece is one atomic write guarded by a derived id or a revision. So it may be stopped anywhere, begun again, or
done by two workers at once: what is done is found done, and nothing is done twice.
"""

from datetime import date, datetime, timedelta

from services.notifications.domain.schedule import week_opens_at
from services.notifications.domain.township import (
    Agenda,
    HistorySpan,
    first_whole_month,
    first_whole_week,
    next_month,
    next_week,
)
from services.notifications.use_cases.open_periods import judge_periods, open_periods
from services.notifications.use_cases.open_problem import open_problem
from services.notifications.use_cases.open_week import open_week, open_week_for
from services.notifications.use_cases.ports import Ports
from shared.kernel.calendar import Period, month_of, week_of
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
        instant, agenda, period = opening
        steps += await _fire_steps(instant, ports)
        await _open(agenda, period, ports)
    return steps + await _fire_steps(until, ports)


async def _judge(span: HistorySpan, ports: Ports) -> None:
    """Judge all of a span once: weeks, months, problems; who learns of one meanwhile sees that judging began."""
    await ports.directory.begin_judging(span.id)
    for week in span.weeks():
        await open_week(span.township_id, week, "history", ports)
    await judge_periods(span, ports)
    for problem_id in await ports.acts.raised_in(span):
        await open_problem(problem_id, span.closed_at or ports.clock.now(), ports)
    await ports.directory.finish_judging(span.id)


async def _next_opening(until: datetime, ports: Ports) -> tuple[datetime, Agenda, Period] | None:
    """The earliest week or month that is to be opened by then."""
    found = []
    for agenda in await ports.agendas.due(local_day(until)):
        period = await _first_period(agenda, ports)
        if period is not None and (instant := _opens_at(agenda, period, ports)) <= until:
            found.append((instant, agenda, period))
    return min(found, key=lambda opening: opening[0], default=None)


async def _first_period(agenda: Agenda, ports: Ports) -> Period | None:
    """The next week or month of an agenda: of a township none before it went live."""
    by_month = agenda.pace == "month"
    period = month_of(agenda.open_from) if by_month else week_of(agenda.open_from)
    if agenda.township_id is None:
        return period
    go_live_on = await ports.directory.go_live_on(agenda.township_id)
    if go_live_on is None:
        return None
    return max(period, first_whole_month(go_live_on) if by_month else first_whole_week(go_live_on))


def _opens_at(agenda: Agenda, period: Period, ports: Ports) -> datetime:
    begins_at = start_of_day(period.first)
    if agenda.pace == "month":
        return begins_at
    return max(
        (week_opens_at(regulation, period) for regulation in ports.library.weekly(period.first)), default=begins_at
    )


async def _open(agenda: Agenda, period: Period, ports: Ports) -> None:
    """Open the week or month, and have the agenda go on with the next one.

    A cadre's ends with the present week: whoever opens a later one for the township finds him among the holders. That
    is the present by the clock and not by this sweep, for another one may be ahead of it.
    """
    if agenda.pace == "month":
        go_on_from = next_month(period).first
        if agenda.township_id is not None:
            await open_periods(agenda.township_id, period, ports)
    else:
        following = next_week(period)
        go_on_from = following.first
        if agenda.township_id is not None:
            await open_week(agenda.township_id, period, "live", ports)
        if agenda.cadre_id is not None:
            await open_week_for(agenda.cadre_id, period, ports)
            go_on_from = following.first if _opens_at(agenda, following, ports) <= ports.clock.now() else date.max
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
