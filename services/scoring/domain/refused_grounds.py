"""What never scores, by name: so that who writes it into a rule book reads why, not only that it is unknown.

The whitelist decides; this only gives its refusals a reason people understand. What nobody thought of is refused by
the whitelist without one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.scoring.domain.rule_check import Fault

_PARTS = re.compile(r"[^a-z0-9\u4e00-\u9fff]+")
_FIELDS = frozenset({"to", "day"})
"""Entries of a rule that name a field of its fact, beside the keys of `where`."""
_Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class RefusedGround:
    """Something that never scores: what it is called, the words events and fields of it are known by, and why.

    A name is one or several words of an event's or a field's name, in this order, side by side: `sign-in`,
    `problem.raised`.
    """

    title: str
    names: tuple[str, ...]
    reason: str
    source: str

    def is_meant_by(self, name: str) -> bool:
        """Whether an event or a field of that name speaks of it."""
        words = _words(name)
        return any(_words(each) in words for each in self.names)


@dataclass(frozen=True, slots=True)
class RefusedGrounds:
    """All that never scores."""

    grounds: tuple[RefusedGround, ...]

    def reason_of(self, name: str) -> str | None:
        """Why nothing of that name scores; None when only the whitelist can tell."""
        ground = next((each for each in self.grounds if each.is_meant_by(name)), None)
        return None if ground is None else f"{ground.title}（{name}）不得计分：{ground.reason}（{ground.source}）"

    def explained(self, found: Sequence[Fault], data: object) -> tuple[Fault, ...]:
        """The faults found in a book of this content, with the reason instead wherever it tries what never scores.

        `data` is the book as it was written, sound or not.
        """
        refused = tuple(self._refused(data))
        told = [Fault(place, reason) for place, _, reason in refused]
        named = {(place, name) for place, name, _ in refused}
        left = [fault for fault in found if not any(fault.place == at and name in fault.reason for at, name in named)]
        return tuple(dict.fromkeys((*left, *told)))

    def _refused(self, data: object) -> Iterator[tuple[_Place, str, str]]:
        for place, name in _named((), data):
            reason = self.reason_of(name)
            if reason is not None:
                yield place, name, reason


def _named(place: _Place, data: object) -> Iterator[tuple[_Place, str]]:
    """The names of events and fields a book speaks of, with the place of each."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            there = (*place, key)
            if key == "on":
                yield from ((there, str(name)) for name in _several(value))
            elif key == "where" and isinstance(value, Mapping):
                yield from (((*there, field), str(field)) for field in value)
            elif key in _FIELDS and isinstance(value, str):
                yield there, value
            else:
                yield from _named(there, value)
    elif isinstance(data, list):
        for index, item in enumerate(data):
            yield from _named((*place, index), item)


def _several(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else (value,)


@lru_cache(maxsize=1024)  # the same few names stand in every rule of every book
def _words(name: str) -> str:
    """`visits.sign_in.done.v1` → ` visits sign in done v1 `: words stand in others as a text does in a text."""
    return f" {' '.join(word for word in _PARTS.split(name.lower()) if word)} "
