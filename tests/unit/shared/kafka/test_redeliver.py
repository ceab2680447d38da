"""Which dead letters are sent again, and which stay."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.kafka.producer import Outcome, Outgoing, Refusal, Unsent
from shared.kafka.redeliver import _send
from shared.kernel.errors import Unavailable


@dataclass
class Letter:
    """A record of `.rejected`, as the client gives it."""

    reason: str
    key: bytes = b"branch"
    value: bytes | None = b"{}"
    headers: list[tuple[str, bytes]] = field(init=False)

    def __post_init__(self) -> None:
        told = {"ce_id": "1", "xf_consumer": "scoring", "xf_reason": self.reason, "xf_origin": "visits.events/0/7"}
        self.headers = [(name, text.encode()) for name, text in told.items()]


class Broker:
    """Answers every message alike, and keeps what came."""

    def __init__(self, outcome: Outcome = None) -> None:
        self.outcome = outcome
        self.sent: list[Outgoing] = []

    async def publish(self, batch: Sequence[Outgoing]) -> Sequence[Outcome]:
        self.sent += batch
        return [self.outcome for _ in batch]

    async def close(self) -> None:
        """Nothing to let go."""


async def send(broker: Any, reason: str) -> bool:
    return await _send(broker, Letter(reason), "scoring")


async def test_what_was_mended_goes_back_to_its_topic_for_the_one_that_rejected_it() -> None:
    broker = Broker()

    assert await send(broker, "branch.unknown")
    [again] = broker.sent
    assert (again.topic, again.message.headers) == (
        "visits.events",
        (("ce_id", b"1"), ("xf_redeliver_for", b"scoring")),
    )


@pytest.mark.parametrize("reason", ["null", "too_large", "invalid_utf8", "broken_json"])
async def test_what_lies_in_the_bytes_stays(reason: str) -> None:
    broker = Broker()

    assert (await send(broker, reason), broker.sent) == (False, [])


@pytest.mark.parametrize("outcome", [Refusal("too large for the topic"), Unsent("away")])
async def test_what_the_broker_does_not_take_now_keeps_its_place(outcome: Outcome) -> None:
    with pytest.raises(Unavailable, match=r"too large|away"):
        await send(Broker(outcome), "branch.unknown")
