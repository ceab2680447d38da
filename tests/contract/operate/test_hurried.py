"""A hurry changes the time in the rules and nothing else, so what is tested in it is what ships."""

from collections.abc import Iterator
from typing import Any

import promql_parser

from tests.contract.operate.queries import rules
from tests.integration.operate.hurried import SECONDS, hurried

NO_TIMES = {0.0, 0.005, 0.01, 0.99, 1.0, 6.0, 10.0, 14.4, 100.0, 1000.0, 2e9}
"""Counts, shares, bytes and rates of burning."""


def numbers(node: Any) -> Iterator[float]:
    if isinstance(node, promql_parser.NumberLiteral):
        yield float(node.val)
    for name in ("expr", "lhs", "rhs", "param"):
        child = getattr(node, name, None)
        if child is not None:
            yield from numbers(child)
    for child in getattr(node, "args", None) or ():
        yield from numbers(child)


def test_every_number_of_a_rule_is_known_to_be_a_time_or_none() -> None:
    found = {number for rule in rules() for number in numbers(promql_parser.parse(rule["expr"]))}

    assert found == NO_TIMES | {float(each) for each in SECONDS}


def test_times_are_divided_wherever_they_stand() -> None:
    slow = {
        "alert": "Slow",
        "expr": 'time() - burn:5m{le="300"} > 300 and rate(a_p99_5m[1h] offset 3d) * 3600 > 100',
        "for": "2m",
        "labels": {"severity": "page"},
    }
    quick = {
        **slow,
        "expr": 'time() - burn:5m{le="300"} > 10 and rate(a_p99_5m[120000ms] offset 8640000ms) * 120 > 100',
        "for": "4000ms",
    }

    rules = {"groups": [{"name": "some", "interval": "1m", "rules": [slow]}]}

    assert hurried(rules, 30) == {"groups": [{"name": "some", "interval": "2000ms", "rules": [quick]}]}


def test_a_second_for_a_second_is_what_ships() -> None:
    for rule in rules():
        [group] = hurried({"groups": [{"name": "some", "rules": [rule]}]}, 1)["groups"]

        assert promql_parser.parse(group["rules"][0]["expr"]).prettify() == promql_parser.parse(rule["expr"]).prettify()
