"""What stands on real topics, read from the beginning by nobody's group."""

from collections.abc import Sequence
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from shared.events.base import Event, Fact
from shared.events.codec import Message, Unreadable, decode


def records_of(bootstrap: str, topic: str) -> list[Any]:
    """All records of a topic, in the order of each partition."""
    reader: Any = KafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False)
    try:
        partitions = [TopicPartition(topic, number) for number in reader.partitions_for_topic(topic)]
        reader.assign(partitions)
        ends = reader.end_offsets(partitions)
        found: list[Any] = []
        while any(reader.position(partition) < end for partition, end in ends.items()):
            for records in reader.poll(timeout_ms=500).values():
                found += records
        return found
    finally:
        reader.close()


def facts_of(bootstrap: str, topic: str, subjects: Sequence[str]) -> list[Fact[Event]]:
    """The facts about these subjects, in the order of each partition; what is no fact is left out."""
    wanted = frozenset(subjects)
    facts = []
    for record in records_of(bootstrap, topic):
        try:
            fact = decode(Message(record.key, tuple(record.headers), record.value))
        except Unreadable:
            continue
        if fact.subject in wanted:
            facts.append(fact)
    return facts


def send(bootstrap: str, *messages: tuple[str, Message]) -> None:
    """Send as anybody may, valid or not."""
    producer: Any = KafkaProducer(bootstrap_servers=bootstrap, max_request_size=8 * 1024 * 1024)
    try:
        for topic, message in messages:
            producer.send(topic, value=message.value, key=message.key, headers=list(message.headers))
        producer.flush()
    finally:
        producer.close()


def first_seen(facts: Sequence[Fact[Event]]) -> dict[str, list[str]]:
    """By subject the ids in the order in which a consumer that knows each id once sees them."""
    seen: dict[str, list[str]] = {}
    for fact in facts:
        ids = seen.setdefault(fact.subject, [])
        if fact.id not in ids:
            ids.append(fact.id)
    return seen
