"""Chance that is the same every time: drawn from a digest of what is drawn for, never from a running generator."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

SEED = "demo 2023"
_BYTES = 8
T = TypeVar("T")


def share(*parts: object) -> float:
    """A number from 0 up to 1 that belongs to these parts alone."""
    text = "\x1f".join(str(part) for part in (SEED, *parts))
    digest = hashlib.sha256(text.encode()).digest()[:_BYTES]
    return int.from_bytes(digest, "big") / float(256**_BYTES)


def between(lowest: int, highest: int, *parts: object) -> int:
    """A whole number, both bounds included."""
    return lowest + int(share(*parts) * (highest - lowest + 1))


def one_of(choices: Sequence[T], *parts: object) -> T:
    """One of the choices; name one twice to make it twice as likely."""
    return choices[between(0, len(choices) - 1, *parts)]
