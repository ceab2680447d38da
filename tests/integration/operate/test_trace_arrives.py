"""A collector gets one trace of a visit, from three processes that know one another by Kafka alone."""

import gzip
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from shared.events.visits import VisitLogged
from shared.kernel.access import Role
from shared.kernel.ids import new_id
from shared.testing.access import a_caller
from tests.people import token
from tests.running import running_stack
from tests.seeding import TOWNSHIP, Seed, seed

_PROCESSES = ["mongod", "kafka", "identity-api", "visits-api", "visits-worker", "scoring-worker"]
_SEED = Seed.of(1, date(2026, 1, 5))
_PATIENCE_SECONDS = 30.0
_EXPECTED = {
    ("visits-api", "POST /api/visits/visits"),
    ("visits-worker", f"publish {VisitLogged.TYPE}"),
    ("scoring-worker", f"fold {VisitLogged.TYPE}"),
    ("scoring-worker", "add to ledger"),
    ("scoring-worker", "enter scorecards"),
}


class Collector(ThreadingHTTPServer):
    """Keeps (trace id, service, span) of everything that is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.spans: list[tuple[str, str, str]] = []

    def of(self, trace_id: str) -> set[tuple[str, str]]:
        return {(service, name) for trace, service, name in self.spans if trace == trace_id}


class _Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            [service] = [each.value.string_value for each in resource.resource.attributes if each.key == "service.name"]
            for scope in resource.scope_spans:
                self.server.spans += [(span.trace_id.hex(), service, span.name) for span in scope.spans]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    yield collector
    collector.shutdown()
    collector.server_close()


def test_one_trace_of_a_visit_arrives(collector: Collector) -> None:
    address = f"http://127.0.0.1:{collector.server_address[1]}"
    with running_stack(_PROCESSES, {"OTEL_EXPORTER_OTLP_ENDPOINT": address}) as stack:
        seed(stack, _SEED)
        answer = httpx.post(
            f"{stack.urls['visits-api']}/api/visits/visits",
            json={
                "id": new_id(),
                "cadre_id": _SEED.cadres[0],
                "branch_id": _SEED.branches[0],
                "occurred_at": "2026-11-10T09:30:00+08:00",
                "note": "走访",
            },
            headers={"Authorization": f"Bearer {token(stack, a_caller(Role.ORGANISER, TOWNSHIP))}"},
        )
        trace_id = answer.headers["x-request-id"].replace("-", "")
        patience = time.monotonic() + _PATIENCE_SECONDS
        while not _EXPECTED.issubset(collector.of(trace_id)) and time.monotonic() < patience:
            time.sleep(0.2)

    assert answer.status_code == 201
    assert collector.of(trace_id) == _EXPECTED
