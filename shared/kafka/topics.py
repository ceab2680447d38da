"""The topics of the contract, created before any worker starts: `python -m shared.kafka.topics`."""

import sys
from collections.abc import Iterable

import kafka.errors
from kafka import KafkaAdminClient

from shared.events.catalogue import TOPICS, Topic
from shared.kernel.errors import Unavailable
from shared.telemetry.settings import PlatformSettings

_REQUEST_MILLISECONDS = 20_000


def create_topics(bootstrap: str, topics: Iterable[Topic] = TOPICS, *, replication_factor: int = -1) -> list[str]:
    """Create what is not there yet; returns the names created. Facts are kept for ever, stamped by the broker.

    `replication_factor` -1 is the broker's default. Raises Unavailable("kafka") when no broker answers.
    """
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap, request_timeout_ms=_REQUEST_MILLISECONDS, bootstrap_timeout_ms=10_000
        )
    except kafka.errors.KafkaError as error:
        raise Unavailable("kafka") from error
    try:
        there = set(admin.list_topics())
        new = {topic.name: _described(topic, replication_factor) for topic in topics if topic.name not in there}
        if new:
            try:
                admin.create_topics(new, wait_for_metadata=True)
            except kafka.errors.TopicAlreadyExistsError:
                admin.wait_for_topics(list(new))
        return sorted(new)
    except kafka.errors.KafkaError as error:
        raise Unavailable("kafka") from error
    finally:
        admin.close()


def _described(topic: Topic, replication_factor: int) -> dict[str, object]:
    return {
        "num_partitions": topic.partitions,
        "replication_factor": replication_factor,
        "configs": {
            "retention.ms": "-1",
            "retention.bytes": "-1",
            "cleanup.policy": "delete",
            "message.timestamp.type": "LogAppendTime",
            "max.message.bytes": str(topic.max_message_bytes),
        },
    }


def main() -> int:
    """Create all topics at the broker the settings name."""
    created = create_topics(PlatformSettings.read().kafka_bootstrap)
    print("、".join(created) or "主题都已存在")  # noqa: T201 - this command's answer
    return 0


if __name__ == "__main__":
    sys.exit(main())
