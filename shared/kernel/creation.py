"""Clients make the ids, so creating twice is creating once: the platform's one idempotency mechanism."""

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from shared.kernel.errors import AlreadyThere, DomainError


class Made(Protocol):
    """A thing that remembers the digest of the request that made it."""

    @property
    def made_from(self) -> str:
        """See `shared.kernel.ids.digest_of`."""
        ...


M = TypeVar("M", bound=Made)


async def created_once(
    create: Callable[[], Awaitable[M]], find: Callable[[], Awaitable[M | None]], *, digest: Callable[[], str]
) -> M:
    """The thing as `create` makes it, or the one that stands already if the same request made it.

    Creating is tried first, since an upload is new far more often than repeated; whatever refuses it (the id is taken,
    the span has been closed meanwhile) the thing may be there. Who may ask is decided before. Raises what `create`
    raises when nothing stands, AlreadyThere when the id names something another request made.
    """
    try:
        return await create()
    except DomainError:
        standing = await find()
        if standing is None:
            raise
        if standing.made_from != digest():
            raise AlreadyThere(field="id") from None
        return standing
