"""The state of an obligation as a pure function of what is known and which steps have fired."""

from typing import Literal, assert_never

from services.notifications.domain.grounds import Grounds
from services.notifications.domain.history import Standing
from services.notifications.domain.regulation import MISSED, OVERDUE
from services.notifications.domain.schedule import Schedule
from services.notifications.domain.terms import Terms

State = Literal["open", "warned", "overdue", "satisfied", "satisfied_late", "missed", "waived", "superseded"]
STATES: tuple[State, ...] = (
    "open",
    "warned",
    "overdue",
    "satisfied",
    "satisfied_late",
    "missed",
    "waived",
    "superseded",
)
WAITING: frozenset[State] = frozenset({"open", "warned", "overdue"})
"""The states in which time still does something."""
LATE: frozenset[State] = frozenset({"overdue", "missed"})
"""The states that bring it before the desk (ladder: day 1)."""


def state_of(terms: Terms, grounds: Grounds, fired: tuple[str, ...]) -> State:
    """What is done counts by when it happened; what is excused or handed over need not be done."""
    acts = grounds.deciding(terms.quota)
    if grounds.superseded_by is not None:
        state: State = "superseded"
    elif grounds.waiver is not None:
        state = "waived"
    elif acts:
        state = "satisfied" if acts[-1].day <= terms.due_on else "satisfied_late"
    elif MISSED in fired:
        state = "missed"
    elif OVERDUE in fired:
        state = "overdue"
    else:
        state = "warned" if fired else "open"
    return state


def settled_steps(terms: Terms, grounds: Grounds, fired: tuple[str, ...], schedule: Schedule) -> tuple[str, ...]:
    """The fired steps this state implies, in whatever order the facts and the steps came.

    What was done in time was never overdue; what was done after the grace was missed before, whether or not the sweep
    had come round to say so; a history span is judged at once.
    """
    state = state_of(terms, grounds, fired)
    warned = tuple(name for name in fired if name not in {OVERDUE, MISSED})
    if state in {"satisfied", "waived", "superseded"}:
        return warned
    if state == "satisfied_late":
        return (*warned, OVERDUE, MISSED) if after_grace(terms, grounds, schedule) else (*warned, OVERDUE)
    if terms.entry == "history":
        return (OVERDUE, MISSED)
    return fired


def claims(terms: Terms, grounds: Grounds, fired: tuple[str, ...], schedule: Schedule) -> tuple[Standing, ...]:
    """What must stand published in this state, in the order of an obligation's life.

    One of a history span was never overdue for anybody to be told: it is opened and judged, no more.
    """
    state = state_of(terms, grounds, fired)
    opened = Standing("opened")
    overdue = () if terms.entry == "history" else (Standing("overdue"),)
    done_by = tuple(act.event_id for act in grounds.deciding(terms.quota))
    match state:
        case "open" | "warned":
            wanted: tuple[Standing, ...] = (opened,)
        case "overdue":
            wanted = (opened, *overdue)
        case "missed":
            wanted = (opened, *overdue, Standing("missed"))
        case "satisfied":
            wanted = (opened, Standing("satisfied", satisfied_by=done_by))
        case "satisfied_late":
            after = after_grace(terms, grounds, schedule)
            late = Standing("satisfied_late", satisfied_by=done_by, after_grace=after)
            wanted = (opened, *overdue, *((Standing("missed"),) if after else ()), late)
        case "waived":
            wanted = (Standing("waived", reason=grounds.waiver),)
        case "superseded":
            wanted = (Standing("superseded", superseded_by=grounds.superseded_by),)
        case _:
            assert_never(state)
    return wanted


def after_grace(terms: Terms, grounds: Grounds, schedule: Schedule) -> bool:
    """Whether what was done was done only after the grace."""
    acts = grounds.deciding(terms.quota)
    return bool(acts) and acts[-1].day >= schedule.missed_on
