"""A rule book says only what it may, and its sources say what they quote."""

from pathlib import Path

import pytest

from services.scoring.adapters.rule_files import RULES, load_generation, load_whitelist, parse_rule_book
from services.scoring.domain.refusals import RuleBookRefused
from services.scoring.domain.rule_book import PREFIX, RuleBook
from shared.events.catalogue import CATALOGUE

ROOT = Path(__file__).parents[4]
REPORT = (ROOT / "docs" / "reference" / "annual-report-2023.txt").read_text(encoding="utf-8")
BOOK = """\
standard: cadre
title: 联村干部履职
version: "2024.1"
period: quarter
effective: {from: 2024-01-01}
applies_to: {posts: [village_cadre]}
rules:
  - id: weekly-visit
    title: 每周走访
    source: {report: 周调研走访1次}
    on: visits.visit.logged.v1
    award: {to: cadre_id, points: 2}
    cap: {points: 2, per: week}
"""


def parsed(text: str) -> RuleBook:
    return parse_rule_book(text, load_whitelist(RULES / "whitelist.yaml"), "draft.yaml")


def refused(old: str, new: str) -> str:
    assert old in BOOK
    with pytest.raises(RuleBookRefused) as refusal:
        parsed(BOOK.replace(old, new))
    return str(refusal.value)


def test_the_example_is_a_rule_book() -> None:
    [rule] = parsed(BOOK).rules

    assert (rule.on, rule.award.points, [cap.points for cap in rule.caps]) == (("visits.visit.logged.v1",), 200, [200])


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("visits.visit.logged.v1", "visits.visit.imagined.v1", 11, "没有名为 visits.visit.imagined.v1 的事件"),
        ("visits.visit.logged.v1", "visits.visit.logged.v2", 11, "没有名为"),
        ("visits.visit.logged.v1", "visits.problem.raised.v1", 11, "不得计分"),
        ("visits.visit.logged.v1", "notifications.obligation.reopened.v1", 11, "不在可计分清单内，不得计分"),
        ("to: cadre_id", "to: author_id", 12, "没有字段 author_id"),
        ("to: cadre_id", "to: household_ref", 12, "不在可计分清单内，不得作为计分依据"),
        ("per: week", "per: year", 13, "封顶期（年）长于考评周期（季）"),
        ("points: 2, per", "points: -2, per", 8, "封顶分值须与分值同号"),
        ("points: 2}", "points: two}", 12, "分值须为数字"),
        ("points: 2}", "points: 0.005}", 12, "分值最多两位小数"),
        ("points: 2}", "points: 0}", 12, "须写明不为零的分值"),
        ("to: cadre_id, points: 2", "to: cadre_id, points: 2, formula: n * 2", 12, "细则中没有这一项"),
        (
            "{report: 周调研走访1次}",
            "{report: 周调研走访1次, article: 第一条}",
            10,
            "report（报告原句）或 article（条款）之一",
        ),
        ("    title: 每周走访\n", "", 8, "缺少此项"),
        ("id: weekly-visit", "id: Weekly Visit", 8, "写法不合规定"),
        ("standard: cadre", "standard: village", 1, "取值不在允许的范围内"),
        ("from: 2024-01-01", "from: 2024-01-01, to: 2023-01-01", 5, "生效期止早于生效期起"),
    ],
)
def test_a_fault_is_refused_with_its_line_and_reason(old: str, new: str, line: int, reason: str) -> None:
    sentence = refused(old, new)

    assert sentence.startswith(f"考评细则 draft.yaml 不予采用，请逐条改正：第 {line} 行"), sentence
    assert reason in sentence


PROBLEM = "    on: visits.problem.confirmed.v1\n"
MISSED = "    on: notifications.obligation.missed.v1\n"


