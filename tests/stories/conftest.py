"""The whole platform, started once for all stories."""

from collections.abc import Iterator

import pytest

from deploy.local.stack import Stack
from tests.running import running_stack


@pytest.fixture(scope="session")
def platform() -> Iterator[Stack]:
    """Everything `make up` starts, without the demo, under the steered clock; it logs all there is to log."""
    with running_stack(environment={"XIANFENG_LOG_LEVEL": "debug"}) as stack:
        yield stack
