"""Reads the procedure of meetings from its YAML, refusing what is none."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, PositiveInt, StringConstraints, model_validator

from services.duties.domain.branch import Structure
from services.duties.domain.meeting_rule import Expects, MeetingProcedure, MeetingRule, Quorum
from shared.events.duties import MeetingKind

_FILE = Path(__file__).parent.parent / "procedures" / "meetings.yaml"
_Share = Annotated[str, StringConstraints(pattern=r"^[1-9]\d*/[1-9]\d*$")]


class _Effective(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    since: date = Field(alias="from")


class _Quorum(BaseModel):
    model_config = ConfigDict(extra="forbid")

    of: Literal["voters", "expected"]
    at_least: _Share | None = None
    more_than: _Share | None = None

    @model_validator(mode="after")
    def _say_one_share(self) -> Self:
        if (self.at_least is None) == (self.more_than is None):
            raise ValueError("either at_least or more_than")
        if not 0 < Fraction(self.at_least or self.more_than or "0") <= 1:
            raise ValueError("a share is more than nothing and at most all")
        return self

    def quorum(self) -> Quorum:
        """As the domain knows it."""
        return Quorum(self.of, Fraction(self.at_least or self.more_than or "1"), strictly=self.at_least is None)


class _Kind(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    source: str
    expects: Expects
    expected_at_least: PositiveInt = 1
    requires: Structure | None = None
    quorum: _Quorum

    @model_validator(mode="after")
    def _count_only_whom_people_name(self) -> Self:
        if self.expects != "named" and "expected_at_least" in self.model_fields_set:
            raise ValueError("expected_at_least is for a kind whose expected people are named")
        return self

    def rule(self) -> MeetingRule:
        """As the domain knows it."""
        return MeetingRule(
            self.title, self.source, self.expects, self.quorum.quorum(), self.requires, self.expected_at_least
        )


class _Procedure(BaseModel):
    model_config = ConfigDict(extra="forbid")

    procedure: str
    version: str | float
    effective: _Effective
    source: str
    kinds: dict[MeetingKind, _Kind]
    late_after_days: PositiveInt

    @model_validator(mode="after")
    def _know_every_kind(self) -> Self:
        kinds = MeetingKind.__args__  # type: ignore[attr-defined]
        if missing := set(kinds) - self.kinds.keys():
            raise ValueError(f"no rule for {sorted(missing)}")
        return self


def read_procedure(file: Path = _FILE) -> MeetingProcedure:
    """The version of the procedure this service works by; raises pydantic.ValidationError when the file is wrong."""
    read = _Procedure.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    rules: dict[MeetingKind, MeetingRule] = {kind: said.rule() for kind, said in read.kinds.items()}
    return MeetingProcedure(str(read.version), read.source, rules, read.late_after_days)
