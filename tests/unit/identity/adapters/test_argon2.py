"""Password hashes: argon2id, a few at once, a queue that ends."""

import asyncio

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from services.identity.adapters.argon2 import Argon2Passwords
from shared.kernel.errors import Unavailable


@pytest.fixture
def passwords() -> Argon2Passwords:
    return Argon2Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))


async def test_a_hash_verifies_its_password_alone(passwords: Argon2Passwords) -> None:
    hashed = await passwords.hash("好密码好密码")

    assert hashed.startswith("$argon2id$")
    assert await passwords.verify("好密码好密码", hashed)
    assert not await passwords.verify("坏密码坏密码", hashed)


async def test_without_a_hash_nothing_is_right(passwords: Argon2Passwords) -> None:
    assert not await passwords.verify("nobody's password", None)


async def test_text_that_is_no_unicode_is_just_wrong(passwords: Argon2Passwords) -> None:
    assert not await passwords.verify("\ud800", await passwords.hash("好密码好密码"))


async def test_too_many_at_once_are_told_to_come_again(passwords: Argon2Passwords) -> None:
    asked = [passwords.verify("guess", None) for _ in range(100)]
    answers = await asyncio.gather(*asked, return_exceptions=True)

    assert sum(isinstance(answer, Unavailable) for answer in answers) == 40
