"""What the platform counts beside what the report says, read through the public API like everything else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.table import Table

from deploy.demo.accounts import ORGANISER, SECRETARY
from deploy.demo.gateway import Gateway

_FILE = Path(__file__).parent / "report-counts.yaml"
REPORT_YEAR = "2023"
NOT_HELD = "尚未接入"
_DEEDS = (("effective",), ("confirmed",), ("reported",), ("withdrawn", "refused"))
_STANDARDS = {"branch": "党支部", "cadre": "联村干部", "member": "党员"}


@dataclass(frozen=True, slots=True)
class ReportCount:
    """One of the report's 17 counts; `held_by` names the list it can be counted in, if a service holds it yet."""

    title: str
    report: int
    period: str
    source: str
    at_least: bool = False
    held_by: str | None = None

    def verdict(self, counted: int | None) -> str:
        """Equal, different, or not held by any service yet."""
        if counted is None:
            return NOT_HELD
        return "相等" if counted == self.report or (self.at_least and counted >= self.report) else "不相等"


def report_counts() -> tuple[ReportCount, ...]:
    """The report's counts, as data."""
    return tuple(ReportCount(**entry) for entry in yaml.safe_load(_FILE.read_text(encoding="utf-8"))["counts"])


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both tables the demo ends in: the report's counts, and how much there is of everything."""

    rows: tuple[tuple[ReportCount, int | None], ...]
    stock: tuple[tuple[str, str], ...]

    def tables(self) -> tuple[Table, Table]:
        """As people read them."""
        counts = Table("计数", "时段", "报告", "平台", "对照", title="平台计数与 2023 年报告（演示数据）")
        for count, counted in self.rows:
            told = f"≥ {count.report}" if count.at_least else str(count.report)
            shown = "–" if counted is None else str(counted)
            counts.add_row(count.title, count.period, told, shown, count.verdict(counted))
        stock = Table("已装载", "数量", title="演示乡现有数据")
        for title, number in self.stock:
            stock.add_row(title, number)
        return counts, stock


async def compare(gateway: Gateway) -> Comparison:
    """Count what the organiser of the demo township sees."""
    disposals = await gateway.read_all(SECRETARY, "/api/members/disposals")
    weak = await gateway.read_all(SECRETARY, "/api/duties/weak-organisations")
    held = {
        "disposals": sum(disposal["decided_on"].startswith(REPORT_YEAR) for disposal in disposals),
        "weak_organisations": sum(
            listing["listed_on"].startswith(REPORT_YEAR) and not listing["withdrawn"] for listing in weak
        ),
    }
    rows = tuple((count, held.get(count.held_by) if count.held_by else None) for count in report_counts())
    return Comparison(rows, await _stock(gateway))


async def _stock(gateway: Gateway) -> tuple[tuple[str, str], ...]:
    organisations = await gateway.read_all(ORGANISER, "/api/members/organisations")
    kinds = Counter(organisation["kind"] for organisation in organisations)
    categories = Counter(o["category"] for o in organisations if o["kind"] == "branch")
    members = await gateway.read_all(ORGANISER, "/api/members/members")
    postings = await gateway.read_all(ORGANISER, "/api/members/postings?post=village_cadre")
    visits = await gateway.read_all(ORGANISER, "/api/visits/visits")
    problems = Counter(problem["state"] for problem in await gateway.read_all(ORGANISER, "/api/visits/problems"))
    obligations = Counter(
        obligation["state_text"] for obligation in await gateway.read_all(ORGANISER, "/api/notifications/obligations")
    )
    entries = Counter(visit["entry"] for visit in visits if not visit["withdrawn"])
    meetings = await gateway.read_all(ORGANISER, "/api/duties/meetings")
    held = Counter(meeting["entry"] for meeting in meetings if not meeting["withdrawn"])
    deeds = Counter(deed["state"] for deed in await gateway.read_all(ORGANISER, "/api/scoring/deeds"))
    reviews = await gateway.read_all(ORGANISER, "/api/scoring/reviews")
    objections = Counter(each["state"] for each in await gateway.read_all(ORGANISER, "/api/scoring/objections"))
    sealed = await gateway.read_all(ORGANISER, "/api/scoring/closings?state=sealed")
    return (
        ("党总支", str(kinds["general_branch"])),
        (
            "党支部（村 / 机关 / 非公）",
            f"{kinds['branch']}（{categories['village']} / {categories['office']} / {categories['enterprise']}）",
        ),
        ("党员（已终止）", f"{len(members)}（{sum(member['ended_on'] is not None for member in members)}）"),
        ("在任联村干部", str(sum(posting["ends_on"] is None for posting in postings))),
        ("走访（正常 / 迟报 / 补录）", f"{entries['live']} / {entries['late']} / {entries['history']}"),
        ("已撤回走访", str(sum(visit["withdrawn"] for visit in visits))),
        (
            "民情问题（办理中 / 待核实 / 已核实）",
            f"{problems['open']} / {problems['resolved']} / {problems['confirmed']}",
        ),
        ("会议（正常 / 迟报 / 补录）", f"{held['live']} / {held['late']} / {held['history']}"),
        (
            "记实事项（已生效 / 公示中 / 待确认 / 已撤回）",
            " / ".join(str(sum(deeds[state] for state in states)) for states in _DEEDS),
        ),
        ("评议分", str(len(reviews))),
        (
            "异议（办理中 / 成立 / 不成立）",
            f"{objections['filed']} / {objections['upheld']} / {objections['rejected']}",
        ),
        ("已归档周期（考评对象数）", _periods(sealed)),
        ("应办事项", "，".join(f"{state} {number}" for state, number in sorted(obligations.items()))),
    )


def _periods(sealed: Sequence[Mapping[str, Any]]) -> str:
    """The sealed periods, each with how many scores were sealed."""
    return "，".join(f"{_STANDARDS[each['standard']]} {each['period']}（{each['subjects']}）" for each in sealed) or "–"
