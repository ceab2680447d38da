"""Connecting to MongoDB so that its absence is noticed in seconds, not when a gateway gives up."""

from typing import Any

from pymongo import AsyncMongoClient, timeout

from shared.kernel.errors import Unavailable
from shared.mongo.errors import store_errors

_SELECTION_MILLISECONDS = 2000
DEFAULT_TIMEOUT_MILLISECONDS = 5000
_PING_SECONDS = 2.0
"""Probes give up after five, with less said; whoever looks after the platform asks again and again meanwhile."""

Document = dict[str, Any]
Client = AsyncMongoClient[Document]


def connect(url: str, *, timeout_ms: int = DEFAULT_TIMEOUT_MILLISECONDS) -> Client:
    """A client whose every operation ends within `timeout_ms`, whose writes survive the loss of a node.

    It belongs to the event loop it is first used in. Nothing is sent before the first operation.
    """
    return AsyncMongoClient(
        url,
        serverSelectionTimeoutMS=_SELECTION_MILLISECONDS,
        timeoutMS=timeout_ms,
        w="majority",
        tz_aware=True,
    )


class StoreCheck:
    """Readiness: whether MongoDB answers."""

    name = "mongodb"

    def __init__(self, client: Client) -> None:
        self._client = client

    async def missing(self) -> str | None:
        """What is wrong, None when it answers."""
        try:
            with store_errors(), timeout(_PING_SECONDS):
                await self._client.admin.command("ping")
        except Unavailable:
            return "does not answer"
        return None
