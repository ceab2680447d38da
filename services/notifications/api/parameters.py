"""What routes take besides their forms."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Query, Request

from services.notifications.domain.refusals import UnknownState
from services.notifications.domain.state import STATES, State
from services.notifications.domain.wording import Wording
from services.notifications.use_cases.ports import Ports
from services.notifications.use_cases.read_obligations import PARTS, Item, Place
from shared.web.pages import PageRequest, UnreadableCursor


async def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


async def _wording(request: Request) -> Wording:
    wording: Wording = request.app.state.wording
    return wording


async def _states(
    state: Annotated[str | None, Query(description=f"状态，可用逗号并列：{' '.join(STATES)}")] = None,
) -> frozenset[State]:
    if state is None:
        return frozenset()
    asked = {word.strip() for word in state.split(",")}
    if not asked <= set(STATES):
        raise UnknownState(known="、".join(STATES))
    return frozenset(known for known in STATES if known in asked)


PortsOf = Annotated[Ports, Depends(_ports)]
WordingOf = Annotated[Wording, Depends(_wording)]
States = Annotated[frozenset[State], Depends(_states)]


def place_after(wanted: PageRequest) -> Place | None:
    """Where the page begins; raises UnreadableCursor."""
    if wanted.after is None:
        return None
    try:
        part, due_on, id_ = wanted.after
        return Place(PARTS[PARTS.index(part)], date.fromisoformat(due_on).isoformat(), id_)
    except ValueError as error:
        raise UnreadableCursor from error


def place_of(item: Item) -> tuple[str, str, str]:
    """Where an item stands in a list of several parts."""
    part, obligation = item
    return part, obligation.terms.due_on.isoformat(), obligation.id
