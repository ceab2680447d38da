"""The health check of an image: the process of this container is asked what every process serves."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from deploy.containers import ready


class Process(BaseHTTPRequestHandler):
    """Ready or not, as the server says."""

    def do_GET(self) -> None:
        status = self.server.answers if self.path == "/readyz" else 404  # type: ignore[attr-defined]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(b'{"missing":{"mongodb":"away"}}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nobody reads it."""


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Process) as server:
        monkeypatch.setenv("XIANFENG_PORT", str(server.server_port))
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("answers", "status"), [(200, 0), (503, 1)])
def test_a_container_is_healthy_when_its_process_is_ready(answers: int, status: int, process: HTTPServer) -> None:
    process.answers = answers  # type: ignore[attr-defined]

    assert ready.main() == status


def test_what_is_missing_is_kept_in_the_health_log(process: HTTPServer, capsys: pytest.CaptureFixture[str]) -> None:
    process.answers = 503  # type: ignore[attr-defined]
    ready.main()

    assert '"mongodb":"away"' in capsys.readouterr().out


def test_a_container_in_which_nothing_listens_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIANFENG_PORT", "1")

    assert ready.main() == 1
