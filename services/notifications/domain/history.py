"""What was published about an obligation, and which of it still holds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.kernel.ids import EventId, ObligationId

Claim = Literal["opened", "overdue", "missed", "satisfied", "satisfied_late", "waived", "superseded"]
"""What a published fact claims for as long as no later one takes it back."""
What = Literal[Claim, "warned", "reopened"]
"""What a line says: a claim, or a moment that claims nothing lasting."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A claim with all that makes it this claim and not another one."""

    claim: Claim
    satisfied_by: tuple[EventId, ...] = ()
    after_grace: bool = False
    reason: str | None = None
    superseded_by: ObligationId | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One published fact: what it was, when it happened and was recorded, whether it still holds.

    `standing` is None for moments (warned, reopened); `taken_back_in` is the revision whose fact corrected this one.
    One revision has at most one line of each kind, so kind and revision name a fact.
    """

    what: What
    revision: int
    occurred_at: datetime
    recorded_at: datetime
    standing: Standing | None = None
    step: str | None = None
    taken_back_in: int | None = None

    @property
    def holds(self) -> bool:
        """Whether it claims something that no later fact took back."""
        return self.standing is not None and self.taken_back_in is None


def standing(lines: tuple[Line, ...]) -> tuple[Standing, ...]:
    """The claims that hold, in the order in which they were made."""
    return tuple(line.standing for line in lines if line.holds and line.standing is not None)
