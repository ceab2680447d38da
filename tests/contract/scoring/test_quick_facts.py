"""The short way of reading facts in bulk answers what every consumer's way does, whatever the bytes."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.fact_log import _fact
from services.scoring.adapters.quick_facts import _short_way, read_fact
from shared.events.base import Event, Fact
from shared.events.codec import Message, Unreadable, decode
from shared.testing.examples import Example, examples
from tests.integration.scoring.poison import POISON
from tests.tried import tried

ALL = examples()
PLAIN = [example for example in examples(readable=True) if example.message.value is not None]


ODD_TIMES = (b"0001-01-01T00:00:00+08:00", b"9999-12-31T23:59:59-08:00", b"10000-01-01T00:00:00Z")
OTHERS: tuple[object, ...] = (
    *(1, 1.0, 1.5, True, None, 10**20, -1),
    *("", "1", [], {}, "2023-02-30", "9999-12-31", "1800-01-01", "\u2028"),
)
RAW = (
    *(b"NaN", b"Infinity", b"01", b"1e3", b"'x'"),
    *(b'"\\ud800"', b'"\\u0041"', b'"\t"', b'"a\x00"', b"[" * 300),
)


def every_consumers_way(message: Message) -> Fact[Event] | None:
    try:
        return decode(message)
    except Unreadable:
        return None


def same(message: Message) -> bool:
    return read_fact(message.key, message.headers, message.value) == every_consumers_way(message)


@pytest.mark.parametrize("example", ALL, ids=lambda example: example.name)
def test_every_example_is_read_alike(example: Example) -> None:
    assert same(example.message)


@pytest.mark.parametrize("poison", POISON, ids=lambda poison: poison.reason)
def test_poison_is_no_fact(poison: object) -> None:
    message = Message(b"key", tuple(poison.headers), poison.value)  # type: ignore[attr-defined]  # as it is sent

    assert same(message)


def test_most_examples_are_read_the_short_way() -> None:
    short = [each for each in PLAIN if each.message.value and _short_way(each.message.headers, each.message.value)]

    assert len(short) > len(PLAIN) / 2


def _mutants(message: Message, chance: random.Random) -> Iterator[Message]:
    """The message with one thing wrong, or odd, in its envelope or its value."""
    headers, value = list(message.headers), bytearray(message.value or b"")
    number = chance.randrange(len(headers))
    name, text = headers[number]
    odd = (
        b"",
        b"0",
        b"-1",
        b"1.0",
        b"\xff",
        b"2999-01-01T00:00:00Z",
        b"2023-01-01T00:00:00",
        b"x" * 9000,
        text + b"9",
        *ODD_TIMES,
    )
    yield replace(message, headers=(*headers[:number], (name, chance.choice(odd)), *headers[number + 1 :]))
    yield replace(message, headers=tuple(headers[:number] + headers[number + 1 :]))
    yield replace(message, headers=(*headers, (name, chance.choice(odd))))
    yield replace(message, headers=(*headers, (chance.choice(("ce_Odd", "ce_odd", "odd", "traceparent")), b"1")))
    if value:
        place = chance.randrange(len(value))
        yield replace(message, value=bytes(value[:place] + bytes([chance.randrange(256)]) + value[place + 1 :]))
        yield replace(message, value=bytes(value[:place]))
        yield replace(message, value=bytes(value + chance.choice((b" ", b"{}", b"\x00", b"\n"))))
        yield from _other_values(message, chance)


def _other_values(message: Message, chance: random.Random) -> Iterator[Message]:
    """One field another value than was meant."""
    payload = json.loads(message.value or b"{}")
    if not isinstance(payload, dict) or not payload:
        return
    field = chance.choice(sorted(payload))
    for other in OTHERS:
        yield replace(message, value=_written({**payload, field: other}))
    rest = _written({name: value for name, value in payload.items() if name != field})[1:]
    for raw in RAW:
        yield replace(message, value=b'{"%s": %s, %s' % (field.encode(), raw, rest))
    twice = _written(payload)[:-1] + b', "%s": 1}' % field.encode()
    yield replace(message, value=twice)


def _written(payload: object) -> bytes:
    return json.dumps(payload, ensure_ascii=False).encode()


@pytest.mark.parametrize("time", ODD_TIMES)
def test_a_time_beyond_all_calendars_is_no_fact(time: bytes) -> None:
    for example in PLAIN[:5]:
        headers = tuple((name, time if name == "ce_time" else text) for name, text in example.message.headers)
        assert same(replace(example.message, headers=headers))


def test_all_of_the_envelope_is_text() -> None:
    for example in PLAIN:
        headers = (*example.message.headers, ("ce_datacontenttype", b"\xe4"))
        assert same(replace(example.message, headers=tuple(dict(headers).items())))


@dataclass(frozen=True)
class Record:
    """A record as the client gives it: a header may be without a value."""

    key: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    value: bytes | None


@pytest.mark.parametrize("name", ["traceparent", "ce_subject", "ce_time", "content-type"])
def test_a_header_without_a_value_is_read_as_the_live_fold_reads_it(name: str) -> None:
    for example in PLAIN[:20]:
        message = example.message
        told = {**dict(message.headers), name: None}
        wanted = frozenset({dict(message.headers)["ce_type"]})
        live = tuple((each, value or b"") for each, value in told.items())

        found = _fact(Record(message.key, tuple(told.items()), message.value), wanted)

        assert found == every_consumers_way(replace(message, headers=live))


@tried(150)
@given(st.sampled_from(PLAIN), st.integers(0, 2**32))
def test_whatever_is_odd_about_a_message_is_judged_alike(example: Example, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a choice, not a secret

    assert [mutant for mutant in _mutants(example.message, chance) if not same(mutant)] == []
