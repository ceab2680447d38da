"""Kafka in a list: a log that relays publish to and consumers read, through the same codec and the same rules."""

import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NoReturn

from shared.events.base import Event, Fact
from shared.events.catalogue import PARTITIONS, topic_of
from shared.events.codec import Message, decode, encode
from shared.kafka.handling import Handle, Handling
from shared.kafka.offsets import Offsets
from shared.kafka.producer import Outcome, Outgoing, Refusal
from shared.kafka.rejects import Received, RejectLimit
from shared.kernel.clock import wall_now
from shared.kernel.errors import Unavailable


class ProcessEnded(BaseException):
    """The process would have ended here, with this code; nothing was acknowledged."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


def end_by_raising(code: int) -> NoReturn:
    """Stand in for the end of a process."""
    raise ProcessEnded(code)


class InMemoryLog:
    """Topics with partitions; a publisher that can be told to be away or to refuse."""

    def __init__(self) -> None:
        self.partitions: dict[tuple[str, int], list[Received]] = defaultdict(list)
        self.away = False
        self.refuses: Callable[[Outgoing], bool] = lambda _: False

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Append all that is not refused; raises Unavailable while away."""
        if self.away:
            raise Unavailable("kafka")
        return [self._append(outgoing) for outgoing in batch]

    async def close(self) -> None:
        """Nothing to let go of."""

    async def record(self, *facts: Fact[Event]) -> None:
        """Publish facts as their service's relay would."""
        await self.publish([Outgoing(topic_of(fact.event), encode(fact)) for fact in facts])

    def messages(self, topic: str) -> list[Message]:
        """All messages of a topic, partition by partition."""
        return [received.message for place in sorted(self.partitions) for received in self._of(place, topic)]

    def facts(self, topic: str) -> list[Fact[Event]]:
        """All facts of a topic, partition by partition; raises Unreadable for what is none."""
        return [decode(message) for message in self.messages(topic)]

    def ends(self, topics: Sequence[str]) -> Offsets:
        """Where the topics end now."""
        return {
            (topic, number): len(self.partitions[topic, number]) for topic in topics for number in range(PARTITIONS)
        }

    def _of(self, place: tuple[str, int], topic: str) -> list[Received]:
        return self.partitions[place] if place[0] == topic else []

    def _append(self, outgoing: Outgoing) -> Outcome:
        if self.refuses(outgoing):
            return Refusal("refused")
        partition = zlib.crc32(outgoing.message.key or b"") % PARTITIONS
        records = self.partitions[outgoing.topic, partition]
        records.append(Received(outgoing.topic, partition, len(records), outgoing.message, wall_now().timestamp()))
        return None


class InMemoryConsumer:
    """A group that reads an in-memory log when told to; also the barrier that says how far it has come."""

    def __init__(
        self,
        log: InMemoryLog,
        service: str,
        topics: Sequence[str],
        handle: Handle,
        *,
        limit: RejectLimit | None = None,
    ) -> None:
        self._log = log
        self._topics = tuple(topics)
        self._offsets: dict[tuple[str, int], int] = defaultdict(int)
        self._handling = Handling(service, handle, log, limit=limit, end=end_by_raising)

    async def drain(self) -> int:
        """Handle everything that is there, acknowledging after each effect; returns how many messages.

        Raises ProcessEnded where a real consumer's process would end.
        """
        count = 0
        for topic in self._topics:
            for partition in range(PARTITIONS):
                place = topic, partition
                while self._offsets[place] < len(self._log.partitions[place]):
                    await self._handling.take(self._log.partitions[place][self._offsets[place]])
                    self._offsets[place] += 1
                    count += 1
        return count

    def rewind(self) -> None:
        """Forget what was acknowledged: everything comes again."""
        self._offsets.clear()

    async def take(self) -> Offsets:
        """Where the topics end now."""
        return self._log.ends(self._topics)

    async def reached(self, offsets: Offsets) -> bool:
        """Whether everything before these offsets was handled."""
        return all(self._offsets[place] >= end for place, end in offsets.items())
