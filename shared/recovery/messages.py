"""Reading topics from named offsets to where they end now, by nobody's group."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import kafka.errors
from kafka import KafkaConsumer, TopicPartition

from shared.events.codec import Message
from shared.kafka.connection import reached
from shared.kernel.errors import Unavailable

_ANSWER_MILLISECONDS = 10_000
_AT_ONCE = 500


def messages_of(bootstrap: str, since: Mapping[str, Sequence[int]]) -> Iterator[list[Message]]:
    """The messages of these topics from these offsets on, in the order of each partition; raises Unavailable."""
    if not since:
        return
    reader: Any = None
    try:
        reader = KafkaConsumer(
            **reached(bootstrap),
            client_id="recovery",
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            bootstrap_timeout_ms=_ANSWER_MILLISECONDS,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )
        places = {TopicPartition(topic, number): at for topic, all_ in since.items() for number, at in enumerate(all_)}
        ends = reader.end_offsets([*places], timeout_ms=_ANSWER_MILLISECONDS)
        left = [place for place, at in places.items() if at < ends[place]]
        reader.assign(left)
        for place in left:
            reader.seek(place, places[place])
        while left:
            for place, records in reader.poll(timeout_ms=1_000, max_records=_AT_ONCE).items():
                yield [_message(record) for record in records if record.offset < ends[place]]
            left = [place for place in left if reader.position(place, timeout_ms=_ANSWER_MILLISECONDS) < ends[place]]
    except kafka.errors.KafkaError as error:
        raise Unavailable("kafka") from error
    finally:
        if reader is not None:
            reader.close(autocommit=False)


def _message(record: Any) -> Message:
    headers = tuple((name, value if value is not None else b"") for name, value in record.headers or ())
    return Message(record.key, headers, record.value)
