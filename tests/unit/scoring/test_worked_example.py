"""The example of docs/scoring.md, reckoned by hand, equals the platform to the point."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from services.scoring.domain.awards import CardKey
from services.scoring.domain.score import score
from shared.kernel.calendar import Period
from tests.unit.scoring.conftest import World
from tests.unit.scoring.facts import BRANCH, CADRE, ObligationLife, ProblemLife, VisitLife
from tests.unit.scoring.oracle import Life

PAGE = (Path(__file__).parents[3] / "docs" / "scoring.md").read_text(encoding="utf-8")
_FACT = re.compile(r"^\| (\d{4}-\d{2}-\d{2}) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def told() -> list[Life]:
    lives: dict[str, Life] = {}
    for day, fact, thing in _FACT.findall(PAGE):
        _tell(lives, date.fromisoformat(day), fact, thing)
    return list(lives.values())


def _tell(lives: dict[str, Life], day: date, fact: str, thing: str) -> None:
    life = lives.get(thing)
    match fact, life:
        case "week is owed", None:
            lives[thing] = ObligationLife("weekly-visit", day).open()
        case "week is waived", ObligationLife():
            life.waive()
        case "visit", None:
            lives[thing] = VisitLife(thing).log(day)
        case "visit is corrected", VisitLife():
            life.correct(day)
        case "visit is withdrawn", VisitLife():
            life.withdraw()
        case "problem is solved and confirmed", None:
            lives[thing] = ProblemLife(thing).confirm(day)
        case "solution is withdrawn", ProblemLife():
            life.withdraw()
        case "deadline is missed", None:
            lives[thing] = ObligationLife("problem-deadline", day, CADRE, BRANCH, name=thing).open().miss()
        case "done after the grace", ObligationLife():
            life.satisfy_late(after_grace=True)
        case _:
            message = f"the page says something nobody understands: {fact} ({thing})"
            raise AssertionError(message)


def figures(beginning: str) -> Iterator[str]:
    """The last figure of each cell in the row that begins so."""
    [row] = [line for line in PAGE.splitlines() if line.startswith(f"| {beginning} |")]
    for cell in row.split("|")[2:-1]:
        found = re.findall(r"−?\d+\.\d+", cell)
        if found:
            yield found[-1].replace("−", "-")


async def test_the_cadre_has_the_quarters_on_the_page(world: World) -> None:
    await world.fold(*told())
    for quarter in ("2023-Q3", "2023-Q4"):
        found = await world.read("cadre", f"/scores/cadre/{CADRE}", period=quarter)

        assert [found["items"], found["attainable"], found["points"]] == list(figures(quarter))


async def test_the_cadre_has_the_year_on_the_page(world: World) -> None:
    await world.fold(*told())

    found = await world.read("cadre", f"/scores/cadre/{CADRE}", period="2023")

    assert [found["points"]] == list(figures("2023"))


async def test_the_branch_has_the_passport_on_the_page(world: World) -> None:
    await world.fold(*told())

    found = await world.read("organiser", f"/scores/branch/{BRANCH}/passport", period="2023")

    written = [list(figures(entry)) for entry in ("pump: missed", "pump: done after the grace", "fence: missed")]
    assert [[line["points"], line["running_total"]] for line in found["awards"]] == written
    assert found["score"]["awaiting"] == "评议待评"


async def test_the_branch_with_a_review_has_the_points_on_the_page(world: World) -> None:
    await world.fold(*told())
    key = CardKey("branch", BRANCH, "2023")
    card = (await world.ports.cards.get([key]))[key]

    scored = score(card, world.ports.generation.book("branch", Period.parse("2023")), review=9000)

    assert scored.points is not None
    assert f"rounded to {scored.points / 100:.2f}" in PAGE
