"""What the demo remembers of itself: its first Monday, and how far it got."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Self

State = Literal["playing", "released", "done"]


@dataclass(frozen=True, slots=True)
class Memory:
    """The file `demo.json` in the data folder; it goes with the data."""

    first_monday: date
    state: State

    @classmethod
    def recall(cls, data_dir: Path) -> Self | None:
        """What is remembered; None when no demo was ever begun here."""
        try:
            told = json.loads((data_dir / "demo.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return cls(date.fromisoformat(told["first_monday"]), told["state"])

    def keep(self, data_dir: Path) -> Self:
        """Remember this, in one step."""
        draft = data_dir / "demo.json.draft"
        told = {"first_monday": self.first_monday.isoformat(), "state": self.state}
        draft.write_text(json.dumps(told) + "\n", encoding="utf-8")
        draft.replace(data_dir / "demo.json")
        return self


def steered_to(data_dir: Path) -> datetime | None:
    """Where the steered clock stands; None while it is not steered."""
    try:
        return datetime.fromisoformat((data_dir / "clock").read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
