"""Several aggregates in one write."""

from collections.abc import Awaitable, Callable

from pymongo.asynchronous.client_session import AsyncClientSession

from shared.mongo.client import Client
from shared.mongo.errors import store_errors


async def in_transaction(client: Client, work: Callable[[AsyncClientSession], Awaitable[None]]) -> None:
    """Do the work, all or nothing, again from its beginning whenever another transaction got in between.

    `work` may run several times. Raises what it raises, and Unavailable when the store does not answer. The server ends
    a transaction after its lifetime limit (5 s here); the driver repeats it well beyond that.
    """
    with store_errors():
        async with client.start_session() as session:
            await session.with_transaction(work)
