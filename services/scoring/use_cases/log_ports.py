"""How the facts of the past are read again, from the first on (rebuild, verify, laboratory)."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Protocol

from shared.events.base import Event, Fact

Offsets = Mapping[tuple[str, int], int]
"""(topic, partition) → the offset of the next message."""


class FactLog(Protocol):
    """All facts ever published, in the order of each partition; a fact may come more than once."""

    async def ends(self) -> Offsets:
        """Where the log ends now. Raises Unavailable."""
        ...

    def facts(self, until: Offsets, types: Collection[str]) -> AsyncIterator[Sequence[Fact[Event]]]:
        """The facts of these types before these offsets, batch by batch; what is no fact is passed over.

        A batch may be empty: each is a chance to look up and tell how far one is. Raises Unavailable.
        """
        ...
