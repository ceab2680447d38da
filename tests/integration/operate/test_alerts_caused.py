"""Facts go wrong for real, the right alert is told by a real Prometheus, and what its runbook says ends it."""

from collections.abc import Iterator

import pytest

from tests.integration.operate.hurried import IN_A_HURRY, Pace, hurried_stack
from tests.integration.operate.scene import SEED, Scene
from tests.integration.operate.trouble import Trouble, false_pages_of
from tests.integration.operate.troubles import FACTS, PARTS

PACE = Pace(factor=50, scrape_seconds=2)

pytestmark = IN_A_HURRY


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with hurried_stack(PARTS, SEED, PACE) as stack:
        yield Scene(stack)


@pytest.mark.parametrize("trouble", FACTS, ids=lambda trouble: trouble.name)
def test_what_goes_wrong_is_told_until_it_is_mended(scene: Scene, trouble: Trouble) -> None:
    assert false_pages_of(trouble, scene) == frozenset()
