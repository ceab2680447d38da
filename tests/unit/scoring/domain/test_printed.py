"""A rule book as a page to print: everything it says, in words, and nothing it could run."""

import re
from collections.abc import AsyncIterator
from datetime import date
from html.parser import HTMLParser

import pytest

from services.scoring.adapters.drafts import load_words
from services.scoring.adapters.rule_files import RULES, load_generation
from services.scoring.domain.printed import Imprint, formula, printed
from services.scoring.domain.rule_book import RuleBook
from shared.events.catalogue import CATALOGUE
from tests.unit.scoring.publishing import BASIS, BOOK, DRAFT, PublicationWorld, a_book, a_publication_world

WORDS = load_words(RULES / "words.yaml")
SHIPPED = load_generation().books
CODE = re.compile(r"[a-z]+[._-][a-z0-9._-]+")
PAGE = "/cadre/2023.1/printed"


class _Text(HTMLParser):
    """What people read of a page, and which tags it is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.tags: list[str] = []
        self._styled = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - named by the parser
        self.tags.append(tag)
        self._styled = tag == "style"

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - named by the parser
        self._styled = False

    def handle_data(self, data: str) -> None:
        if not self._styled:
            self.said.append(data)

    @property
    def text(self) -> str:
        return "\n".join(self.said)


def a_page(book: RuleBook) -> _Text:
    return _Text(printed(book, WORDS, Imprint("征求意见稿")))


@pytest.fixture
async def world() -> AsyncIterator[PublicationWorld]:
    async with a_publication_world(a_book()) as world:
        yield world


def _titles(book: RuleBook) -> list[str]:
    return [*(each.title for each in book.circumstances), *(each.title for each in book.grades)]


@pytest.mark.parametrize("book", SHIPPED, ids=lambda book: book.standard)
def test_a_shipped_book_is_printed_whole_and_in_words(book: RuleBook) -> None:
    page = a_page(book)

    assert [rule.title for rule in (*book.rules, *book.attainable) if rule.title not in page.text] == []
    assert [rule.source.sentence for rule in book.rules if rule.source.sentence not in page.text] == []
    assert [title for title in _titles(book) if title not in page.text] == []
    assert CODE.findall(page.text) == []


def test_a_page_says_title_version_start_base_and_how_the_score_is_made() -> None:
    [book] = [book for book in SHIPPED if book.standard == "branch"]
    text = a_page(book).text

    for words in ("党支部考评细则", "2023.1 版", "自2023年1月1日起施行", "基础分 100", "× 70% + 评议 × 30%"):
        assert words in text


def test_points_caps_and_half_back_are_written_as_people_write_them() -> None:
    [book] = [book for book in SHIPPED if book.standard == "branch"]
    text = a_page(book).text

    assert ("−0.5" in text, "每年至多 −8 分" in text, "返还一半（0.25 分）" in text) == (True, True, True)


def test_earned_by_attainable_is_said_so() -> None:
    [book] = [book for book in SHIPPED if book.standard == "cadre"]

    assert formula(book).startswith("得分 = 实得分 ÷ 应得分 × 100")


def test_what_a_book_says_is_shown_and_never_run() -> None:
    book = a_book(BOOK.replace("每周走访", '"<script>alert(1)</script><img src=x onerror=alert(2)>&"'))
    page = a_page(book)

    assert "<script>alert(1)</script><img src=x onerror=alert(2)>&" in page.text
    assert {"script", "img"} & set(page.tags) == set()


def test_a_page_needs_nothing_from_anywhere() -> None:
    page = printed(SHIPPED[0], WORDS, Imprint("征求意见稿"))

    assert re.findall(r"https?://|url\(|src=|href=", page) == []
    assert "@page" in page


def test_every_fact_scoring_reads_has_a_word() -> None:
    read = {name.removeprefix("xianfeng.") for name, entry in CATALOGUE.items() if "scoring" in entry.consumers}

    assert sorted(read - set(WORDS.events)) == []


async def test_a_live_book_is_printed_for_everybody(world: PublicationWorld) -> None:
    response = await world.call("member", "GET", PAGE)

    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "2023.1 版，自2023年1月1日起施行" in response.text


async def test_a_version_there_is_not_is_not_printed(world: PublicationWorld) -> None:
    assert (await world.refusal("member", "GET", "/cadre/1999.1/printed"))[:2] == (404, "rule_book.unknown")
    assert (await world.refusal("member", "GET", "/branch/2023.1/printed"))[:2] == (404, "rule_book.unknown")


async def test_a_draft_is_printed_to_be_asked_about_and_a_published_one_with_its_basis(world: PublicationWorld) -> None:
    await world.consulted()
    asked = await world.call("organiser", "GET", f"/drafts/{DRAFT}/printed")
    await world.done("county", "PUT", f"/drafts/{DRAFT}/publication", BASIS, seen=2)
    published = await world.call("organiser", "GET", f"/drafts/{DRAFT}/printed")

    assert "（2024.1 版，征求意见稿）" in asked.text
    assert "（2024.1 版，2023年11月20日发布）" in published.text
    assert f"发布依据：{BASIS['basis']}" in published.text


async def test_a_draft_with_faults_is_not_printed(world: PublicationWorld) -> None:
    await world.drafted(BOOK.replace("cadre_id", "author_id"))

    assert (await world.refusal("county", "GET", f"/drafts/{DRAFT}/printed"))[:2] == (409, "draft.has_faults")


async def test_a_version_that_was_replaced_says_its_last_day(world: PublicationWorld) -> None:
    await world.consulted()
    await world.done("county", "PUT", f"/drafts/{DRAFT}/publication", BASIS, seen=2)
    world.clock.move_to(date(2024, 1, 2))
    page = await world.call("member", "GET", PAGE)

    assert "已停止施行" in page.text
    assert "至2023年12月31日止" in page.text
