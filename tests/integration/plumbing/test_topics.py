"""Topics that are there already are looked at: deadlines and dead letters rely on how they are made."""

from dataclasses import replace

import pytest
from kafka import KafkaAdminClient

from shared.events.catalogue import Topic
from shared.kafka.topics import TopicUnfit, create_topics
from shared.kernel.ids import new_id


def a_topic() -> Topic:
    return Topic(f"test.{new_id()}", partitions=2, max_message_bytes=1_000_000)


def test_what_is_not_there_is_created_once(bootstrap: str) -> None:
    topic = a_topic()

    assert create_topics(bootstrap, [topic]) == [topic.name]
    assert create_topics(bootstrap, [topic]) == []


def test_a_topic_with_other_partitions_is_refused_by_name(bootstrap: str) -> None:
    topic = a_topic()
    create_topics(bootstrap, [topic])

    with pytest.raises(TopicUnfit, match=rf"{topic.name}.*分区数为 2，应为 8"):
        create_topics(bootstrap, [replace(topic, partitions=8)])


def test_a_topic_that_forgets_or_is_stamped_by_who_sends_is_refused(bootstrap: str) -> None:
    topic = a_topic()
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    made = {"num_partitions": 2, "replication_factor": 1, "configs": {"message.timestamp.type": "CreateTime"}}
    admin.create_topics({topic.name: made}, wait_for_metadata=True)
    admin.close()

    with pytest.raises(TopicUnfit, match=r"retention\.ms 为 604800000，应为 -1；.*CreateTime"):
        create_topics(bootstrap, [topic])


def test_a_topic_that_takes_only_small_messages_is_refused(bootstrap: str) -> None:
    topic = a_topic()
    create_topics(bootstrap, [topic])

    with pytest.raises(TopicUnfit, match=r"max\.message\.bytes 为 1000000"):
        create_topics(bootstrap, [replace(topic, max_message_bytes=8_000_000)])
