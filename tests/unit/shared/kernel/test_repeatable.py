"""A change asked for again after its answer was lost."""

import pytest

from shared.kernel.errors import Stale
from shared.kernel.repeatable import repeatable


class Sheet:
    """Something to write on; an earlier try of the same request may get through while this one saves."""

    def __init__(self, *overtaken_by: str) -> None:
        self.text, self.revision = "", 1
        self._overtaken_by = list(overtaken_by)

    @repeatable
    async def write(self, text: str, seen: int) -> str:
        if self.text == text:
            return self.text
        if self.revision != seen:
            raise Stale
        if self._overtaken_by:
            self.text, self.revision = self._overtaken_by.pop(), self.revision + 1
            raise Stale
        self.text, self.revision = text, self.revision + 1
        return self.text


async def test_overtaken_by_its_own_first_try_it_finds_done_what_it_asks_for() -> None:
    sheet = Sheet("solved")

    assert (await sheet.write("solved", seen=1), sheet.revision) == ("solved", 2)


async def test_overtaken_by_somebody_else_it_is_refused() -> None:
    with pytest.raises(Stale):
        await Sheet("something else").write("solved", seen=1)


async def test_an_old_revision_is_refused_all_the_same() -> None:
    sheet = Sheet()
    await sheet.write("first", seen=1)

    with pytest.raises(Stale):
        await sheet.write("second", seen=1)
