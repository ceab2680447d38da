"""Whoever is woken finds a page: each alert has its runbook, its severity and its proof."""

import re

import pytest
import yaml

from deploy.local.settings import ROOT
from tests.contract.operate.queries import PROMETHEUS, alerts
from tests.integration.operate.troubles import BY_HAND, ENGINES, FACTS

RUNBOOKS = ROOT / "docs" / "runbooks"
PARTS = ["What it means", "How it looks", "What to do", "How to see that it is over", "Tried"]
NAMES = sorted({alert["alert"] for alert in alerts()})


def page_of(alert: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", alert).lower() + ".md"


def test_every_alert_has_a_runbook_and_none_is_left_over() -> None:
    assert {path.name for path in RUNBOOKS.glob("*.md")} == {page_of(name) for name in NAMES}


def test_every_alert_says_how_urgent_it_is_and_where_its_runbook_stands() -> None:
    wrong = [
        alert["alert"]
        for alert in alerts()
        if alert["labels"]["severity"] not in {"page", "ticket"}
        or alert["annotations"]["runbook_url"] != f"docs/runbooks/{page_of(alert['alert'])}"
        or not alert["annotations"]["summary"]
    ]

    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_a_runbook_says_what_to_do_in_half_a_page(name: str) -> None:
    text = (RUNBOOKS / page_of(name)).read_text("utf-8")

    assert text.startswith(f"# {name}\n")
    assert re.findall(r"^\*\*([^*]+)\*\*", text, re.MULTILINE) == PARTS
    assert len(text.splitlines()) <= 40


def test_every_command_of_a_runbook_exists() -> None:
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {word for path in RUNBOOKS.glob("*.md") for word in re.findall(r"`make ([a-z-]+)", path.read_text("utf-8"))}

    assert named - made == set()


@pytest.mark.parametrize("name", NAMES)
def test_an_alert_is_seen_to_fire_and_to_clear(name: str) -> None:
    """That they pass is promtool's to say (test_tools.py); here, that they are there."""
    fires = clears = False
    for file in (PROMETHEUS / "tests").glob("*.yml"):
        for each in yaml.safe_load(file.read_text("utf-8"))["tests"]:
            tried = [test for test in each["alert_rule_test"] if test["alertname"] == name]
            last = max((test for test in tried), key=lambda test: test["eval_time"], default=None)
            fires = fires or any(test.get("exp_alerts") for test in tried)
            clears = clears or (last is not None and any(not test.get("exp_alerts") for test in tried))

    assert (fires, clears) == (True, True)


def test_every_alert_is_caused_for_real_by_a_test_or_was_by_hand_for_a_reason() -> None:
    caused = frozenset[str]().union(*(trouble.alerts for trouble in (*ENGINES, *FACTS)))

    assert sorted([*caused, *BY_HAND]) == NAMES
    assert all(BY_HAND.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_runbook_ends_with_how_it_was_tried(name: str) -> None:
    tried = (RUNBOOKS / page_of(name)).read_text("utf-8").split("**Tried**: ")[1]
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", tried))

    assert named == {trouble.name for trouble in (*ENGINES, *FACTS) if name in trouble.alerts}
    assert ("by hand" in tried) >= (name in BY_HAND)
