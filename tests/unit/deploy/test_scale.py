import math

import pytest

from tests.bench.scale import (
    FULL,
    Part,
    first_to_break,
    hot_bytes,
    mean_wait,
    partitions_needed,
    parts,
    rebuild_seconds,
    wall,
    wanted,
    years_verified,
)
from tests.bench.scale_costs import PARTITIONS, SIZES

TOWNSHIP, COUNTY, PROVINCE, NATION = SIZES
STANDING = (TOWNSHIP, COUNTY, PROVINCE)


def part(*, fixed: float = 0, shared: float = 0, given: int = 1, most: float = math.inf) -> Part:
    return Part("a worker", fixed, shared, 1, given, given, most)


def test_one_server_makes_wait_what_the_textbook_says() -> None:
    assert mean_wait(arrivals=8, service_seconds=0.1, servers=1) == pytest.approx(0.4)


def test_two_servers_make_wait_what_erlang_says() -> None:
    assert mean_wait(arrivals=15, service_seconds=0.1, servers=2) == pytest.approx(0.1286, abs=1e-4)


def test_a_queue_grows_without_end_when_more_arrives_than_is_served() -> None:
    assert mean_wait(arrivals=20, service_seconds=0.1, servers=2) is None


def test_nobody_waits_where_nobody_comes() -> None:
    assert mean_wait(arrivals=0, service_seconds=0.1, servers=1) == 0


def test_work_is_shared_out_over_replicas() -> None:
    assert part(shared=1.2).busy(4) == pytest.approx(0.3)


def test_what_is_under_a_lease_stays_with_one_replica() -> None:
    assert part(fixed=0.5, shared=1.0).busy(4) == pytest.approx(0.75)


def test_replicas_beyond_the_partitions_take_nothing() -> None:
    assert part(shared=16, most=PARTITIONS).busy(20) == pytest.approx(2)


def test_as_many_replicas_are_needed_as_keep_it_under_seventy_per_cent() -> None:
    assert part(shared=1.5).needed == 3


def test_no_replicas_help_a_relay_that_is_too_busy() -> None:
    assert part(fixed=0.71, shared=0.1).needed is None


def test_no_replicas_help_where_the_partitions_are_used_up() -> None:
    assert part(shared=6, most=PARTITIONS).needed is None


@pytest.mark.parametrize("size", STANDING, ids=lambda size: size.name)
def test_nothing_breaks_up_to_a_province(size: object) -> None:
    [standing] = [each for each in STANDING if each is size]

    assert [each.name for each in parts(standing.peak, standing) if each.breaks] == []


def test_a_provinces_identity_begins_with_what_a_peak_needs_and_not_with_fewer() -> None:
    [identity] = [each for each in parts(PROVINCE.peak, PROVINCE) if each.name == "identity api"]

    assert identity.busy(identity.least - 1) > FULL
    assert identity.least == identity.needed == 4


def test_a_nation_on_one_platform_breaks_where_no_replicas_help() -> None:
    hopeless = {each.name for each in parts(NATION.peak, NATION) if each.breaks and each.needed is None}

    assert {"notifications worker", "scoring worker", "notifications, lanes of a topic"} <= hopeless


def test_every_part_is_as_busy_again_under_twice_the_load() -> None:
    once = parts(10, COUNTY)
    twice = parts(20, COUNTY)

    assert [each.busy(1) for each in twice] == pytest.approx([2 * each.busy(1) for each in once])


def test_a_part_is_as_busy_as_it_may_be_at_its_wall() -> None:
    limit = wall("notifications, lanes of a topic", PROVINCE)
    [lanes] = [each for each in parts(limit, PROVINCE) if each.name == "notifications, lanes of a topic"]

    assert lanes.busy(1) == pytest.approx(FULL)


def test_the_busiest_part_is_named() -> None:
    busiest = first_to_break(NATION)

    assert all(each.busy(each.given) <= busiest.busy(busiest.given) for each in parts(NATION.peak, NATION))


def test_a_province_has_partitions_enough_and_a_nation_has_not() -> None:
    assert partitions_needed(PROVINCE.peak) <= PARTITIONS < partitions_needed(NATION.peak)


def test_indexes_written_at_random_never_grow_cold() -> None:
    first, second, third = (hot_bytes(COUNTY, years) for years in (1, 2, 3))

    assert first < second < third
    assert third - second == pytest.approx(second - first)


def test_a_year_of_a_county_is_rebuilt_within_half_an_hour() -> None:
    assert rebuild_seconds(COUNTY) < 1_800


def test_a_county_can_verify_its_first_year_and_a_province_cannot() -> None:
    assert years_verified(COUNTY) > 1 > years_verified(PROVINCE)


def test_a_larger_size_needs_more_of_everything() -> None:
    assert list(map(wanted, STANDING)) == sorted(map(wanted, STANDING))
