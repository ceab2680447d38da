"""Reads the procedure of deeds from its YAML, refusing what is not one."""

from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, PositiveInt

from services.scoring.domain.deed_procedure import DeedProcedure

_FILE = Path(__file__).parent.parent / "procedures" / "deeds.yaml"


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
    late_after_days: PositiveInt


def read_deed_procedure(file: Path = _FILE) -> DeedProcedure:
    """The version of the procedure this service works by; raises pydantic.ValidationError when the file is wrong."""
    read = _Procedure.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    return DeedProcedure(str(read.version), read.source, read.notice_working_days, read.late_after_days)
