"""Every event has a hand-written example; what it says holds for the codec and the schema."""

import json

import jsonschema_rs
import pytest

from shared.events.catalogue import CATALOGUE
from shared.events.codec import Unreadable, decode, encode
from shared.events.schema import schema_of
from shared.testing.examples import FOLDER, Example, examples

GOOD = examples(readable=True)
BAD = examples(readable=False)


@pytest.mark.parametrize("example", GOOD, ids=lambda example: example.name)
def test_a_good_example_is_a_fact_of_its_type(example: Example) -> None:
    fact = decode(example.message)

    assert (example.type, example.topic) == (fact.type, CATALOGUE[fact.type].topic)
    assert example.message.key == fact.key.encode()
    assert fact.source == CATALOGUE[fact.type].topic.partition(".")[0]


@pytest.mark.parametrize("example", GOOD, ids=lambda example: example.name)
def test_a_good_example_is_what_the_producer_writes(example: Example) -> None:
    fact = decode(example.message)

    written = encode(fact)

    assert fact == decode(written)
    assert example.message.value is not None
    assert written.value is not None
    assert json.loads(example.message.value) == json.loads(written.value)
    assert dict(example.message.headers).keys() == dict(written.headers).keys()


@pytest.mark.parametrize("example", GOOD, ids=lambda example: example.name)
def test_a_good_example_keeps_to_its_schema(example: Example) -> None:
    assert example.message.value is not None
    schema = schema_of(CATALOGUE[example.type].event)

    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(json.loads(example.message.value))


@pytest.mark.parametrize("example", BAD, ids=lambda example: example.name)
def test_a_bad_example_is_refused_for_the_reason_it_gives(example: Example) -> None:
    with pytest.raises(Unreadable) as refusal:
        decode(example.message)

    assert example.reason == refusal.value.reason


def test_every_event_has_a_good_example() -> None:
    assert set(CATALOGUE) == {example.type for example in GOOD}


def test_every_reason_has_a_bad_example() -> None:
    reasons = {
        "null",
        "too_large",
        "invalid_utf8",
        "broken_json",
        "broken_envelope",
        "unknown_type",
        "unknown_version",
        "broken_payload",
        "happened_after_recorded",
    }

    assert reasons == {example.reason for example in BAD}


def test_every_example_says_what_it_shows() -> None:
    silent = [path.name for path in FOLDER.glob("*/*.json") if not json.loads(path.read_text("utf-8")).get("says")]

    assert silent == []
