"""The register of builds: one live, one under way at most, names that never come back."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.build import Build
from services.scoring.domain.build_refusals import BuildNotKept, BuildUnderWay, BuildUnknown, NothingLive
from services.scoring.domain.build_register import BuildRegister
from services.scoring.domain.generation import Generation
from shared.kernel.errors import DomainError
from shared.testing.clock import StoppedClock
from tests.unit.scoring.build_world import dearer_visits

NOW = StoppedClock().now()
SHIPPED = load_generation()
CHANGED, _ = dearer_visits()
FEWER = Generation(SHIPPED.books[:1])


def begun() -> BuildRegister:
    return BuildRegister().first(SHIPPED, NOW)


def states(register: BuildRegister) -> dict[str, str]:
    return {build.id: build.state for build in register.builds}


def switched_to(generation: Generation, register: BuildRegister) -> BuildRegister:
    register = register.begin(generation, "published", NOW)
    return finished_and_switched(register)


def finished_and_switched(register: BuildRegister) -> BuildRegister:
    assert register.under_way is not None
    return register.finished(register.under_way.id).switched(register.under_way.id)


def test_the_first_is_live_at_once_and_stays() -> None:
    register = begun()

    assert states(register) == {SHIPPED.id: "live"}
    assert register.first(CHANGED, NOW) == register


def test_books_are_begun_once() -> None:
    register = begun().begin(CHANGED, "published", NOW)

    assert states(register) == {SHIPPED.id: "live", f"{CHANGED.id}~2": "building"}
    assert register.begin(CHANGED, "published", NOW) == register


def test_a_switch_keeps_the_one_that_was_live() -> None:
    register = switched_to(CHANGED, begun())

    assert states(register) == {SHIPPED.id: "kept", f"{CHANGED.id}~2": "live"}


def test_only_what_is_ready_is_switched_to() -> None:
    register = begun().begin(CHANGED, "published", NOW)

    assert register.switched(f"{CHANGED.id}~2") == register
    assert register.switched("nobody") == register


def test_a_publication_gives_up_what_is_under_way() -> None:
    register = begun().rebuild(NOW).begin(CHANGED, "published", NOW)

    assert states(register) == {SHIPPED.id: "live", f"{SHIPPED.id}~2": "failed", f"{CHANGED.id}~3": "building"}
    assert register.finished(f"{SHIPPED.id}~2") == register


def test_nobody_rebuilds_while_another_is_under_way() -> None:
    register = begun().rebuild(NOW)

    with pytest.raises(BuildUnderWay):
        register.rebuild(NOW)
    with pytest.raises(NothingLive):
        BuildRegister().rebuild(NOW)


def test_going_back_builds_the_kept_one_up_to_date_and_does_not_begin_the_books_again() -> None:
    register = switched_to(CHANGED, begun()).go_back(SHIPPED.id, NOW)
    back = finished_and_switched(register)

    assert states(back) == {f"{CHANGED.id}~2": "kept", SHIPPED.id: "live"}
    assert back.begin(CHANGED, "published", NOW) == back


def test_one_cannot_go_back_to_what_is_not_kept() -> None:
    with pytest.raises(BuildNotKept):
        begun().go_back(SHIPPED.id, NOW)
    with pytest.raises(BuildUnknown):
        begun().go_back("nobody", NOW)


def test_what_was_given_up_is_tried_anew_under_another_name() -> None:
    register = begun().begin(CHANGED, "published", NOW).failed(f"{CHANGED.id}~2").go_back(f"{CHANGED.id}~2", NOW)

    assert states(register) == {SHIPPED.id: "live", f"{CHANGED.id}~2": "failed", f"{CHANGED.id}~3": "building"}


def test_the_last_two_that_were_live_are_kept() -> None:
    register = begun()
    for _ in range(4):
        register = finished_and_switched(register.rebuild(NOW))

    assert list(states(register).values()) == ["kept", "kept", "live"]
    assert register.live == register.find(f"{SHIPPED.id}~5")


STEPS = st.lists(
    st.tuples(st.sampled_from(["begin", "rebuild", "back", "finish", "fail", "switch"]), st.integers(0, 5))
)


@given(STEPS)
def test_whatever_happens_one_is_live_and_no_name_comes_back(steps: list[tuple[str, int]]) -> None:
    register = begun()
    gone: set[str] = set()
    for step, number in steps:
        before = set(states(register))
        register = _stepped(register, step, number)
        after = set(states(register))
        gone |= before - after

        assert [build.state for build in register.builds].count("live") == 1
        assert sum(build.state in {"building", "ready"} for build in register.builds) <= 1
        assert not gone & after


def _stepped(register: BuildRegister, step: str, number: int) -> BuildRegister:
    build: Build = register.builds[number % len(register.builds)]
    ways: dict[str, Callable[[], BuildRegister]] = {
        "begin": lambda: register.begin((SHIPPED, CHANGED, FEWER)[number % 3], "published", NOW),
        "rebuild": lambda: register.rebuild(NOW),
        "back": lambda: register.go_back(build.id, NOW),
        "finish": lambda: register.finished(build.id),
        "fail": lambda: register.failed(build.id),
        "switch": lambda: register.switched(build.id),
    }
    try:
        return ways[step]()
    except DomainError:
        return register
