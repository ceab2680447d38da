"""Follow a branch that moved while something was stored there."""

from services.visits.domain.problem import Problem
from services.visits.domain.visit import Visit
from services.visits.use_cases.ports import Ports, Problems, Visits


async def follow_if_moved(thing: Visit | Problem, store: Visits | Problems, ports: Ports) -> None:
    """The branch may have moved between reading its place and storing the thing there, now or the first time.

    Who learns of a move takes along only what is stored already; what comes later looks again itself.
    """
    place = await ports.directory.branch(thing.branch_id)
    if place is not None and place != thing.path:
        await store.moved(thing.branch_id, place)
