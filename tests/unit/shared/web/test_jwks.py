"""The issuer's keys: read once, kept while identity is away, asked for again seldom."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from shared.kernel.errors import Unavailable
from shared.web.jwks import Jwks
from tests.unit.shared.web.signing import public


@dataclass(slots=True)
class Identity:
    """Answers with these keys, or not at all; counts how often it was asked."""

    keys: dict[str, Any] = field(default_factory=lambda: public("first"))
    away: bool = False
    asked: int = 0
    slow: asyncio.Event | None = None

    async def fetch(self) -> dict[str, Any]:
        self.asked += 1
        if self.slow is not None:
            await self.slow.wait()
        if self.away:
            raise httpx.ConnectError("away")
        return self.keys


@dataclass(slots=True)
class Monotonic:
    """The process's own clock, moved by the test."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def identity() -> Identity:
    return Identity()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Monotonic:
    clock = Monotonic()
    monkeypatch.setattr("shared.web.jwks.time.monotonic", clock)
    return clock


async def kids(jwks: Jwks, kid: str | None) -> list[str | None]:
    return [key.kid for key in (await jwks.keys_for(kid)).keys]


async def test_known_keys_are_asked_for_once(identity: Identity, clock: Monotonic) -> None:
    jwks = Jwks(identity.fetch)
    for _ in range(100):
        clock.seconds += 1
        await jwks.keys_for("first")

    assert identity.asked == 1


async def test_an_unknown_kid_is_asked_for_at_most_every_thirty_seconds(identity: Identity, clock: Monotonic) -> None:
    jwks = Jwks(identity.fetch)
    await jwks.keys_for("first")
    for _ in range(120):
        clock.seconds += 1
        await jwks.keys_for("unknown")

    assert identity.asked == 1 + 4


async def test_a_new_key_is_found_when_a_token_names_it(identity: Identity, clock: Monotonic) -> None:
    jwks = Jwks(identity.fetch)
    await jwks.keys_for("first")
    identity.keys = public("first", "second")
    clock.seconds += 31

    assert await kids(jwks, "second") == ["first", "second"]


async def test_a_key_no_longer_published_is_forgotten_in_five_minutes(identity: Identity, clock: Monotonic) -> None:
    jwks = Jwks(identity.fetch)
    identity.keys = public("first", "second")
    await jwks.keys_for("first")
    identity.keys = public("second")
    clock.seconds += 301
    await jwks.keys_for("first")

    assert await kids(jwks, "second") == ["second"]


async def test_keys_are_kept_while_identity_is_away(identity: Identity, clock: Monotonic) -> None:
    jwks = Jwks(identity.fetch)
    await jwks.keys_for("first")
    identity.away = True
    for _ in range(100):
        clock.seconds += 60
        assert await kids(jwks, "first") == ["first"]


@pytest.mark.parametrize("answer", [{}, {"keys": [{"kty": "none"}]}, {"keys": None}, {"keys": [1]}, []])
async def test_an_answer_that_is_no_key_set_changes_nothing(
    identity: Identity, clock: Monotonic, answer: dict[str, Any]
) -> None:
    jwks = Jwks(identity.fetch)
    await jwks.keys_for("first")
    identity.keys = answer
    clock.seconds += 301

    assert await kids(jwks, "first") == ["first"]


async def test_before_the_first_answer_nothing_can_be_verified(identity: Identity, clock: Monotonic) -> None:
    jwks = Jwks(identity.fetch)
    identity.away = True
    with pytest.raises(Unavailable):
        await jwks.keys_for("first")
    assert await jwks.missing() is not None

    identity.away = False
    clock.seconds += 2

    assert await jwks.missing() is None


async def test_while_one_asks_for_news_the_others_go_on(identity: Identity, clock: Monotonic) -> None:
    jwks = Jwks(identity.fetch)
    await jwks.keys_for("first")
    clock.seconds += 301
    identity.slow = asyncio.Event()
    asking = asyncio.create_task(jwks.keys_for("first"))
    await asyncio.sleep(0)

    assert await asyncio.wait_for(kids(jwks, "first"), 1) == ["first"]
    identity.slow.set()
    await asking


async def test_many_who_wait_for_an_identity_that_hangs_are_all_told_at_its_first_time_out(
    identity: Identity, clock: Monotonic
) -> None:
    jwks = Jwks(identity.fetch)
    identity.away, identity.slow = True, asyncio.Event()
    asking = [asyncio.create_task(jwks.keys_for("first")) for _ in range(10)]
    await asyncio.sleep(0)
    clock.seconds += 3
    identity.slow.set()
    told = await asyncio.gather(*asking, return_exceptions=True)

    assert ([type(one) for one in told], identity.asked) == ([Unavailable] * 10, 1)


async def test_many_who_need_the_first_keys_ask_once(identity: Identity, clock: Monotonic) -> None:
    jwks = Jwks(identity.fetch)
    await asyncio.gather(*(jwks.keys_for("first") for _ in range(20)))

    assert (identity.asked, clock.seconds) == (1, 1000.0)
