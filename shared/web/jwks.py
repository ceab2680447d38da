"""The issuer's public keys: cached, kept while identity is away, asked again for an unknown kid at most every 30 s."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.kernel.errors import Unavailable
from shared.telemetry.logs import logger

log = logger(__name__)
Fetch = Callable[[], Awaitable[Mapping[str, Any]]]
_ASK_AGAIN_SECONDS = 30.0
_REFRESH_SECONDS = 300.0
_TIMEOUT_SECONDS = 3.0
_KINDS = frozenset({"RSA", "EC"})
"""What a signature of RS256, PS256 or ES256 is verified by; a secret (`oct`) has no place among published keys."""


def fetch_from(url: str, authority: Path | None = None) -> Fetch:
    """A fetch of the JWKS over HTTP: the one call between services there is.

    `authority` is trusted beside those of the system; raises OSError for one that cannot be read.
    """
    trusted = ssl.create_default_context()
    if authority is not None:
        trusted.load_verify_locations(authority)

    async def fetch() -> Mapping[str, Any]:
        async with httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, verify=trusted) as client:
            response = await client.get(url)
            response.raise_for_status()
            keys: Mapping[str, Any] = response.json()
            return keys

    return fetch


class Jwks:
    """The keys tokens may be signed with; as a readiness check it is missing until it has seen them once."""

    name = "signing keys"

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._keys: KeySet | None = None
        self._asked = float("-inf")
        self._lock = asyncio.Lock()

    async def keys_for(self, kid: str | None) -> KeySet:
        """The key set, asked for again when it does not hold the kid or is old; whoever needs no news does not wait.

        Raises Unavailable while no key was ever seen.
        """
        if not self._holds(kid) or (self._is_old() and not self._lock.locked()):
            async with self._lock:
                if not self._holds(kid) or self._is_old():
                    await self._ask()
        if self._keys is None:
            raise Unavailable("identity keys")
        return self._keys

    async def missing(self) -> str | None:
        """What is missing: the keys, while identity was never reached."""
        try:
            await self.keys_for(None)
        except Unavailable:
            return "the issuer's keys were never read"
        return None

    def _holds(self, kid: str | None) -> bool:
        if self._keys is None:
            return False
        return kid is None or any(key.kid == kid for key in self._keys.keys)

    def _is_old(self) -> bool:
        return time.monotonic() - self._asked > _REFRESH_SECONDS

    async def _ask(self) -> None:
        wait = 1.0 if self._keys is None else _ASK_AGAIN_SECONDS
        if time.monotonic() - self._asked < wait:
            return
        try:
            document = await self._fetch()
            self._keys = KeySet.import_key_set({"keys": _that_verify(document["keys"])})
        except (httpx.HTTPError, OSError, LookupError, ValueError, TypeError, AttributeError, JoseError) as error:
            log.warning("the issuer's keys could not be read; those known stay in use", error=repr(error))
        finally:
            # When the question ended: whoever waited for it meanwhile is answered by it too.
            self._asked = time.monotonic()


def _that_verify(published: Iterable[Mapping[str, Any]]) -> list[Any]:
    """The keys that verify signatures: another issuer may publish others beside them. Raises LookupError for none."""
    found = [key for key in published if key["kty"] in _KINDS and key.get("use", "sig") == "sig"]
    if not found:
        raise LookupError("no key that verifies signatures")
    return found
