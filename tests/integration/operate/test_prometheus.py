"""A real Prometheus over a real stack: it sees every process, and tells what stops until it is back."""

from collections.abc import Iterator

import pytest

from tests.integration.operate.hurried import IN_A_HURRY, Pace, Watch, hurried_stack, until
from tests.integration.operate.scene import SEED, Scene
from tests.integration.operate.trouble import Trouble, false_pages_of
from tests.integration.operate.troubles import ENGINES, PARTS

PACE = Pace(factor=30, scrape_seconds=3)
"""A process that lacks MongoDB takes two seconds to answer."""

pytestmark = IN_A_HURRY


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with hurried_stack(PARTS, SEED, PACE) as stack:
        yield Scene(stack)


@pytest.fixture
def watch(scene: Scene) -> Watch:
    return Watch(scene.stack)


def test_every_process_is_asked_and_answers(watch: Watch) -> None:
    processes = {name for name in PARTS if name.endswith(("-api", "-worker"))}

    until(lambda: watch.up() == dict.fromkeys(processes, "1"), watch.up)


def test_what_only_a_running_process_knows_is_seen(watch: Watch) -> None:
    queries = (
        'xianfeng_part_missing_info{service="visits", part="mongodb"} == 0',
        'xianfeng_data_disk_free_bytes{process="visits-worker"} > 0',
        "slo:budget > 0",
    )

    until(lambda: all(watch.ask("query", query=query)["result"] for query in queries), lambda: queries)


def test_no_rule_fails(watch: Watch) -> None:
    def health() -> set[str]:
        return {rule["health"] for group in watch.ask("rules")["groups"] for rule in group["rules"]}

    until(lambda: health() == {"ok"}, health)


@pytest.mark.parametrize("trouble", ENGINES, ids=lambda trouble: trouble.name)
def test_what_stops_is_told_until_it_is_back(scene: Scene, trouble: Trouble) -> None:
    assert false_pages_of(trouble, scene) == frozenset()
