"""What becomes of each message of a batch; the client is one whose answers are known."""

from collections import Counter
from typing import Any

import kafka.errors

from shared.events.codec import Message
from shared.kafka.producer import KafkaPublisher, Outgoing, Unsent


class Acknowledged:
    """A sending that arrived."""

    def get(self, **_: object) -> None:
        """It did."""


class WithoutATopic:
    """A client that waits in vain for one topic's metadata, and sends to all others."""

    def __init__(self, missing: str) -> None:
        self.missing = missing
        self.asked: Counter[str] = Counter()

    def send(self, topic: str, **_: object) -> Acknowledged:
        self.asked[topic] += 1
        if topic == self.missing:
            raise kafka.errors.KafkaTimeoutError("no metadata")
        return Acknowledged()

    def close(self, **_: object) -> None:
        """Nothing to let go."""


def outgoing(topic: str) -> Outgoing:
    return Outgoing(topic, Message(b"key", (), b"{}"))


async def test_a_topic_that_is_not_there_is_waited_for_once_and_holds_up_no_other() -> None:
    publisher, client = KafkaPublisher("nowhere", "test"), WithoutATopic("members.restricted")
    publisher._producer = client
    topics = ["members.restricted", "members.events", "members.restricted", "members.events"]
    outcomes: list[Any] = list(await publisher.publish([outgoing(topic) for topic in topics]))
    await publisher.close()

    assert [isinstance(outcome, Unsent) for outcome in outcomes] == [True, False, True, False]
    assert client.asked == {"members.restricted": 1, "members.events": 2}
