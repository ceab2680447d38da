"""Passwords by argon2id."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from shared.kernel.errors import Unavailable

P = ParamSpec("P")
R = TypeVar("R")
_AT_ONCE = 2
"""Each takes 64 MiB and a core for about 110 ms, so more at once would be no faster."""
_LONGEST_QUEUE = 60
"""About 4 seconds of waiting; who comes later is told to come again, before the gateway gives up."""


class Argon2Passwords:
    """Hashes in threads of its own, a few at once; `hasher` is a weaker one in tests."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        self._hasher = PasswordHash((hasher or Argon2Hasher(),))
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="argon2")
        self._queue = 0
        self._nobody = self._hasher.hash("nobody's password")

    async def hash(self, password: str) -> str:
        """The hash to store."""
        return await self._queued(self._hasher.hash, _bytes(password))

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the hashed one; without a hash it takes as long and is never right."""
        right = await self._queued(self._hasher.verify, _bytes(password), hashed or self._nobody)
        return right and hashed is not None

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _queued(self, work: Callable[P, R], *arguments: P.args, **_: P.kwargs) -> R:
        if self._queue >= _LONGEST_QUEUE:
            raise Unavailable("password check")
        self._queue += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        finally:
            self._queue -= 1


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", errors="surrogatepass")