@pytest.mark.parametrize(
    ("rule", "line", "reason"),
    [
        (
            PROBLEM,
            8,
            "事实 visits.problem.confirmed.v1 须按 resolved_on 计日，否则撤回时分值退不回来，请写明 day: resolved_on",
        ),
        (PROBLEM + "    day: occurred_on\n", 12, "请写明 day: resolved_on"),
        (
            MISSED,
            8,
            "事实 notifications.obligation.missed.v1 须按 due_on 计日，否则撤回时分值退不回来，请写明 day: due_on",
        ),
        (MISSED + "    day: resolved_on\n", 12, "请写明 day: due_on"),
        ("    on: visits.visit.logged.v1\n    day: occurred_at\n", 12, "按发生之日计分，请删去 day"),
        (
            "    on: [visits.visit.logged.v1, visits.problem.confirmed.v1]\n    day: resolved_on\n",
            12,
            "事实 visits.visit.logged.v1 按发生之日计分，请删去 day",
        ),
    ],
)
def test_a_fact_counts_for_the_day_its_corrections_name(rule: str, line: int, reason: str) -> None:
    sentence = refused("    on: visits.visit.logged.v1\n", rule)

    assert f"第 {line} 行" in sentence, sentence
    assert reason in sentence


def test_what_gives_half_back_counts_for_the_day_its_corrections_name_too() -> None:
    half_back = (
        "    half_back: {on: notifications.obligation.satisfied_late.v1}\n    award: {to: cadre_id, points: -2}\n"
    )
    text = BOOK.replace("    award: {to: cadre_id, points: 2}\n", half_back).replace(
        "cap: {points: 2", "cap: {points: -2"
    )
    with pytest.raises(RuleBookRefused, match=r"satisfied_late\.v1 须按 due_on 计日"):
        parsed(text)


def test_every_day_the_whitelist_names_is_an_admitted_field_of_its_fact() -> None:
    whitelist = load_whitelist(RULES / "whitelist.yaml")

    assert [event for event, day in whitelist.days.items() if not whitelist.admits(event, day)] == []
    assert [event for event, day in whitelist.days.items() if day not in fields_of(event)] == []


def fields_of(event: str) -> set[str]:
    return set(CATALOGUE[PREFIX + event].event.model_fields)


def test_a_rule_that_names_the_day_its_fact_counts_for_is_accepted() -> None:
    text = BOOK.replace("    on: visits.visit.logged.v1\n", PROBLEM + "    day: resolved_on\n")

    assert [rule.day for rule in parsed(text).rules] == ["resolved_on"]


def test_what_is_no_yaml_is_refused_with_its_line() -> None:
    assert "第 3 行（全文）：不是有效的 YAML" in refused("title: 联村干部履职", "title: [联村干部履职")


def test_a_field_the_rule_looks_at_must_be_admitted() -> None:
    sentence = refused("    award: {to: cadre_id", "    where: {household_ref: 12}\n    award: {to: cadre_id")

    assert "字段 household_ref 不在可计分清单内" in sentence


def test_two_versions_in_force_from_one_day_are_refused(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    (tmp_path / "whitelist.yaml").write_text((RULES / "whitelist.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    for name, text in (("one", BOOK), ("two", BOOK.replace("2024.1", "2024.2"))):
        (tmp_path / "standards" / f"{name}.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(RuleBookRefused, match="生效期或版本号相同"):
        load_generation(tmp_path)


def test_every_quotation_stands_in_the_report_character_by_character() -> None:
    rules = [rule for book in load_generation().books for rule in book.all_rules]
    quoted = [rule.source.report for rule in rules if rule.source.report is not None]

    assert [quotation for quotation in quoted if quotation not in REPORT] == []
    assert quoted


def test_any_change_of_a_book_makes_another_generation() -> None:
    generation = load_generation()
    book = generation.books[0]
    changed = book.model_copy(update={"title": book.title + "（修订）"})

    assert generation.id == type(generation)(tuple(reversed(generation.books))).id
    assert generation.id != type(generation)((changed, *generation.books[1:])).id
