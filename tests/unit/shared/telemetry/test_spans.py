"""Spans: a fact's steps hang under what recorded it, and where nobody asked for them nothing is done."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import uuid4

import pytest
from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.trace import StatusCode
from structlog.testing import capture_logs

from shared.events.base import Event, Fact
from shared.kernel.ids import new_id
from shared.telemetry.otlp import OpenTelemetryTracer
from shared.telemetry.settings import PlatformSettings
from shared.telemetry.spans import following, step, tracer
from shared.telemetry.trace import bind_traceparent, current_traceparent, is_sampled
from shared.testing.facts import a_fact
from shared.testing.spans import KeptSpans, kept_spans
from shared.testing.things import a_happening
from shared.web.running import _trace

TRACE, REQUEST = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
KEPT, PASSED_OVER = f"00-{TRACE}-{REQUEST}-01", f"00-{TRACE}-{REQUEST}-00"


@pytest.fixture
def spans() -> Iterator[KeptSpans]:
    with kept_spans() as spans:
        yield spans


def facts(*traceparents: str | None) -> Sequence[Fact[Event]]:
    return [replace(a_fact(a_happening(), subject=new_id()), traceparent=each) for each in traceparents]


def test_a_facts_step_hangs_under_the_request_that_recorded_it(spans: KeptSpans) -> None:
    [fact] = facts(KEPT)
    with following("process", "consumer", [fact]) as followed:
        under = followed.traceparent(fact)

    [span] = spans.all
    assert span.name == f"process {fact.type}"
    assert span.context is not None
    assert span.parent is not None
    assert f"{span.context.trace_id:032x}" == TRACE
    assert f"{span.parent.span_id:016x}" == REQUEST
    assert under == f"00-{TRACE}-{span.context.span_id:016x}-01"
    assert dict(span.attributes or {}) == {"fact_id": fact.id, "fact_type": fact.type, "batch_size": 1}


@pytest.mark.parametrize("traceparent", [None, PASSED_OVER, "nonsense", "00-0-0-01"])
def test_a_fact_whose_trace_nobody_keeps_has_no_span(spans: KeptSpans, traceparent: str | None) -> None:
    [fact] = facts(traceparent)
    with following("fold", "consumer", [fact]) as followed:
        assert followed.traceparent(fact) == traceparent
        followed.failed(fact, "whatever")

    assert spans.all == ()


def test_a_batch_has_a_span_for_each_fact_that_is_kept(spans: KeptSpans) -> None:
    with following("fold", "consumer", facts(KEPT, PASSED_OVER, KEPT)):
        pass

    assert [(span.attributes or {})["batch_size"] for span in spans.all] == [3, 3]


def test_a_large_batch_is_not_held_up_by_its_spans(spans: KeptSpans) -> None:
    with following("fold", "consumer", facts(*[KEPT] * 130)):
        pass

    assert len(spans.all) == 100


def test_what_is_raised_fails_the_span_and_goes_on(spans: KeptSpans) -> None:
    with pytest.raises(LookupError), following("fold", "consumer", facts(KEPT)):
        raise LookupError("张三")

    [span] = spans.all
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "LookupError")
    assert span.events == ()


def test_one_fact_that_fails_does_not_fail_the_others(spans: KeptSpans) -> None:
    good, bad = facts(KEPT, KEPT)
    with following("publish", "producer", [good, bad]) as followed:
        followed.failed(bad, "too large")

    assert [span.status.description for span in spans.all] == [None, "too large"]


@step("enter")
async def enter(value: int) -> int:
    return value + 1


async def test_a_step_hangs_under_each_fact_that_is_followed(spans: KeptSpans) -> None:
    with following("fold", "consumer", facts(KEPT, KEPT)):
        assert await enter(1) == 2

    steps, folds = spans.all[:2], spans.all[2:]
    assert [span.name for span in steps] == ["enter", "enter"]
    assert [span.parent and span.parent.span_id for span in steps] == [
        span.context and span.context.span_id for span in folds
    ]


async def test_a_step_alone_is_none(spans: KeptSpans) -> None:
    assert await enter(1) == 2
    assert spans.all == ()


async def test_where_nobody_traces_nothing_is_made() -> None:
    sampled = facts(KEPT)

    assert tracer() is None
    assert following("fold", "consumer", sampled) is following("publish", "producer", sampled)
    with following("fold", "consumer", sampled) as followed:
        assert await enter(1) == 2
        assert followed.traceparent(sampled[0]) == KEPT


def test_without_the_packages_the_process_works_untraced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shared.telemetry.otlp", None)
    with capture_logs() as said:
        _trace("visits", "api", PlatformSettings.read({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}))

    assert tracer() is None
    assert [entry["log_level"] for entry in said] == ["warning"]


def test_what_is_traced_is_what_logs_are_searched_by(spans: KeptSpans) -> None:
    by = tracer()
    assert by is not None
    quoted = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"
    by.begin("POST", "server", bind_traceparent(None, quoted), root=True).end()

    [span] = spans.all
    assert span.parent is None
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == quoted.replace("-", "")
    assert (current_traceparent() or "").split("-")[1] == quoted.replace("-", "")


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.1, 40, 180), (1.0, 1000, 1000)])
def test_a_share_of_the_traces_is_kept_though_their_ids_are_uuids(share: float, least: int, most: int) -> None:
    by = OpenTelemetryTracer("test", "test", SpanProcessor(), share=share)
    begun = [by.begin("GET", "server", f"00-{uuid4().hex}-{REQUEST}-00", root=True) for _ in range(1000)]

    assert least <= sum(is_sampled(span.traceparent) for span in begun) <= most


def test_who_goes_on_with_a_trace_does_as_its_beginner_did() -> None:
    by = OpenTelemetryTracer("test", "test", SpanProcessor(), share=0.0)

    assert is_sampled(by.begin("process", "consumer", KEPT).traceparent)
    assert not is_sampled(by.begin("process", "consumer", PASSED_OVER).traceparent)


def test_a_process_that_is_not_asked_to_does_not_even_load_the_sdk() -> None:
    loads = "import sys, services.visits.bootstrap, shared.web.running; print('opentelemetry.sdk' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
