"""Whoever asks whether a process is ready hears it before he gives up."""

import socket
import time

from shared.mongo.client import StoreCheck, connect

PROBES_WAIT_SECONDS = 5.0
"""Kubernetes' probes and Docker's health check; Prometheus waits ten."""


async def test_a_store_that_is_silent_is_told_within_half_the_time_a_probe_waits() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"mongodb://127.0.0.1:{silent.getsockname()[1]}/?directConnection=true"
        async with connect(url) as client:
            asked = time.monotonic()
            missing = await StoreCheck(client).missing()
            waited = time.monotonic() - asked

    assert missing == "does not answer"
    assert waited < PROBES_WAIT_SECONDS / 2
