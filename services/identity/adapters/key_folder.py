"""The issuer's RSA keys: one PEM file each in a folder only we may read; any number of processes may share it."""

import asyncio
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey

from shared.kernel.clock import wall_now
from shared.kernel.errors import Unavailable

ALGORITHM = "RS256"
_BITS = 2048
_PUBLISHED_SECONDS = 600.0
"""A new key is published this long before it signs: the gateway and the services keep keys for 300 s."""
_LOOK_AGAIN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key and the name tokens call it by."""

    kid: str
    key: RSAKey

    def public(self) -> dict[str, Any]:
        """The half everybody may see, as a JWK."""
        return {**self.key.as_dict(private=False), "kid": self.kid, "use": "sig", "alg": ALGORITHM}


class KeyFolder:
    """Files `signing-<n>.pem`; all are published, the newest that was published long enough signs.

    To change the key: `python -m services.identity new-key`; half an hour later the older file may be removed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, SigningKey] = {}
        self._ages: list[tuple[int, float]] = []
        self._looked = float("-inf")

    async def ensure(self) -> None:
        """Make the first key unless there is one; several processes doing so at once end with the same."""
        if not self._numbers():
            await asyncio.to_thread(self._write, 1)
        self._look()

    async def add(self) -> str:
        """Make another key; returns the name of its file."""
        number = max(self._numbers(), default=0) + 1
        await asyncio.to_thread(self._write, number)
        return _name(number)

    def signing(self) -> SigningKey:
        """The key that signs now; raises Unavailable while there is none."""
        self._look_sometimes()
        now = wall_now().timestamp()
        if not self._ages:
            raise Unavailable("signing keys")
        ready = [number for number, since in self._ages if now - since >= _PUBLISHED_SECONDS]
        number = max(ready) if ready else min(number for number, _ in self._ages)
        return self._read[_name(number)]

    def public(self) -> dict[str, Any]:
        """The JWKS: every key, the oldest first."""
        self._look_sometimes()
        return {"keys": [self._read[_name(number)].public() for number, _ in self._ages]}

    def _look_sometimes(self) -> None:
        if time.monotonic() - self._looked >= _LOOK_AGAIN_SECONDS:
            self._look()

    def _look(self) -> None:
        self._looked = time.monotonic()
        numbers = self._numbers()
        if not numbers:
            return  # what is known stays in use: a folder that was emptied by mistake signs nobody out
        for name in map(_name, numbers):
            if name not in self._read:
                key = RSAKey.import_key((self._folder / name).read_bytes())
                self._read[name] = SigningKey(key.thumbprint(), key)
        self._ages = [(number, (self._folder / _name(number)).stat().st_mtime) for number in numbers]

    def _numbers(self) -> list[int]:
        names = (path.stem.removeprefix("signing-") for path in self._folder.glob("signing-*.pem"))
        return sorted(int(name) for name in names if name.isdecimal())

    def _write(self, number: int) -> None:
        """Write a new key whole or not at all; whoever is first gives the number its key."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = RSAKey.generate_key(_BITS, auto_kid=False).as_pem(private=True)
        handle, beside = tempfile.mkstemp(dir=self._folder, prefix=".signing-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            os.link(beside, self._folder / _name(number))
        except FileExistsError:
            return
        finally:
            Path(beside).unlink()


def _name(number: int) -> str:
    return f"signing-{number}.pem"
