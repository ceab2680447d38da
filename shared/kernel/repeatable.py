"""A change that is asked for again after its answer was lost changes nothing, also while the first try is under way."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from shared.kernel.errors import Stale

P = ParamSpec("P")
R = TypeVar("R")


def repeatable(change: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    """The change, which looks once more when somebody else saved first.

    Whoever saved first may be an earlier try of the very same request: the connection broke, the client asked again,
    and the first write went through meanwhile. So a change begins with loading and with comparing what is asked for
    with what stands; looked at again, either it stands, or the revision seen is really an old one and Stale is raised.
    """

    @wraps(change)
    async def tried(*given: P.args, **named: P.kwargs) -> R:
        try:
            return await change(*given, **named)
        except Stale:
            return await change(*given, **named)

    return tried
