"""Facts of the members service in, what is known of branches and their members out."""

from collections.abc import Awaitable, Callable

from services.duties.use_cases.follow_members import follow_members
from services.duties.use_cases.ports import Ports
from shared.events.base import Event, Fact

TOPICS = ("members.events",)
"""Where the facts travel this service listens to."""


def on_members_fact(ports: Ports) -> Callable[[Fact[Event]], Awaitable[None]]:
    """The handler the consumer calls for each fact."""

    async def handle(fact: Fact[Event]) -> None:
        await follow_members(fact, ports)

    return handle
