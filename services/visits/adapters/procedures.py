"""Reads the deadlines of problems from their YAML, refusing what is not one."""

from datetime import date
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from services.visits.domain.deadlines import Deadlines

_FILE = Path(__file__).parent.parent / "procedures" / "problem-deadlines.yaml"


class _Effective(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    since: date = Field(alias="from")


class _Procedure(BaseModel):
    model_config = ConfigDict(extra="forbid")

    procedure: str
    version: str | float
    effective: _Effective
    source: str
    working_days: dict[Literal["simple", "ordinary", "complex"], PositiveInt]
    late_after_days: PositiveInt


def read_deadlines(file: Path = _FILE) -> Deadlines:
    """The version of the procedure this service works by; raises pydantic.ValidationError when the file is wrong."""
    read = _Procedure.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    return Deadlines(str(read.version), read.source, read.working_days, read.late_after_days)
