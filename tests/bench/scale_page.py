"""`python -m tests.bench.scale_page` writes the tables of docs/scale.md from the model; a test holds the page to it."""

import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.bench.scale import (
    FULL,
    Part,
    first_to_break,
    kafka_bytes_a_year,
    members_bytes,
    mongo_bytes_a_year,
    partitions_needed,
    parts,
    rebuild_seconds,
    verify_bytes,
    wall,
    wanted,
    years_until_full,
    years_verified,
)
from tests.bench.scale_costs import COSTS, DOCUMENTS, GIB, GIVEN, SIZES, Cost, Size

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"
_TABLE = re.compile(r"(<!-- table (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_PROVINCE = SIZES[2]
_HOUR, _DAY = 3_600, 86_400
_SMALLEST_SHARE = 0.001


def page(text: str) -> str:
    """The page with every table between its marks written anew."""
    made = tables()
    return _TABLE.sub(lambda found: found[1] + made[found[2]] + found[3], text)


def tables() -> Mapping[str, str]:
    """Every table of the page by the four letters of its mark."""
    return {
        "load": _load(),
        "busy": _busy(),
        "wall": _walls(),
        "disk": _disks(),
        "hold": _verified(),
        "need": _needs(),
        "cost": _costs(),
        "docs": _documents(),
    }


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _load() -> str:
    head = (
        "size",
        "branches",
        "members",
        "entered facts a day",
        "mean a second",
        "peak a second",
        "peak ÷ mean",
        "basis",
    )
    return _table(
        head,
        (
            (
                size.name,
                f"{size.branches:,}",
                f"{size.members:,}",
                f"{size.entered_a_day:,}",
                _figure(size.mean),
                _figure(size.peak),
                f"{size.peak / size.mean:.0f}",
                size.basis,
            )
            for size in SIZES
        ),
    )


def _busy() -> str:
    at = {size.name: (parts(size.mean, size), parts(size.peak, size)) for size in SIZES}
    names = [part.name for part in at["township"][0]]

    def rows() -> Iterator[Sequence[str]]:
        for number, name in enumerate(names):
            yield (name, *(_told(at[size.name][0][number], at[size.name][1][number]) for size in SIZES))
        yield ("**busiest at the peak, all given**", *(_first(size) for size in SIZES))

    return _table(("part", *(f"{size.name} ({GIVEN[size.name].name})" for size in SIZES)), rows())


def _told(mean: Part, peak: Part) -> str:
    shares = f"{_share(mean.busy(mean.least))} / {_share(peak.busy(peak.least))}"
    if peak.given != peak.least:
        shares += f" → {_share(peak.busy(peak.given))}"
    if math.isfinite(peak.most) and peak.most == 1:
        return f"**{shares}**" if peak.breaks else shares
    needed = "no number" if peak.needed is None else str(peak.needed)
    wait = ""
    if peak.service_seconds:
        wait = ", no end" if peak.waiting is None else f", waits {_wait(peak.waiting)}"
    told = f"{shares} · {needed}{wait}"
    return f"**{told}**" if peak.breaks else told


def _first(size: Size) -> str:
    part = first_to_break(size)
    share = part.busy(part.given)
    return f"{part.name}, {_share(share)}" + (": **breaks**" if share > FULL else "")


def _walls() -> str:
    walls = [(wall(part.name, _PROVINCE), part.name) for part in parts(1, _PROVINCE)]
    hard = sorted(each for each in walls if math.isfinite(each[0]))

    def rows() -> Iterator[Sequence[str]]:
        for limit, name in hard:
            yield (name, f"{limit:,.0f}", f"{limit / _PROVINCE.peak:.1f}", f"{limit / SIZES[3].peak:.2f}")

    return _table(("part", "entered facts a second", "of a province's peak", "of the nation's"), rows())


def _disks() -> str:
    def rows() -> Iterator[Sequence[str]]:
        for size in SIZES:
            data, index = mongo_bytes_a_year(size)
            kafka, copies = kafka_bytes_a_year(size), GIVEN[size.name].copies
            until_mongo, until_kafka = years_until_full(size)
            yield (
                size.name,
                _bytes(kafka),
                f"{_bytes(data)} + {_bytes(index)}",
                _bytes(members_bytes(size)),
                f"{copies} × = {_bytes(copies * (kafka + data + index))}",
                f"{_figure(until_kafka)} / {_figure(until_mongo)}",
                _duration(rebuild_seconds(size)),
            )

    head = (
        "size",
        "Kafka a year",
        "MongoDB a year, data + indexes",
        "members, once",
        "copies, a year in all",
        f"years until {FULL:.0%} of the given disks, Kafka / MongoDB",
        "rebuild of a year",
    )
    return _table(head, rows())


def _verified() -> str:
    def rows() -> Iterator[Sequence[str]]:
        for size in SIZES:
            given = GIVEN[size.name].fold_memory
            yield (size.name, _bytes(verify_bytes(size, 1)), f"{given / GIB:g} GiB", _figure(years_verified(size)))

    head = ("size", "memory for each year of entries", "scoring-worker is given", "years until it does not fit")
    return _table(head, rows())


def _needs() -> str:
    def rows() -> Iterator[Sequence[str]]:
        for size in SIZES[:3]:
            yield (size.name, *_needed(size, 1))
        yield ("nation, as 20 provinces", *_needed(_PROVINCE, 20))

    return _table(("size", "cores", "memory", "disk for each year", "partitions a topic (8 given)"), rows())


def _needed(size: Size, times: int) -> Sequence[str]:
    cores, memory = wanted(size)
    disk = GIVEN[size.name].copies * (kafka_bytes_a_year(size) + sum(mongo_bytes_a_year(size))) / FULL
    return (
        f"{max(1, math.ceil(cores)) * times:,}",
        f"{math.ceil(memory / GIB) * times:,} GiB",
        _bytes(disk * times),
        str(partitions_needed(size.peak)),
    )


def _costs() -> str:
    return _table(
        ("figure", "value", "basis", "source"),
        ((name, _value(cost), cost.basis.value, cost.source) for name, cost in COSTS.items()),
    )


def _documents() -> str:
    return _table(
        ("collection", "documents for one entered fact", "data, bytes each", "indexes, bytes each", "basis"),
        (
            (each.collection, f"{each.per_entered:.2f}", f"{each.data:,}", f"{each.index:,}", each.basis.value)
            for each in DOCUMENTS
        ),
    )


def _value(cost: Cost) -> str:
    if cost.unit == "s":
        return f"{cost.value * 1e6:,.0f} µs"
    return _bytes(cost.value) if cost.unit == "bytes" else f"{cost.value:,g} {cost.unit}"


def _share(share: float) -> str:
    if share < _SMALLEST_SHARE:
        return "< 0.1 %"
    return f"{share:.0%}".replace("%", " %") if share >= 0.1 else f"{share:.1%}".replace("%", " %")


def _wait(seconds: float) -> str:
    return "< 0.1 ms" if seconds < 1e-4 else f"{seconds * 1e3:.1f} ms"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def _bytes(value: float) -> str:
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if value >= size:
            return f"{_figure(value / size)} {unit}"
    return f"{value:.0f} B"


def _duration(seconds: float) -> str:
    for unit, length in (("days", _DAY), ("h", _HOUR), ("min", 60)):
        if seconds >= 2 * length:
            return f"{_figure(seconds / length)} {unit}"
    return f"{seconds:.0f} s"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
    sys.stdout.write(f"{PAGE}\n")
