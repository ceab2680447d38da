"""A build (得分版本): a generation with the results kept under its name: one is live, others stand beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Self

from services.scoring.domain.generation import Generation
from services.scoring.domain.rule_book import RuleBook

BuildState = Literal["building", "ready", "live", "kept", "failed"]
STATE_TITLES: dict[BuildState, str] = {
    "building": "生成中",
    "ready": "待启用",
    "live": "启用",
    "kept": "保留",
    "failed": "已放弃",
}
REASON_TITLES = {"shipped": "随版本发布", "published": "细则公布", "rebuilt": "重新生成", "gone back": "切换回退"}
_REBUILT = "~"


@dataclass(frozen=True, slots=True)
class Build:
    """A generation's results under a name of their own: its digest, and for a rebuild a number behind it.

    building: facts are being read from the first on, new ones are folded as well. ready: complete, not shown. live:
    shown to people and told. kept: was live, no new facts; going back builds it up to date first. failed: given up.
    No name is ever given twice (`domain.build_register`).
    """

    id: str
    generation: Generation
    state: BuildState
    asked_at: datetime
    reason: str
    """Why it was made: shipped, published, rebuilt, gone back."""
    facts: int = 0
    """How many facts it has read so far while it is built."""
    shown: int = 0
    """Which switch showed it, counted from zero for the first build: the live one's is the largest of all."""

    @classmethod
    def first(cls, generation: Generation, at: datetime) -> Self:
        """The one a platform begins with: live at once, since no fact was folded before it."""
        return cls(generation.id, generation, "live", at, "shipped")

    def again(self, number: int, at: datetime) -> Self:
        """The same generation built anew beside this one."""
        return replace(
            self, id=f"{self.generation.id}{_REBUILT}{number}", state="building", asked_at=at, reason="rebuilt", facts=0
        )

    @property
    def is_folded(self) -> bool:
        """Whether new facts are folded into it."""
        return self.state in {"building", "ready", "live"}


def books_together(shipped: Iterable[RuleBook], published: Iterable[RuleBook]) -> tuple[RuleBook, ...]:
    """The books shipped and published, each version of a standard once.

    A later release may be shipped with what was published meanwhile; its words may be others, but what a county
    published stays as it was published.
    """
    found = {(book.standard, book.version): book for book in shipped}
    found.update({(book.standard, book.version): book for book in published})
    return tuple(found.values())
