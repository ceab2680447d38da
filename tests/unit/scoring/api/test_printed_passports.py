"""The passport as it is printed: one self-contained page with every entry, nothing of it able to run."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from services.scoring.adapters.drafts import load_words
from services.scoring.adapters.rule_files import RULES
from services.scoring.domain.printed_passport import printed_passport
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.read_passport import ReadPassport, read_passport
from tests.unit.scoring.conftest import World
from tests.unit.scoring.facts import BRANCH, CADRE, ObligationLife, VisitLife
from tests.unit.scoring.lives import ListingLife

MONDAY = date(2023, 11, 20)
OF_BRANCH, OF_CADRE = f"/scores/branch/{BRANCH}/passport/printed", f"/scores/cadre/{CADRE}/passport/printed"


class Page(HTMLParser):
    """What a browser makes of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


async def page(world: World, who: str, path: str, **query: str) -> Page:
    response = await world.get(who, path, **query)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return Page(response.text)


async def test_the_page_shows_every_entry_with_its_rule_source_and_points(world: World) -> None:
    missed = ObligationLife("general-meeting", date(2023, 3, 31), branch_id=BRANCH).open().miss()
    await world.fold(missed)

    found = await page(world, "branch secretary", OF_BRANCH, period="2023")

    shown = {"党支部考评得分明细", "演示党支部　考评周期 2023", "−3.00", "97.00", missed.facts[-1].id}
    assert shown <= set(found.words)
    assert {"计分记录", "未得分原因"} <= set(found.words)
    assert any("待评" in words for words in found.words)


async def test_the_page_needs_nothing_else_and_runs_nothing(world: World) -> None:
    found = await page(world, "organiser", OF_BRANCH, period="2023")

    assert {"script", "link", "img", "iframe", "object", "form", "a"}.isdisjoint(found.tags)
    assert found.attributes <= {"lang", "charset", "class"}


async def test_whatever_is_shown_is_escaped(world: World) -> None:
    await world.fold(VisitLife("visit").log(MONDAY))
    caller = world.callers.callers["cadre"]
    found = await read_passport(ReadPassport(caller, "cadre", CADRE, "2023-Q4"), world.ports)
    hostile = '<script>alert(1)</script>&"'
    lines = tuple(replace(line, rule=line.rule.model_copy(update={"title": hostile})) for line in found.passport.awards)

    text = printed_passport(
        replace(found.passport, awards=lines), hostile, (found.state,), load_words(RULES / "words.yaml")
    )

    assert "<script" not in text
    assert Page(text).words.count(hostile) == len(lines) == 1
    assert f"{hostile}　考评周期 2023-Q4" in Page(text).words


async def test_a_cadre_stands_there_by_his_number_and_each_quarter_by_itself(world: World) -> None:
    await world.fold(ObligationLife("weekly-visit", date(2023, 11, 26)).open(), VisitLife("visit").log(MONDAY))

    found = await page(world, "cadre", OF_CADRE, period="2023")

    assert f"编号 {CADRE}　考评周期 2023" in found.words
    assert "全年得分：40.00（各季平均）" in found.words
    assert [words[:11] for words in found.words if words.startswith("周期 2023-Q")] == [
        f"周期 2023-Q{number}，" for number in range(1, 5)
    ]


async def test_what_lasts_and_what_it_forbids_is_said(world: World) -> None:
    await fold_facts(list(ListingLife("listing").listed(date(2023, 6, 1)).facts), world.ports)

    found = await page(world, "organiser", OF_BRANCH, period="2023")

    assert any("自2023年6月1日起" in words for words in found.words)


@pytest.mark.parametrize(
    ("who", "branch", "cadre"),
    [("supervisor", 200, 403), ("cadre", 403, 200), ("stranger", 404, 404), ("administrator", 403, 403)],
)
async def test_who_reads_the_score_prints_it(world: World, who: str, branch: int, cadre: int) -> None:
    found = [(await world.get(who, path)).status_code for path in (OF_BRANCH, OF_CADRE)]

    assert found == [branch, cadre]
