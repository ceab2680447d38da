"""The topics of the contract, created before any worker starts: `python -m shared.kafka.topics`."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import kafka.errors
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from shared.events.catalogue import TOPICS, Topic
from shared.kafka.connection import reached
from shared.kernel.errors import Unavailable
from shared.telemetry.settings import PlatformSettings

_REQUEST_MILLISECONDS = 20_000
_KEPT_AND_STAMPED: Mapping[str, str] = {
    "retention.ms": "-1",
    "retention.bytes": "-1",
    "cleanup.policy": "delete",
    "message.timestamp.type": "LogAppendTime",
}
"""Facts are kept for ever, the source of every rebuild, and stamped by the broker."""


class TopicUnfit(Exception):
    """A topic that was there before is not what the contract needs; the sentence says how and what to do."""


def create_topics(bootstrap: str, topics: Sequence[Topic] = TOPICS, *, replication_factor: int = -1) -> list[str]:
    """Create what is not there yet; returns the names created. Facts are kept for ever, stamped by the broker.

    `replication_factor` -1 is the broker's default. Raises Unavailable("kafka") when no broker answers, TopicUnfit when
    a topic is there that deadlines or dead letters could not rely on.
    """
    try:
        admin = KafkaAdminClient(
            **reached(bootstrap), request_timeout_ms=_REQUEST_MILLISECONDS, bootstrap_timeout_ms=10_000
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
        old = [topic for topic in topics if topic.name in there]
        if old:
            _refuse_unfit(admin, old)
        return sorted(new)
    except kafka.errors.KafkaError as error:
        raise Unavailable("kafka") from error
    finally:
        admin.close()


def _refuse_unfit(admin: Any, topics: Sequence[Topic]) -> None:
    """See that deadlines may rely on the topics' partitions and stamps, and that what is rejected fits into them."""
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in topics]
    settings = admin.describe_configs(resources, config_filter="all")["topic"]
    partitions = {found["name"]: len(found["partitions"]) for found in admin.describe_topics([t.name for t in topics])}
    for topic in topics:
        told = {name: entry["value"] for name, entry in settings[topic.name].items()}
        wrong = list(_unfit(topic, partitions[topic.name], told))
        if wrong:
            raise TopicUnfit(f"Kafka 主题 {topic.name} 不符合要求：{'；'.join(wrong)}。请修改该主题，或换一个 Kafka。")


def _unfit(topic: Topic, partitions: int, told: Mapping[str, str]) -> Iterator[str]:
    if partitions != topic.partitions:
        yield f"分区数为 {partitions}，应为 {topic.partitions}"
    for name, needed in _KEPT_AND_STAMPED.items():
        if told[name] != needed:
            yield f"{name} 为 {told[name]}，应为 {needed}"
    if int(told["max.message.bytes"]) < topic.max_message_bytes:
        yield f"max.message.bytes 为 {told['max.message.bytes']}，不应小于 {topic.max_message_bytes}"


def _described(topic: Topic, replication_factor: int) -> dict[str, object]:
    return {
        "num_partitions": topic.partitions,
        "replication_factor": replication_factor,
        "configs": {
            **_KEPT_AND_STAMPED,
            "max.message.bytes": str(topic.max_message_bytes),
        },
    }


def main() -> int:
    """Create all topics at the broker the settings name."""
    try:
        created = create_topics(PlatformSettings.read().kafka_bootstrap)
    except (TopicUnfit, Unavailable) as error:
        sys.exit(str(error))
    print("、".join(created) or "主题都已存在")  # noqa: T201 - this command's answer
    return 0


if __name__ == "__main__":
    sys.exit(main())
