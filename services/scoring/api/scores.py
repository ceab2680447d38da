"""Scores and passports over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter

from services.scoring.api.parameters import PeriodName, PortsOf
from services.scoring.api.views import PassportView, ScoreView
from services.scoring.use_cases.access import READERS
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.read_passport import read_passport
from services.scoring.use_cases.read_score import ListScores, ReadScore, SubjectScore, list_scores, read_score
from shared.kernel.access import BUSINESS, Caller, Role
from shared.web.access import allow
from shared.web.pages import Page, PageRequest, Wanted

router = APIRouter(prefix="/api/scoring/scores", tags=["得分"])
Scored = Literal["branch", "cadre"]
Reader = Annotated[Caller, allow(*BUSINESS)]
BranchesReader = Annotated[Caller, allow(*READERS["branch"])]
CadresReader = Annotated[Caller, allow(*READERS["cadre"], Role.CADRE)]


@router.get("/branch", summary="支部得分列表")
async def get_branch_scores(
    caller: BranchesReader, ports: PortsOf, wanted: Wanted, period: PeriodName = None
) -> Page[ScoreView]:
    """管理范围内各支部的得分；不排名。"""
    return await _page(caller, "branch", wanted, period, ports)


@router.get("/cadre", summary="联村干部得分列表")
async def get_cadre_scores(
    caller: CadresReader, ports: PortsOf, wanted: Wanted, period: PeriodName = None
) -> Page[ScoreView]:
    """本人的得分在前，其后是管理范围内各联村干部的得分；不排名。"""
    return await _page(caller, "cadre", wanted, period, ports)


@router.get("/{standard}/{subject_id}", summary="查看得分")
async def get_score(
    standard: Scored, subject_id: str, caller: Reader, ports: PortsOf, period: PeriodName = None
) -> ScoreView:
    """一个支部（年）或一名联村干部（季、年）的得分，逐条规则说明。"""
    found = await read_score(ReadScore(caller, standard, subject_id, period), ports)
    return ScoreView.of(found, ports.generation.id)


@router.get("/{standard}/{subject_id}/passport", summary="查看得分明细")
async def get_passport(
    standard: Scored, subject_id: str, caller: Reader, ports: PortsOf, period: PeriodName = None
) -> PassportView:
    """得分背后的每一条计分记录：事实、规则、依据、日期、分值、封顶影响、累计。"""
    found = await read_passport(ReadScore(caller, standard, subject_id, period), ports)
    return PassportView.of(found, ports.generation.id)


async def _page(
    caller: Caller, standard: Scored, wanted: PageRequest, period: str | None, ports: Ports
) -> Page[ScoreView]:
    (after,) = wanted.after_key(str) or (None,)
    found = await list_scores(ListScores(caller, standard, wanted.one_more, period, after), ports)

    def key(each: SubjectScore) -> tuple[str]:
        """The subject's id; one's own score, shown first out of order, is before all."""
        return ("" if caller.is_person(each.subject.id) else each.subject.id,)

    return wanted.page(found, lambda each: ScoreView.of(each, ports.generation.id), key)
