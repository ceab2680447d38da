"""Committed schemas and the page of events say what the classes say; none of them leaves room for a person's data."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.events import page, schema
from shared.events.base import Event
from shared.events.catalogue import CATALOGUE, FACT_TOPICS, TOPICS, Entry

_PERSONAL_WORDS = """
name names surname phone telephone mobile cell identity idcard passport address street birth birthday birthdate age sex
gender email mail wechat openid photo image face latitude longitude location gps religion belief nation ethnicity health
disease income text note remark comment description
"""
PERSONAL = frozenset(_PERSONAL_WORDS.split())
ENTRIES = [pytest.param(entry, id=event_type) for event_type, entry in CATALOGUE.items()]


def test_committed_schemas_are_up_to_date() -> None:
    assert schema.outdated() == []


def test_the_page_of_events_is_up_to_date() -> None:
    assert page.page() == page.PAGE.read_text("utf-8")


def test_a_differing_missing_or_left_over_schema_is_named(tmp_path: Path) -> None:
    schema.write(tmp_path)
    (tmp_path / "xianfeng.visits.visit.logged.v1.json").write_text("{}", "utf-8")
    (tmp_path / "xianfeng.visits.visit.withdrawn.v1.json").unlink()
    (tmp_path / "xianfeng.visits.visit.forgotten.v1.json").write_text("{}", "utf-8")

    assert schema.outdated(tmp_path) == [
        "xianfeng.visits.visit.forgotten.v1.json",
        "xianfeng.visits.visit.logged.v1.json",
        "xianfeng.visits.visit.withdrawn.v1.json",
    ]


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_producer_writes_no_field_the_schema_does_not_name(entry: Entry) -> None:
    open_objects = [part for part in _objects(schema.schema_of(entry.event)) if part.get("additionalProperties", True)]

    assert open_objects == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_event_has_a_personal_field(entry: Entry) -> None:
    fields = {name for part in _objects(schema.schema_of(entry.event)) for name in part["properties"]}

    assert sorted(name for name in fields if PERSONAL & set(name.split("_"))) == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_event_says_when_it_happened_and_what_keys_it(entry: Entry) -> None:
    fields = entry.event.model_fields

    assert "occurred_at" in fields or "occurred_on" in fields
    assert entry.event.KEY is None or entry.event.KEY in fields
    assert entry.event.__doc__


def test_an_event_is_named_after_the_service_whose_topic_it_travels_on() -> None:
    strays = [
        event_type
        for event_type, entry in CATALOGUE.items()
        if event_type.split(".")[:2] != ["xianfeng", entry.topic.partition(".")[0]] or event_type != entry.event.TYPE
    ]

    assert strays == []


def test_every_event_class_is_in_the_catalogue() -> None:
    declared = {
        event.TYPE for event in _descendants(Event) if "TYPE" in vars(event) and event.__module__[:6] == "shared"
    }

    assert set(CATALOGUE) == declared


def test_dead_letters_have_room_for_what_does_not_fit_a_fact_topic() -> None:
    sizes = {topic.name: topic.max_message_bytes for topic in TOPICS}

    assert all(sizes[f"{name}.rejected"] > sizes[name] for name in FACT_TOPICS)


def _objects(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "properties" in part:
            yield part
        for value in part.values():
            yield from _objects(value)
    elif isinstance(part, list):
        for value in part:
            yield from _objects(value)


def _descendants(event: type[Event]) -> Iterator[type[Event]]:
    for child in event.__subclasses__():
        yield child
        yield from _descendants(child)
