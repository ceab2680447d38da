"""The example of docs/scoring.md, reckoned by hand, equals the platform to the point."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast

from services.scoring.adapters.rule_files import RULES, load_whitelist, parse_rule_book
from services.scoring.domain.awards import CardKey
from services.scoring.domain.points import decimal_points
from services.scoring.use_cases.compare_builds import compare_builds
from services.scoring.use_cases.fold_facts import fold_facts
from shared.events.scoring import DeedKind
from tests.unit.scoring.building import a_ready_build, a_world, people
from tests.unit.scoring.conftest import World, a_member
from tests.unit.scoring.facts import BRANCH, CADRE, OTHER_CADRE, ObligationLife, ProblemLife, VisitLife
from tests.unit.scoring.lives import MEMBER, DeedLife, ExemptionLife, MeetingLife, ReviewLife
from tests.unit.scoring.sealing import recorded
from tests.unit.scoring.trying import a_text

PAGE = (Path(__file__).parents[3] / "docs" / "scoring.md").read_text(encoding="utf-8")
_FACT = re.compile(r"^\| (\d{4}-\d{2}-\d{2}) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def told() -> list[Any]:
    lives: dict[str, Any] = {}
    for day, fact, thing in _FACT.findall(PAGE):
        _tell(lives, date.fromisoformat(day), fact, thing)
    return list(lives.values())


def _tell(lives: dict[str, Any], day: date, fact: str, thing: str) -> None:
    tellers = (_tell_of_the_cadre, _tell_of_the_branch, _tell_of_the_member)
    if not any(teller(lives, day, fact, thing) for teller in tellers):
        message = f"the page says something nobody understands: {fact} ({thing})"
        raise AssertionError(message)


def _tell_of_the_cadre(lives: dict[str, Any], day: date, fact: str, thing: str) -> bool:
    match fact, lives.get(thing):
        case "week is owed", None:
            lives[thing] = ObligationLife("weekly-visit", day).open()
        case "week is waived", ObligationLife() as life:
            life.waive()
        case "visit", None:
            lives[thing] = VisitLife(thing).log(day)
        case "visit is corrected", VisitLife() as life:
            life.correct(day)
        case "visit is withdrawn", VisitLife() as life:
            life.withdraw()
        case "problem is solved and confirmed", None:
            lives[thing] = ProblemLife(thing).confirm(day)
        case "solution is withdrawn", ProblemLife() as life:
            life.withdraw()
        case _:
            return False
    return True


def _tell_of_the_branch(lives: dict[str, Any], day: date, fact: str, thing: str) -> bool:
    match fact, lives.get(thing):
        case "deadline is missed", None:
            lives[thing] = ObligationLife("problem-deadline", day, CADRE, BRANCH, name=thing).open().miss()
        case "general meeting is missed", None:
            lives[thing] = ObligationLife("general-meeting", day, branch_id=BRANCH).open().miss()
        case "theme day is missed", None:
            lives[thing] = ObligationLife("theme-day", day, branch_id=BRANCH).open().miss()
        case (("done after the grace" | "made up after the grace"), ObligationLife() as life):
            life.satisfy_late(after_grace=True)
        case _:
            return False
    return True


def _tell_of_the_member(lives: dict[str, Any], day: date, fact: str, thing: str) -> bool:
    match fact.partition(": "), lives.get(thing):
        case ("member is absent from a meeting", _, _), None:
            lives[thing] = MeetingLife(thing, "lecture").hold(day, MEMBER)
        case ("member is absent from a theme day", _, _), None:
            lives[thing] = MeetingLife(thing, "theme_day").hold(day, MEMBER)
        case ("member was excused after all", _, _), MeetingLife() as life:
            life.correct(day)
        case ("member is exempt from now on", _, _), None:
            lives[thing] = ExemptionLife(thing).grant(day)
        case ("deed takes effect", _, kind), None:
            lives[thing] = DeedLife(thing, cast("DeedKind", kind)).take_effect(day)
        case ("deed is withdrawn", _, _), DeedLife() as life:
            life.withdraw()
        case ("member helped to solve a problem", _, _), None:
            lives[thing] = ProblemLife(thing, cadre_id=OTHER_CADRE, helper_ids=(MEMBER,)).confirm(day)
        case _:
            return False
    return True


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


async def test_what_a_change_of_the_rules_moves_is_on_the_page() -> None:
    facts = [fact for life in told() for fact in life.facts]
    world = await a_world([*people(CADRE), *facts])
    text = a_text(version="2023.9", start=date(2023, 7, 1), visit="1")
    build = await a_ready_build(world, parse_rule_book(text, load_whitelist(RULES / "whitelist.yaml"), "one point"))
    comparison = await compare_builds(build.id, world.ports)
    assert comparison is not None
    [cadres] = [part.result for part in comparison.parts if part.standard == "cadre"]
    [mover] = [mover for mover in cadres.movers if mover.period == "2023-Q4"]
    [change] = mover.rules

    assert [*figures("the live build")][-1] == f"{decimal_points(mover.before or 0)}"
    assert [*figures("the new one")][-1] == f"{decimal_points(mover.after or 0)}"
    assert [*figures("by the rule of the weekly visit")] == [
        f"{decimal_points(change.change)}",
        f"{decimal_points(mover.change or 0)}",
    ]


async def test_the_branch_has_the_passport_on_the_page(world: World) -> None:
    await world.fold(*told())

    found = await world.read("organiser", f"/scores/branch/{BRANCH}/passport", period="2023")

    written = [
        list(figures(entry))
        for entry in (
            "first quarter: missed",
            "first quarter: made up after the grace",
            "May: missed",
            "pump: missed",
            "pump: done after the grace",
            "fence: missed",
        )
    ]
    assert [[line["points"], line["running_total"]] for line in found["awards"]] == written
    assert found["score"]["awaiting"] == "评议待评"


async def test_the_branch_with_a_review_has_the_points_on_the_page(world: World) -> None:
    await world.fold(*told(), ReviewLife("2023").mark("90"))

    found = await world.read("organiser", f"/scores/branch/{BRANCH}", period="2023")

    assert f"rounded to {found['points']}" in PAGE


async def test_the_member_has_the_points_on_the_page(world: World) -> None:
    await fold_facts([a_member(MEMBER)], world.ports)
    await world.fold(*told())

    found = await world.read("organiser", f"/scores/member/{MEMBER}/passport", period="2023")

    assert list(figures("the member's points")) == [found["score"]["points"]]
    assert [line["state"] for line in found["awards"]].count("exempt") == 1


async def test_what_would_meet_the_branchs_rules_is_on_the_page(world: World) -> None:
    await world.fold(*told())

    found = await world.read("organiser", f"/scores/branch/{BRANCH}/passport", period="2023")

    lost = {each["rule_id"]: [each["missing"], each["comes_back"]] for each in found["why_not"] if each["missing"]}
    assert lost == {
        rule: list(figures(f"not met: {rule}")) for rule in ("general-meeting", "theme-day", "problem-late")
    }


async def test_a_correction_is_posted_as_the_page_says(world: World) -> None:
    await world.fold(*told())
    await world.seal(CardKey("cadre", CADRE, "2023-Q3"))
    [late] = ProblemLife("late").confirm(date(2023, 9, 28)).facts
    await fold_facts([recorded(late, date(2023, 11, 6))], world.ports)

    sealed = await world.read("cadre", f"/scores/cadre/{CADRE}", period="2023-Q3")
    posted = await world.read("cadre", f"/scores/cadre/{CADRE}", period="2023-Q4")
    year = await world.read("cadre", f"/scores/cadre/{CADRE}", period="2023")
    passport = await world.read("cadre", f"/scores/cadre/{CADRE}/passport", period="2023-Q3")

    assert [sealed["points"]] == list(figures("2023-Q3 as it was sealed"))
    assert [line["points"] for line in passport["late"]] == list(figures("the late problem"))
    assert [posted["corrections"], posted["points"]] == list(figures("2023-Q4 with the correction"))
    assert [year["points"]] == list(figures("2023 with both"))
