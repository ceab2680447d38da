"""What is logged: repetitions are dropped, and what remembers them does not grow."""

import json
import logging
import subprocess
import sys

import pytest
import structlog

from shared.telemetry.logs import RepeatLimit, _Quiet

REPEATS = 20


def _passes(limit: RepeatLimit, event: str, level: str = "warning", logger: str = "shared.kafka.relay") -> bool:
    try:
        limit(None, level, {"event": event, "level": level, "logger": logger})
    except structlog.DropEvent:
        return False
    return True


def test_an_event_is_said_so_often_a_minute() -> None:
    limit = RepeatLimit()
    passed = [_passes(limit, "the broker does not answer") for _ in range(REPEATS + 5)]

    assert passed == [True] * REPEATS + [False] * 5


@pytest.mark.parametrize("level", ["info", "error"])
def test_our_requests_and_our_faults_are_each_said(level: str) -> None:
    limit = RepeatLimit()

    assert all(_passes(limit, "a request failed unexpectedly", level, "shared.web.problem") for _ in range(2 * REPEATS))


@pytest.mark.parametrize("level", ["info", "error"])
def test_what_a_library_says_is_limited_at_every_level(level: str) -> None:
    limit = RepeatLimit()
    passed = [_passes(limit, "connection lost", level, "aiokafka.conn") for _ in range(2 * REPEATS)]

    assert sum(passed) == REPEATS


def test_what_is_critical_is_always_said() -> None:
    limit = RepeatLimit()

    assert all(_passes(limit, "the process ends", "critical") for _ in range(2 * REPEATS))


def test_a_minute_later_it_is_said_again_with_what_was_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    limit, now = RepeatLimit(), 0.0
    monkeypatch.setattr("shared.telemetry.logs.time.monotonic", lambda: now)
    for _ in range(REPEATS + 5):
        _passes(limit, "the broker does not answer")
    now = 61.0

    said = limit(None, "warning", {"event": "the broker does not answer", "level": "warning"})

    assert said["dropped_before"] == 5


def test_events_that_are_all_different_are_not_remembered_for_ever() -> None:
    """Libraries put addresses and numbers into what they say."""
    limit = RepeatLimit(remembered_at_most=100)
    for number in range(1_000):
        assert _passes(limit, f"connection {number} was lost")

    assert limit.remembered <= 100


class Closed:
    """A stream nobody reads any more."""

    def write(self, _text: str) -> None:
        raise BrokenPipeError

    def flush(self) -> None:
        """Nothing to do."""


def test_that_nobody_reads_the_log_stops_no_work() -> None:
    record = logging.LogRecord("shared.x", logging.INFO, __file__, 1, "still working", None, None)

    _Quiet(Closed()).emit(record)


SAYS = """
import structlog
from shared.telemetry.logs import configure_logs, logger
from shared.telemetry.trace import bound_traceparent

configure_logs("visits", "worker")
log = logger("shared.kafka.handling")
with (
    bound_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"),
    structlog.contextvars.bound_contextvars(fact_id="5a0f", fact_type="xianfeng.visits.visit.logged.v1"),
):
    log.info("handled", branch="红星村党支部")
log.info("between two messages")
for _ in range(100):
    log.warning("the broker does not answer")
"""


def said_by_a_process() -> list[dict[str, str]]:
    done = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_line_is_json_and_is_found_by_request_and_by_fact() -> None:
    handled, between, *repeated = said_by_a_process()

    assert (handled["request_id"], handled["fact_id"]) == ("4bf92f35-77b3-4da6-a3ce-929d0e0e4736", "5a0f")
    assert (handled["service"], handled["process"], handled["message"]) == ("visits", "worker", "handled")
    assert {"request_id", "fact_id"}.isdisjoint(between)
    assert len(repeated) == REPEATS
