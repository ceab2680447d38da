"""The signing key is changed while everybody goes on: no good token is refused and no bad one is believed.

Real keys, real tokens, the real verifier of the services; only time is steered. The gateway stands here as what it
does with keys: it reads them every five minutes and asks for no unknown one.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from services.identity.adapters.jwt_tokens import JwtTokens
from services.identity.adapters.key_folder import KeyFolder, SigningKey
from services.identity.domain.session import ACCESS_LASTS
from shared.kernel.clock import wall_now
from shared.web.access import JwtVerifier
from shared.web.jwks import Jwks
from shared.web.problem import Unauthenticated
from tests.unit.identity.conftest import AUDIENCE, ISSUER, an_account

MINUTE = 60.0
STEP = 30.0
GATEWAY_KEEPS = 300.0
REMOVED_AFTER = 30 * MINUTE
"""So long after a new key, its predecessor's file may be removed (README)."""


@dataclass(slots=True)
class Time:
    """Wall and monotonic time at once."""

    seconds: float

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


@pytest.fixture
def steered(monkeypatch: pytest.MonkeyPatch) -> Time:
    steered = Time(float(int(wall_now().timestamp())))
    for name in ("time", "monotonic"):
        monkeypatch.setattr(f"shared.web.jwks.time.{name}", steered)
    for module in ("services.identity.adapters.key_folder", "shared.web.access"):
        monkeypatch.setattr(f"{module}.wall_now", steered.now)
    return steered


@dataclass(slots=True)
class Gateway:
    """Keys for five minutes, from one answer of identity alone."""

    fetch: Callable[[], dict[str, Any]]
    read_at: float = float("-inf")
    keys: KeySet = field(default_factory=lambda: KeySet([]))

    def lets_through(self, token: str, now: float) -> bool:
        if now - self.read_at >= GATEWAY_KEEPS:
            self.keys, self.read_at = KeySet.import_key_set({"keys": self.fetch()["keys"]}), now
        try:
            jwt.decode(token, self.keys, algorithms=["RS256"])
        except Exception:  # noqa: BLE001 - whatever it is, the token does not pass
            return False
        return True


def a_service(published: KeyFolder, *, away: Callable[[], bool] = lambda: False) -> JwtVerifier:
    async def fetch() -> dict[str, Any]:
        if away():
            raise OSError("identity is away")
        return published.public()

    return JwtVerifier(Jwks(fetch), ISSUER, AUDIENCE)


async def believed(service: JwtVerifier, token: str) -> bool:
    try:
        await service.caller(token)
    except Unauthenticated:
        return False
    return True


async def make_key(folder: Path, steered: Time) -> None:
    name = await KeyFolder(folder).add()
    os.utime(folder / name, (steered.seconds, steered.seconds))


def remove_the_oldest(folder: Path) -> None:
    min(folder.glob("signing-*.pem")).unlink()


async def test_three_keys_in_a_row_refuse_no_good_token_and_believe_no_bad_one(tmp_path: Path, steered: Time) -> None:
    await make_key(tmp_path, steered)
    # Two processes of identity, each looking into the folder at its own moments; the answers come from either.
    issuing, publishing = KeyFolder(tmp_path), KeyFolder(tmp_path)
    tokens, account = JwtTokens(issuing.signing, issuer=ISSUER, audience=AUDIENCE), an_account()
    begun, stranger = steered.seconds, RSAKey.generate_key(2048)
    services: list[JwtVerifier] = []
    gateways: list[Gateway] = []
    good: list[tuple[float, str]] = []
    wrong: list[tuple[float, str]] = []
    signed_by: set[str] = set()
    changes = [(1 + number * 60) * MINUTE for number in range(3)]
    while steered.seconds - begun < 170 * MINUTE:
        passed, now = steered.seconds - begun, steered.seconds
        if passed in changes:
            await make_key(tmp_path, steered)
        if passed - REMOVED_AFTER in changes:
            remove_the_oldest(tmp_path)
        if len(services) < 4:  # each began at another moment
            services.append(a_service(publishing))
            gateways.append(Gateway(publishing.public))
        signing = issuing.signing()
        signed_by.add(signing.kid)
        good.append((now + ACCESS_LASTS.total_seconds(), await tokens.access(account, steered.now())))
        forged = JwtTokens(
            lambda kid=signing.kid: SigningKey(kid, stranger),  # type: ignore[misc]
            issuer=ISSUER,
            audience=AUDIENCE,
        )
        bad = await forged.access(account, steered.now())
        good = [each for each in good if each[0] > now]
        newest, oldest = good[-1][1], good[0][1]
        for service, gateway in zip(services, gateways, strict=True):
            passing = [
                gateway.lets_through(token, now) and await believed(service, token) for token in (newest, oldest)
            ]
            if not all(passing):
                wrong.append((passed, "refused a good one"))
            if gateway.lets_through(bad, now) or await believed(service, bad):
                wrong.append((passed, "believed a bad one"))
        steered.seconds += STEP

    assert wrong == []
    assert len(signed_by) == 4


async def test_a_removed_key_is_worth_nothing_after_five_minutes(tmp_path: Path, steered: Time) -> None:
    await make_key(tmp_path, steered)
    folder = KeyFolder(tmp_path)
    old, service = folder.signing(), a_service(folder)
    await make_key(tmp_path, steered)
    steered.seconds += REMOVED_AFTER
    stolen = await JwtTokens(lambda: old, issuer=ISSUER, audience=AUDIENCE).access(an_account(), steered.now())
    assert await believed(service, stolen)

    remove_the_oldest(tmp_path)
    steered.seconds += GATEWAY_KEEPS + 20  # and the 10 s after which identity looks into its folder again

    assert not await believed(service, stolen)


async def test_a_service_that_lost_sight_of_identity_goes_on_with_what_it_knows(tmp_path: Path, steered: Time) -> None:
    await make_key(tmp_path, steered)
    folder, away = KeyFolder(tmp_path), False
    tokens, service = JwtTokens(folder.signing, issuer=ISSUER, audience=AUDIENCE), a_service(folder, away=lambda: away)
    assert await believed(service, await tokens.access(an_account(), steered.now()))

    await make_key(tmp_path, steered)
    steered.seconds += 11 * MINUTE
    away = False
    assert await believed(service, await tokens.access(an_account(), steered.now()))
    away = True
    steered.seconds += 60 * MINUTE

    assert await believed(service, await tokens.access(an_account(), steered.now()))
