"""Spans a test can look at: made by the SDK, kept in memory."""

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.telemetry.otlp import OpenTelemetryTracer
from shared.telemetry.spans import trace_by


class KeptSpans:
    """What was exported so far, in the order in which it ended."""

    def __init__(self, exporter: InMemorySpanExporter) -> None:
        self._exporter = exporter

    @property
    def all(self) -> tuple[ReadableSpan, ...]:
        """Every span that has ended."""
        return tuple(self._exporter.get_finished_spans())

    @property
    def names(self) -> list[str]:
        """What they are called."""
        return [span.name for span in self.all]

    def named(self, name: str) -> ReadableSpan:
        """The one span of that name."""
        [found] = [span for span in self.all if span.name == name]
        return found

    def name_above(self, name: str) -> str | None:
        """Under which span that one hangs; None for the first of its trace."""
        parent = self.named(name).parent
        if parent is None:
            return None
        [above] = [span.name for span in self.all if span.context and span.context.span_id == parent.span_id]
        return above


@contextmanager
def kept_spans() -> Iterator[KeptSpans]:
    """Trace everything inside the block."""
    exporter = InMemorySpanExporter()
    tracer = OpenTelemetryTracer("test", "test", SimpleSpanProcessor(exporter))
    trace_by(tracer)
    try:
        yield KeptSpans(exporter)
    finally:
        trace_by(None)
        tracer.close()
