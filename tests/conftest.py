"""What all tests share: unit tests open no sockets, others may ask for real engines."""

import gc
import signal
import threading
from collections.abc import Iterator

import pytest
import structlog
from pytest_socket import disable_socket, enable_socket

from deploy.local.stack import Stack
from tests.running import running_stack
from tests.tried import register_profiles

register_profiles()


def pytest_configure() -> None:
    """Told to end, take down what was started: a stack left behind would keep its ports and memory.

    What code under test logs is shown plainly: drawing a trace with all its values takes seconds.
    """
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no need to look through it for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_sockets_in_unit_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    offline = "tests/unit/" in request.node.path.as_posix()
    if offline:
        disable_socket(allow_unix_socket=True)
    yield
    if offline:
        enable_socket()


@pytest.fixture(scope="session")
def mongod() -> Iterator[Stack]:
    """A real mongod, ready in a second or two."""
    with running_stack(["mongod"]) as stack:
        yield stack


@pytest.fixture(scope="session")
def engines() -> Iterator[Stack]:
    """A real mongod and a real Kafka with its topics."""
    with running_stack(["mongod", "kafka"]) as stack:
        yield stack
