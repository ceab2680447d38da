"""Scores and passports over HTTP."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from services.scoring.api.parameters import AsOf, PeriodName, PortsOf, PublicationPortsOf
from services.scoring.api.passport_views import PassportView
from services.scoring.api.views import ScoreView
from services.scoring.domain.printed_passport import printed_passport
from services.scoring.use_cases.access import READERS
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.read_passport import ReadPassport, read_passport
from services.scoring.use_cases.read_score import ListScores, ReadScore, list_scores, read_score
from services.scoring.use_cases.reckon_scores import SubjectScore
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller, Role
from shared.web.access import allow
from shared.web.pages import Page, PageRequest, Wanted

router = APIRouter(prefix="/api/scoring/scores", tags=["得分"])
Reader = Annotated[Caller, allow(*BUSINESS)]
BranchesReader = Annotated[Caller, allow(*READERS["branch"])]
CadresReader = Annotated[Caller, allow(*READERS["cadre"], Role.CADRE)]
MembersReader = Annotated[Caller, allow(*READERS["member"], Role.MEMBER)]


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


@router.get("/member", summary="党员积分列表")
async def get_member_scores(
    caller: MembersReader, ports: PortsOf, wanted: Wanted, period: PeriodName = None
) -> Page[ScoreView]:
    """本人的积分在前，其后是管理范围内各党员的积分；不排名。"""
    return await _page(caller, "member", wanted, period, ports)


@router.get("/{standard}/{subject_id}", summary="查看得分")
async def get_score(
    standard: Standard, subject_id: str, caller: Reader, ports: PortsOf, period: PeriodName = None
) -> ScoreView:
    """一个支部（年）、一名联村干部（季、年）或一名党员（年）的得分，逐条规则说明。"""
    found = await read_score(ReadScore(caller, standard, subject_id, period), ports)
    return ScoreView.of(found, ports.generation.id)


@router.get("/{standard}/{subject_id}/passport", summary="查看得分明细")
async def get_passport(
    standard: Standard,
    subject_id: str,
    caller: Reader,
    ports: PortsOf,
    period: PeriodName = None,
    as_of: AsOf = None,
) -> PassportView:
    """得分背后的每一条计分记录：事实、规则、依据、日期、分值、封顶影响、累计；以及未得分原因和更正记录。"""
    found = await read_passport(ReadPassport(caller, standard, subject_id, period, as_of), ports)
    return PassportView.of(found, ports.generation.id)


@router.get("/{standard}/{subject_id}/passport/printed", summary="打印得分明细", response_class=HTMLResponse)
async def get_printed_passport(
    standard: Standard,
    subject_id: str,
    caller: Reader,
    ports: PortsOf,
    publication: PublicationPortsOf,
    period: PeriodName = None,
    as_of: AsOf = None,
) -> HTMLResponse:
    """评议会用的得分明细，一页自成一体，可直接打印签字。"""
    found = await read_passport(ReadPassport(caller, standard, subject_id, period, as_of), ports)
    title = found.subject.title or f"编号 {found.subject.id}"
    return HTMLResponse(printed_passport(found.passport, title, found.states or (found.state,), publication.words))


async def _page(
    caller: Caller, standard: Standard, wanted: PageRequest, period: str | None, ports: Ports
) -> Page[ScoreView]:
    (after,) = wanted.after_key(str) or (None,)
    found = await list_scores(ListScores(caller, standard, wanted.one_more, period, after), ports)

    def key(each: SubjectScore) -> tuple[str]:
        """The subject's id; one's own score, shown first out of order, is before all."""
        return ("" if caller.is_person(each.subject.person_id) else each.subject.id,)

    return wanted.page(found, lambda each: ScoreView.of(each, ports.generation.id), key)
