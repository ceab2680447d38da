"""What is a fact and what is not, whatever bytes come."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events.base import Event, Fact
from shared.events.catalogue import CATALOGUE
from shared.events.codec import Headers, Message, Unreadable, decode, encode, fact_type
from shared.events.members import CalendarPublished
from shared.events.visits import ProblemConfirmed, VisitLogged, VisitWithdrawn
from shared.testing.examples import examples
from shared.testing.facts import a_fact

GOOD = examples(readable=True)
ENVELOPE = ("ce_id", "ce_source", "ce_type", "ce_specversion", "ce_subject", "ce_time", "ce_revision", "ce_orgpath")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
HEADER_NAMES = st.sampled_from([*ENVELOPE, "content-type", "traceparent", "ce_", "x"]) | st.text(max_size=8)


def a_visit() -> Fact[Event]:
    event = VisitLogged(
        visit_id="v", cadre_id="c", branch_id="b", occurred_at=datetime(2023, 11, 21, 1, 30, 0, 123456, tzinfo=UTC)
    )
    return a_fact(event, path="county/township/b", recorded_at=datetime(2023, 11, 21, 1, 30, 0, 123456, tzinfo=UTC))


def changed(message: Message, **headers: bytes | None) -> Message:
    told: dict[str, bytes | None] = {**dict(message.headers), **headers}
    return Message(
        message.key, tuple((name, value) for name, value in told.items() if value is not None), message.value
    )


def spoken(event: type[Event], payload: Mapping[str, object]) -> Message:
    """A message of this type with this payload, recorded on the evening of 2023-11-21."""
    envelope = encode(a_visit())
    recorded_at = b"2023-11-21T12:00:00Z"
    told = changed(envelope, ce_type=event.TYPE.encode(), ce_time=recorded_at)
    return Message(told.key, told.headers, json.dumps(payload).encode())


def reason(message: Message) -> str:
    with pytest.raises(Unreadable) as refusal:
        decode(message)
    return refusal.value.reason


def fact_or_reason(message: Message) -> object:
    """Anything but Unreadable is an error of the codec."""
    try:
        return decode(message)
    except Unreadable as refusal:
        return refusal.reason


def test_what_is_decoded_is_what_was_encoded() -> None:
    fact = a_visit()

    assert fact == decode(encode(fact))


def test_the_same_fact_gives_the_same_bytes() -> None:
    assert encode(a_visit()) == encode(a_visit())


@pytest.mark.parametrize("name", ENVELOPE)
def test_without_a_header_of_the_envelope_it_is_no_fact(name: str) -> None:
    message = encode(a_visit())

    assert reason(changed(message, **{name: None})) == "broken_envelope"
    assert reason(changed(message, **{name: b""})) == "broken_envelope"


@pytest.mark.parametrize("name", [*ENVELOPE, "traceparent"])
def test_a_header_that_is_not_utf8_is_refused(name: str) -> None:
    assert reason(changed(encode(a_visit()), **{name: b"\xff\xfe"})) == "invalid_utf8"


def test_foreign_headers_are_none_of_our_business() -> None:
    assert decode(changed(encode(a_visit()), other=b"\xff")) == a_visit()


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ce_revision", b"0"),
        ("ce_revision", b"-1"),
        ("ce_revision", "１".encode()),
        ("ce_revision", b"9007199254740993"),
        ("ce_revision", b"9" * 5000),
        ("ce_orgpath", b"///"),
        ("ce_time", b"yesterday"),
        ("ce_time", b"2023-11-21T01:30:00"),
        ("ce_time", b"9999-12-31T23:59:59-23:59"),
        ("ce_specversion", b"0.3"),
    ],
)
def test_an_envelope_that_cannot_be_is_refused(header: str, value: bytes) -> None:
    assert reason(changed(encode(a_visit()), **{header: value})) == "broken_envelope"


@pytest.mark.parametrize("value", [b"{", b"", b"{]", b"[" * 100_000, b'{"a": NaN}', b'{"a": ' + b"9" * 5000 + b"}"])
def test_broken_json_is_refused(value: bytes) -> None:
    message = encode(a_visit())

    assert reason(Message(message.key, message.headers, value)) == "broken_json"


@pytest.mark.parametrize("value", [b"[]", b"null", b'"text"', b"1", b"{}"])
def test_json_that_is_no_event_is_refused(value: bytes) -> None:
    message = encode(a_visit())

    assert reason(Message(message.key, message.headers, value)) == "broken_payload"


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_an_instant_that_has_no_local_day_is_refused(instant: str) -> None:
    message = encode(a_visit())
    value = json.dumps({**json.loads(message.value or b""), "occurred_at": instant}).encode()

    assert reason(Message(message.key, message.headers, value)) == "broken_payload"


def test_more_fields_than_we_know_are_read_over() -> None:
    message = encode(a_visit())
    value = json.dumps({**json.loads(message.value or b""), "weather": "rain"}).encode()

    assert decode(Message(message.key, message.headers, value)) == a_visit()


@pytest.mark.parametrize("value", [None, b"\xff\xff", "类型".encode()])
def test_the_type_is_read_without_reading_the_message(value: bytes | None) -> None:
    headers: Headers = () if value is None else (("other", b""), ("ce_type", value))

    assert fact_type(headers) == (None if value is None else value.decode("utf-8", errors="replace"))


@given(
    key=st.none() | st.binary(max_size=4),
    headers=st.lists(st.tuples(HEADER_NAMES, st.binary(max_size=40)), max_size=12),
    value=st.none() | st.binary(max_size=200),
)
def test_any_bytes_give_a_fact_or_a_reason(
    key: bytes | None, headers: list[tuple[str, bytes]], value: bytes | None
) -> None:
    assert fact_or_reason(Message(key, tuple(headers), value))


@given(
    example=st.sampled_from(GOOD),
    name=st.sampled_from([*ENVELOPE, "traceparent"]),
    header=st.binary(max_size=40)
    | st.text(max_size=40).map(str.encode)
    | st.datetimes(timezones=st.timezones()).map(lambda at: at.isoformat().encode())
    | st.sampled_from([event_type.encode() for event_type in CATALOGUE])
    | st.integers().map(lambda number: str(number).encode()),
)
def test_an_example_with_one_other_header_gives_a_fact_or_a_reason(example: object, name: str, header: bytes) -> None:
    assert isinstance(example, type(GOOD[0]))

    assert fact_or_reason(changed(example.message, **{name: header}))


@given(example=st.sampled_from(GOOD), data=st.data(), other=JSON)
def test_an_example_with_one_other_value_gives_a_fact_or_a_reason(
    example: object, data: st.DataObject, other: object
) -> None:
    assert isinstance(example, type(GOOD[0]))
    payload = json.loads(example.message.value or b"")
    field = data.draw(st.sampled_from(sorted(payload)))
    value = json.dumps({**payload, field: other}).encode()

    assert fact_or_reason(Message(example.message.key, example.message.headers, value))


@pytest.mark.parametrize("day", ["0001-01-01", "1900-12-31", "2999-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["occurred_on", "resolved_on"])
def test_a_day_nobody_means_is_refused_wherever_it_stands(name: str, day: str) -> None:
    confirmed = {"problem_id": "p", "cadre_id": "c", "branch_id": "b", "occurred_on": "2023-11-21"}
    said = {**confirmed, "resolved_on": "2023-11-20", name: day}

    assert reason(spoken(ProblemConfirmed, said)) == "broken_payload"


def test_days_in_lists_and_corrections_are_looked_at_too() -> None:
    published = {"organisation_id": "o", "year": 2023, "days_off": ["9999-12-31"], "occurred_on": "2023-11-21"}
    correction = {"type": VisitLogged.TYPE, "revision": 1, "day": "0001-01-01"}
    instant = "2023-11-21T01:00:00Z"
    withdrawn = {"visit_id": "v", "cadre_id": "c", "branch_id": "b", "occurred_at": instant, "corrects": [correction]}

    assert reason(spoken(CalendarPublished, published)) == "broken_payload"
    assert reason(spoken(CalendarPublished, {**published, "days_off": [], "year": 9999})) == "broken_payload"
    assert reason(spoken(VisitWithdrawn, withdrawn)) == "broken_payload"


@pytest.mark.parametrize("instant", [b"0001-01-01T00:00:00Z", b"2999-12-31T23:59:59-12:00", b"9999-12-31T23:59:59Z"])
def test_nothing_is_recorded_in_a_year_nobody_means(instant: bytes) -> None:
    assert reason(changed(encode(a_visit()), ce_time=instant)) == "broken_envelope"


def test_an_envelope_of_megabytes_is_too_large() -> None:
    assert reason(changed(encode(a_visit()), ce_orgpath=b"a/" * 1_000_000)) == "too_large"


def test_half_a_character_is_refused_and_a_whole_one_is_not() -> None:
    logged = {"visit_id": "v", "cadre_id": "c", "branch_id": "b", "occurred_at": "2023-11-21T01:00:00Z"}

    assert reason(spoken(VisitLogged, {**logged, "cadre_id": "\ud800"})) == "broken_json"
    assert decode(spoken(VisitLogged, {**logged, "cadre_id": "\U0001f332"})).event.cadre_id == "\U0001f332"  # type: ignore[attr-defined]


def test_what_was_confirmed_was_not_resolved_later() -> None:
    confirmed = {"problem_id": "p", "cadre_id": "c", "branch_id": "b", "occurred_on": "2023-11-21"}

    assert reason(spoken(ProblemConfirmed, {**confirmed, "resolved_on": "2023-11-22"})) == "happened_after_recorded"
