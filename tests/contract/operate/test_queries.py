"""Rules and boards ask for what the code exports, and for nothing else."""

import re

import pytest

from deploy.local.topology import PROCESSES
from tests.contract.operate.queries import (
    BY_THE_SCRAPE,
    OF_PROMETHEUS,
    asked,
    boards,
    exported,
    panels,
    recorded,
    rules,
    selectors,
)


def test_every_metric_that_is_asked_for_is_exported_or_recorded() -> None:
    known = {*exported(), *recorded(), *OF_PROMETHEUS}

    assert [each for each in asked() if each.metric not in known] == []


def test_every_label_that_is_asked_for_stands_on_its_metric() -> None:
    known = {**exported(), **OF_PROMETHEUS}
    wrong = [
        (each.place, each.metric, label)
        for each in asked()
        if each.metric in known
        for label in each.labels - known[each.metric] - BY_THE_SCRAPE
    ]

    assert wrong == []


def test_every_metric_of_ours_is_looked_at_somewhere() -> None:
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in exported()}
    seen = {re.sub(r"_(bucket|sum|count)$", "", each.metric) for each in asked()}

    assert families - seen == set()


def test_everything_recorded_is_used() -> None:
    assert recorded() - {each.metric for each in asked()} == set()


def test_a_service_that_is_named_is_one_of_ours() -> None:
    written = " ".join([*(rule["expr"] for rule in rules()), *(query for _, query in panels())])
    named = set(re.findall(r'service="([^"]+)"', written))

    assert named - {process.service for process in PROCESSES} == set()


def test_a_promise_is_counted_at_a_bound_the_code_has() -> None:
    from shared.telemetry.metrics import FRESHNESS_SECONDS, HTTP_SECONDS  # noqa: PLC0415 - read beside the others

    written = " ".join(rule["expr"] for rule in rules())
    bounds = set(re.findall(r'le="([^"]+)"', written))

    assert bounds == {"0.3", "5.0"}
    assert (0.3 in HTTP_SECONDS._kwargs["buckets"], 5.0 in FRESHNESS_SECONDS._kwargs["buckets"]) == (True, True)


def test_what_is_no_query_is_seen() -> None:
    with pytest.raises(ValueError, match="parenthesis"):
        list(selectors("here", "sum by (service (up)"))


@pytest.mark.parametrize("name", ["fleet.json", "scoring.json", "obligations.json", "gateway.json"])
def test_a_board_is_complete_and_no_panel_lies_on_another(name: str) -> None:
    board = boards()[name]
    places = [
        (x, y)
        for panel in board["panels"]
        for at in [panel["gridPos"]]
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]

    assert board["uid"] == name.removesuffix(".json")
    assert all(panel["datasource"]["uid"] == "prometheus" for panel in board["panels"])
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    assert (len(places), max(x for x, _ in places)) == (len(set(places)), 23)
