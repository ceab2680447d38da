"""Messages that are no facts, each for a reason of its own, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from kafka import KafkaConsumer, KafkaProducer

from shared.events.catalogue import rejected_topic
from shared.events.codec import MAX_FACT_BYTES, Headers, encode
from tests.unit.scoring.facts import VisitLife

TOPIC = "visits.events"
_GOOD = encode(VisitLife("poisoned").log(date(2023, 5, 8)).facts[0])


@dataclass(frozen=True, slots=True)
class Poison:
    """A message and the reason it must be rejected for."""

    reason: str
    value: bytes | None
    headers: Headers = _GOOD.headers


def _with(name: str, value: bytes) -> Headers:
    return tuple((header, value if header == name else content) for header, content in _GOOD.headers)


POISON = (
    Poison("broken_json", b'{"visit_id": '),
    Poison("null", None),
    Poison("too_large", b" " * (5 * MAX_FACT_BYTES)),
    Poison("invalid_utf8", b"\xff\xfe{}"),
    Poison("unknown_type", b'{"a": 1}', _with("ce_type", b"xianfeng.visits.visit.imagined.v1")),
    Poison("unknown_version", b'{"a": 2}', _with("ce_type", b"xianfeng.visits.visit.logged.v9")),
    Poison("broken_envelope", _GOOD.value, _with("ce_time", b"0001-01-01T00:00:00+08:00")),
    Poison(
        "happened_after_recorded",
        _GOOD.value,
        _with("ce_time", datetime(2022, 1, 1, tzinfo=UTC).isoformat().encode()),
    ),
)


def publish_raw(bootstrap: str, poison: Sequence[Poison]) -> None:
    """Send what no relay of ours would send."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, max_request_size=6 * 1024 * 1024)
    try:
        for each in poison:
            producer.send(TOPIC, value=each.value, key=_GOOD.key, headers=list(each.headers)).get(timeout=30)
    finally:
        producer.close()


def rejected(bootstrap: str) -> list[tuple[str, bytes | None]]:
    """The dead letters: why, and the bytes as they came."""
    consumer = KafkaConsumer(
        rejected_topic(TOPIC),
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        consumer_timeout_ms=4000,
        max_partition_fetch_bytes=8 * 1024 * 1024,
    )
    try:
        return [(dict(record.headers)["xf_reason"].decode(), record.value) for record in consumer]
    finally:
        consumer.close()
