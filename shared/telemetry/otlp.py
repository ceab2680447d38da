"""Our spans by OpenTelemetry's SDK, sent by OTLP over HTTP; imported only where an endpoint is set."""

import secrets
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult

from shared.telemetry.spans import Attributes, Kind

_KINDS: Mapping[Kind, trace.SpanKind] = {
    "server": trace.SpanKind.SERVER,
    "producer": trace.SpanKind.PRODUCER,
    "consumer": trace.SpanKind.CONSUMER,
    "internal": trace.SpanKind.INTERNAL,
}
_ANSWER_SECONDS = 2.0
"""Above what a collector needs, far below the ten seconds a process is given to stop."""
_NONE: Attributes = {}
_RANDOM = (1 << 48) - 1
_TRACE_ID: ContextVar[int | None] = ContextVar("trace id", default=None)


class OpenTelemetryTracer:
    """Makes spans; what becomes of them is the processor's business."""

    def __init__(self, service: str, process: str, processor: SpanProcessor, *, share: float = 1.0) -> None:
        """`share` of the traces that begin here are kept; who goes on with a trace does as its beginner did."""
        resource = Resource.create({"service.name": f"{service}-{process}", "service.namespace": "xianfeng"})
        self._provider = TracerProvider(ParentBased(_Share(share)), resource, id_generator=_GivenIds())
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("xianfeng")

    def begin(
        self, name: str, kind: Kind, parent: str, *, root: bool = False, attributes: Attributes = _NONE
    ) -> "_Span":
        """Begin a step; under a trace that is not kept it is not kept either."""
        _, trace_id, span_id, flags = parent.split("-")
        context = Context()
        if root:
            _TRACE_ID.set(int(trace_id, 16))
        else:
            above = trace.SpanContext(
                int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=trace.TraceFlags(int(flags, 16))
            )
            context = trace.set_span_in_context(trace.NonRecordingSpan(above), context)
        span = self._tracer.start_span(name, context, _KINDS[kind], attributes)
        return _Span(span)

    def close(self) -> None:
        """Send what was not sent yet."""
        self._provider.shutdown()


def exporting_tracer(service: str, process: str, endpoint: str, share: float) -> OpenTelemetryTracer:
    """A tracer that sends to the collector at that address, in a thread; while it is away spans are dropped."""
    exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces", timeout=_ANSWER_SECONDS)
    return OpenTelemetryTracer(service, process, BatchSpanProcessor(exporter), share=share)


class _Span:
    """A span of the SDK."""

    def __init__(self, span: Any) -> None:
        self._span = span

    @property
    def traceparent(self) -> str:
        context = self._span.get_span_context()
        return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"

    def name(self, name: str) -> None:
        self._span.update_name(name)

    def failed(self, reason: str) -> None:
        self._span.set_status(trace.Status(trace.StatusCode.ERROR, reason))

    def end(self, attributes: Attributes = _NONE) -> None:
        if attributes:
            self._span.set_attributes(attributes)
        self._span.end()


class _GivenIds(IdGenerator):
    """The id of a trace is the request's, as the gateway's log and people quote it."""

    def generate_span_id(self) -> int:
        return secrets.randbits(64) or 1

    def generate_trace_id(self) -> int:
        return _TRACE_ID.get() or secrets.randbits(128) or 1


class _Share(Sampler):
    """Keeps this share of the traces, by their ids, so that every process would decide alike.

    The SDK's own looks at the upper bits of the id's lower half. Our ids are the gateway's UUIDs, in which these say
    "UUID" and nothing else: it would keep none or all. The last 48 bits are random.
    """

    def __init__(self, share: float) -> None:
        self._below = round(share * (_RANDOM + 1))
        self._share = share

    def should_sample(  # noqa: PLR0917 - the SDK's
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: trace.SpanKind | None = None,
        attributes: Any = None,
        links: Sequence[trace.Link] | None = None,
        trace_state: trace.TraceState | None = None,
    ) -> SamplingResult:
        """Keep it or not."""
        del parent_context, name, kind, links, trace_state
        kept = trace_id & _RANDOM < self._below
        return SamplingResult(Decision.RECORD_AND_SAMPLE if kept else Decision.DROP, attributes if kept else None)

    def get_description(self) -> str:
        return f"a share of {self._share}"
