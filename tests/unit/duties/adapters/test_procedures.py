"""The procedure of meetings is data: what it says is taken, what makes no sense is refused."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from services.duties.adapters import procedures
from services.duties.adapters.procedures import read_procedure
from services.duties.domain.meeting_rule import Quorum


def _written(folder: Path, **changed: Any) -> Path:
    said = yaml.safe_load(procedures._FILE.read_text(encoding="utf-8"))
    said["kinds"]["lecture"] |= changed
    file = folder / "meetings.yaml"
    file.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    return file


def test_half_of_those_with_a_vote_make_a_general_meeting() -> None:
    rules = read_procedure().rules

    assert rules["general_meeting"].quorum == Quorum("voters", Fraction(1, 2), strictly=False)
    assert rules["theme_day"].quorum == Quorum("expected", Fraction(1, 2), strictly=True)
    assert (rules["committee"].expects, rules["committee"].requires) == ("named", "committee")


def test_every_kind_names_its_article() -> None:
    assert all("条" in rule.source for rule in read_procedure().rules.values())


def test_a_committee_and_a_group_have_three_people_at_least() -> None:
    rules = read_procedure().rules

    assert {kind: rule.expected_at_least for kind, rule in rules.items() if rule.expects == "named"} == {
        "committee": 3,
        "group": 3,
    }


def test_of_a_meeting_of_all_members_no_number_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="expected_at_least"):
        read_procedure(_written(tmp_path, expected_at_least=3))


def test_another_share_is_another_line_of_the_file(tmp_path: Path) -> None:
    file = _written(tmp_path, quorum={"of": "expected", "at_least": "2/3"})

    assert read_procedure(file).rules["lecture"].quorum.needed(7) == 5


@pytest.mark.parametrize(
    "quorum",
    [
        {"of": "expected"},
        {"of": "expected", "at_least": "1/2", "more_than": "1/2"},
        {"of": "expected", "at_least": "3/2"},
        {"of": "expected", "at_least": "half"},
        {"of": "villagers", "at_least": "1/2"},
    ],
)
def test_a_quorum_that_makes_no_sense_is_refused(tmp_path: Path, quorum: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        read_procedure(_written(tmp_path, quorum=quorum))


def test_a_kind_without_a_rule_is_refused(tmp_path: Path) -> None:
    said = yaml.safe_load(procedures._FILE.read_text(encoding="utf-8"))
    del said["kinds"]["group"]
    file = tmp_path / "meetings.yaml"
    file.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ValidationError, match="group"):
        read_procedure(file)
