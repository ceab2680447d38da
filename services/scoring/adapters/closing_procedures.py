"""Reads the procedure of closings from its YAML, refusing what is not one."""

from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from services.scoring.domain.closing import ClosingProcedure

_FILE = Path(__file__).parent.parent / "procedures" / "closings.yaml"


class _Effective(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    since: date = Field(alias="from")


class _Procedure(BaseModel):
    model_config = ConfigDict(extra="forbid")

    procedure: str
    version: str | float
    effective: _Effective
    source: str
    notice_working_days: PositiveInt


def read_closing_procedure(file: Path = _FILE) -> ClosingProcedure:
    """The version of the procedure this service works by; raises pydantic.ValidationError when the file is wrong."""
    read = _Procedure.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    return ClosingProcedure(str(read.version), read.source, read.notice_working_days)
