"""How a fact travels: CloudEvents 1.0 in Kafka's binary mode, attributes in `ce_*` headers, the event as JSON value.

Decoding refuses what cannot be a fact (`Unreadable`), so that a consumer sends it to `.rejected` with the reason and
goes on.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from cloudevents.core.bindings.kafka import to_binary
from cloudevents.core.exceptions import CloudEventValidationError
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from pydantic import ValidationError

from shared.events.base import YEARS, Event, Fact
from shared.events.catalogue import CATALOGUE
from shared.kernel.access import OrganisationPath
from shared.kernel.clock import local_day
from shared.kernel.errors import Invalid
from shared.kernel.ids import EventId

Headers = tuple[tuple[str, bytes], ...]
MAX_FACT_BYTES = 1024 * 1024
"""No fact is anywhere near this; the topic's limit is wider so that what exceeds it can be rejected visibly."""

_ENVELOPE_BYTES = 16 * 1024
"""A path through the deepest tree takes a twentieth of it."""
_FORMAT = JSONFormat()
_CE = "ce_"
_TRACEPARENT = "traceparent"
_SOURCE = "/xianfeng/"
_REQUIRED = ("id", "source", "type", "specversion", "subject", "time", "revision", "orgpath")
_PAST = ("resolved_on",)
"""Days, besides that on which a fact happened, that lie in its past."""
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
"""How JSON may smuggle in half a character, which no store and no digest can take."""
_LARGEST_REVISION = 2**53
"""The largest integer every JSON reader keeps exactly."""


class Unreadable(Invalid):
    """A message that is no fact of the contract; `reason` is a stable word, `detail` says more."""

    code = "message.unreadable"
    detail = "消息不符合事件契约（{reason}）：{more}"

    def __init__(self, reason: str, more: object = "") -> None:
        self.reason = reason
        super().__init__(reason=reason, more=more)


@dataclass(frozen=True, slots=True)
class Message:
    """A Kafka record's content, whichever client carries it."""

    key: bytes | None
    headers: Headers
    value: bytes | None


def encode(fact: Fact[Event]) -> Message:
    """The fact as a Kafka message; the same fact always gives the same bytes."""
    attributes = {
        "specversion": "1.0",
        "id": fact.id,
        "source": f"{_SOURCE}{fact.source}",
        "type": fact.type,
        "subject": fact.subject,
        "time": fact.recorded_at.astimezone(UTC),
        "datacontenttype": "application/json",
        "revision": str(fact.revision),
        "orgpath": str(fact.path),
    }
    payload = fact.event.model_dump(mode="json", exclude_none=True)
    carried = to_binary(CloudEvent(attributes, payload), _FORMAT, lambda _: fact.key)
    headers = [(name, value) for name, value in carried.headers.items()]
    if fact.traceparent is not None:
        headers.append((_TRACEPARENT, fact.traceparent.encode("ascii")))
    return Message(fact.key.encode("utf-8"), tuple(headers), carried.value)


def decode(message: Message) -> Fact[Event]:
    """Read a fact.

    Raises Unreadable with one of the reasons: null, too_large, invalid_utf8, broken_json, broken_envelope,
    unknown_type, unknown_version, broken_payload, happened_after_recorded; never anything else, whatever the bytes.
    """
    if message.value is None:
        raise Unreadable("null")
    if len(message.value) > MAX_FACT_BYTES:
        raise Unreadable("too_large", len(message.value))
    told = _told(message.headers)
    payload = _parsed(message.value)
    attributes = _attributes(told)
    recorded_at = _recorded_at(attributes)
    path = OrganisationPath.parse(attributes["orgpath"])
    if not path.segments:
        raise Unreadable("broken_envelope", "orgpath")
    event = _event(attributes["type"], payload)
    _refuse_the_future(event, recorded_at)
    return Fact(
        id=EventId(attributes["id"]),
        source=attributes["source"].removeprefix(_SOURCE),
        subject=attributes["subject"],
        revision=_revision(attributes["revision"]),
        recorded_at=recorded_at,
        path=path,
        event=event,
        traceparent=told.get(_TRACEPARENT),
    )


def fact_type(headers: Iterable[tuple[str, bytes]]) -> str | None:
    """The event type a message claims to be, without reading it: lets a consumer pass over what it does not read."""
    for name, value in headers:
        if name == "ce_type":
            return value.decode("utf-8", errors="replace")
    return None


def _told(headers: Headers) -> dict[str, str]:
    """The headers of the envelope as text; foreign headers are none of our business."""
    told = {}
    room = _ENVELOPE_BYTES
    for name, value in headers:
        if name.startswith(_CE) or name == _TRACEPARENT:
            room -= len(value)
            if room < 0:
                raise Unreadable("too_large", name)
            try:
                told[name] = value.decode("utf-8")
            except UnicodeDecodeError as error:
                raise Unreadable("invalid_utf8", name) from error
    return told


def _parsed(value: bytes) -> dict[str, Any]:
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable("invalid_utf8", "value") from error
    try:
        payload = json.loads(text, parse_constant=_refuse_constant)
        if _SURROGATE.search(text):
            json.dumps(payload, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Unreadable("broken_json", error) from error
    if not isinstance(payload, dict):
        raise Unreadable("broken_payload", type(payload).__name__)
    return payload


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(constant)


def _attributes(told: Mapping[str, str]) -> dict[str, str]:
    """The attributes of the envelope, all required ones present.

    They are checked before the library sees them, because it would invent an id that is missing.
    """
    attributes = {name.removeprefix(_CE): text for name, text in told.items() if name.startswith(_CE)}
    for name in _REQUIRED:
        if not attributes.get(name):
            raise Unreadable("broken_envelope", name)
    try:
        CloudEvent({name: text for name, text in attributes.items() if name != "time"}, None)
    except CloudEventValidationError as error:
        raise Unreadable("broken_envelope", error) from error
    return attributes


def _recorded_at(attributes: Mapping[str, str]) -> datetime:
    try:
        recorded_at = datetime.fromisoformat(attributes["time"])
        if recorded_at.tzinfo is None:
            raise Unreadable("broken_envelope", "time")
        recorded_at = recorded_at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable("broken_envelope", "time") from error
    if recorded_at.year not in YEARS:
        raise Unreadable("broken_envelope", "time")
    return recorded_at


def _revision(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= len(str(_LARGEST_REVISION)):
        revision = int(text)
        if 0 < revision <= _LARGEST_REVISION:
            return revision
    raise Unreadable("broken_envelope", "revision")


def _event(event_type: str, payload: Mapping[str, Any]) -> Event:
    entry = CATALOGUE.get(event_type)
    if entry is None:
        name, _, _ = event_type.rpartition(".v")
        known = any(known_type.rpartition(".v")[0] == name for known_type in CATALOGUE)
        reason = "unknown_version" if known else "unknown_type"
        raise Unreadable(reason, event_type)
    try:
        return entry.event.model_validate(payload)
    except ValidationError as error:
        places = ", ".join(".".join(str(part) for part in item["loc"]) for item in error.errors(include_input=False))
        raise Unreadable("broken_payload", places) from error


def _refuse_the_future(event: Event, recorded_at: datetime) -> None:
    happened = event.happened
    days = (event.day, *(getattr(event, name) for name in _PAST if hasattr(event, name)))
    if max(days) > local_day(recorded_at) or (isinstance(happened, datetime) and happened > recorded_at):
        raise Unreadable("happened_after_recorded", happened)
