"""Facts of members, visits and duties in, obligations out."""

from collections.abc import Awaitable, Callable

from services.notifications.use_cases.follow_duties import follow_duties
from services.notifications.use_cases.follow_members import follow_members
from services.notifications.use_cases.follow_visits import follow_visits
from services.notifications.use_cases.ports import Ports
from shared.events.base import Event, Fact

TOPICS = ("members.events", "visits.events", "duties.events")
"""What this service's obligations follow from: the sources every deadline waits for."""


def on_fact(ports: Ports) -> Callable[[Fact[Event]], Awaitable[None]]:
    """The handler the consumer calls for each fact; each use case passes over what is not its business."""

    async def handle(fact: Fact[Event]) -> None:
        await follow_members(fact, ports)
        await follow_visits(fact, ports)
        await follow_duties(fact, ports)

    return handle
