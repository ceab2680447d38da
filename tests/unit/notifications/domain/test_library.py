"""The regulation library says only what its models can say; every regulation has its source and its words."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from services.notifications.adapters.library import REGULATIONS, TEMPLATES, read_library, read_templates
from services.notifications.domain.regulation import (
    Library,
    PeriodicMeeting,
    UnusableLibrary,
    WeeklyQuota,
    read_regulation,
)
from services.notifications.domain.wording import read_wording
from shared.events.catalogue import CATALOGUE

WEEKLY, PROBLEM = "weekly-visit.2023.1", "problem-deadline.2023.1"


def document(name: str, **changed: Any) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((REGULATIONS / f"{name}.yaml").read_text(encoding="utf-8"))
    return {**read, **changed}


def test_the_library_holds_the_regulations_of_the_report_and_of_the_rules_for_branches() -> None:
    assert [(found.id, found.version) for found in read_library().regulations] == [
        ("committee", "2023.1"),
        ("general-meeting", "2023.1"),
        ("group", "2023.1"),
        ("lecture", "2023.1"),
        ("problem-deadline", "2023.1"),
        ("theme-day", "2023.1"),
        ("weekly-visit", "2023.1"),
    ]


@pytest.mark.parametrize(
    ("regulation", "per", "owed_by"),
    [
        ("general-meeting", "quarter", {"kinds": ("branch",)}),
        ("committee", "month", {"kinds": ("branch",), "has_committee": True}),
        ("group", "month", {"kinds": ("branch",), "has_groups": True}),
        ("lecture", "quarter", {"kinds": ("branch",)}),
        ("theme-day", "month", {"kinds": ("branch",)}),
    ],
)
def test_how_often_which_branches_meet(regulation: str, per: str, owed_by: dict[str, Any]) -> None:
    found = read_library().version(regulation, "2023.1")

    assert isinstance(found, PeriodicMeeting)
    assert (found.per, found.owed_by.model_dump(exclude_defaults=True)) == (per, owed_by)
    assert (found.where.kind.replace("_", "-"), found.grace_days) == (regulation, 7)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "monthly_quota"},
        {"satisfied_by": "visits.problem.raised.v1"},
        {"quota": 0},
        {"owed_by": {"post": "mayor", "covering": "every_day"}},
        {"owed_by": {"post": "village_cadre", "covering": "half"}},
        {"warn": [{"step": "overdue", "weekday": "sunday", "at": "09:00"}]},
        {"warn": [{"step": "one", "weekday": "sunday", "at": "09:00"}] * 2},
        {"due": "thursday"},
        {"source": ""},
        {"version": "next"},
        {"penalty": "log_ins"},
    ],
)
def test_a_regulation_that_says_anything_else_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read_regulation(document(WEEKLY, **changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"taken_back_by": []},
        {"taken_back_by": ["visits.problem.reopened.v1"] * 2},
        {"taken_back_by": ["visits.problem.raised.v1"]},
        {"opened_by": "visits.problem.assigned.v1"},
        {"satisfied_by": "visits.problem.confirmed.v1"},
        {"superseded_by": None},
        {"source_from": "hearsay"},
    ],
)
def test_a_problem_deadline_that_other_facts_would_decide_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises((ValidationError, UnusableLibrary)):
        read_regulation(document(PROBLEM, **changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"per": "year"},
        {"owed_by": {"kinds": []}},
        {"owed_by": {"kinds": ["township"]}},
        {"owed_by": {"kinds": ["branch"], "has_committee": False}},
        {"where": {"kind": "committee", "quorate": False}},
        {"where": {"kind": "party", "quorate": True}},
        {"satisfied_by": "duties.meeting.corrected.v1"},
        {"warn": [{"step": "late", "on_day": 29, "at": "09:00"}]},
        {"warn": [{"step": "late", "on_day": 1, "working_days_before": 1, "at": "09:00"}]},
        {"warn": [{"step": "missed", "on_day": 1, "at": "09:00"}]},
    ],
)
def test_a_periodic_meeting_that_says_anything_else_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises((ValidationError, UnusableLibrary)):
        read_regulation(document("committee.2023.1", **changed))


def test_what_begins_on_a_day_is_owed_under_the_versions_in_force_on_it() -> None:
    library = read_library()

    def begun(day: date) -> list[tuple[str, str]]:
        return [(regulation.id, period.name) for regulation, period in library.meetings_from(day)]

    assert begun(date(2023, 11, 2)) == begun(date(2022, 10, 1)) == []
    assert begun(date(2023, 11, 1)) == [("committee", "2023-11"), ("group", "2023-11"), ("theme-day", "2023-11")]
    assert {("general-meeting", "2023-Q4"), ("lecture", "2023-Q4")} < set(begun(date(2023, 10, 1)))


def test_two_versions_in_force_on_one_day_are_refused() -> None:
    one, other = document(WEEKLY), document(WEEKLY, version="2024.1", effective={"from": date(2024, 1, 1)})

    with pytest.raises(UnusableLibrary):
        Library((read_regulation(one), read_regulation(other)))


def test_a_week_is_owed_under_the_version_in_force_on_its_monday() -> None:
    old = read_regulation(document(WEEKLY, effective={"from": date(2023, 1, 1), "to": date(2023, 12, 31)}))
    new = read_regulation(document(WEEKLY, version="2024.1", quota=2, effective={"from": date(2024, 1, 1)}))
    library = Library((old, new))

    assert [library.weekly(day)[0].version for day in (date(2023, 12, 25), date(2024, 1, 1))] == ["2023.1", "2024.1"]
    assert library.weekly(date(2022, 12, 26)) == ()


def test_a_version_something_was_opened_under_may_not_disappear() -> None:
    with pytest.raises(UnusableLibrary):
        read_library().version("weekly-visit", "2020.1")


def test_a_file_is_named_after_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "weekly-visit.2024.1.yaml").write_text(yaml.safe_dump(document(WEEKLY)), encoding="utf-8")

    with pytest.raises(UnusableLibrary):
        read_library(tmp_path)


def test_the_facts_a_regulation_names_are_facts_this_service_reads() -> None:
    named = {document(name)["satisfied_by"] for name in (WEEKLY, "committee.2023.1")}
    problem = document(PROBLEM)
    named |= {problem[place] for place in ("opened_by", "satisfied_by", "superseded_by")} | {*problem["taken_back_by"]}

    assert all("notifications" in CATALOGUE[f"xianfeng.{name}"].consumers for name in named)


def test_what_a_regulation_quotes_stands_in_the_report_word_for_word() -> None:
    report = (Path(__file__).parents[4] / "docs" / "reference" / "annual-report-2023.txt").read_text(encoding="utf-8")
    quoted = [found.source for found in read_library().regulations if found.source_from == "report"]

    assert [source for source in quoted if source not in report] == []


def test_every_regulation_has_a_sentence_in_every_state() -> None:
    wording = read_templates()

    assert set(wording.texts) == {regulation.id for regulation in read_library().regulations}


@pytest.mark.parametrize("missing", ["states", "texts"])
def test_missing_words_are_refused(missing: str) -> None:
    words = yaml.safe_load((TEMPLATES / "obligations.yaml").read_text(encoding="utf-8"))
    del (words["states"] if missing == "states" else words["texts"]["weekly-visit"])["missed"]

    with pytest.raises(ValidationError):
        read_wording(words)


def test_a_sentence_with_a_place_nobody_fills_is_refused() -> None:
    words = yaml.safe_load((TEMPLATES / "obligations.yaml").read_text(encoding="utf-8"))
    words["texts"]["weekly-visit"]["open"] = "{name}应走访"

    with pytest.raises(ValidationError):
        read_wording(words)


def test_the_quota_of_a_week_may_be_more_than_one() -> None:
    regulation = read_regulation(document(WEEKLY, quota=2))

    assert isinstance(regulation, WeeklyQuota)
    assert regulation.quota == 2
