"""Visits over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.visits.api.forms import CorrectionForm, VisitForm
from services.visits.api.parameters import PeriodName, PortsOf, a_rank
from services.visits.api.views import VisitInFull, VisitView
from services.visits.use_cases.correct_visit import CorrectVisit, correct_visit
from services.visits.use_cases.log_visit import LogVisit, log_visit
from services.visits.use_cases.read_visits import ReadList, list_visits, read_visit
from services.visits.use_cases.withdraw_visit import WithdrawVisit, withdraw_visit
from shared.kernel.access import Caller, Role
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, VisitId
from shared.web.access import allow
from shared.web.pages import Page, Wanted, an_instant
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/visits/visits", tags=["调研走访"])
_WRITERS = (Role.CADRE, Role.ORGANISER, Role.SECRETARY)
_READERS = (*_WRITERS, Role.COUNTY_ORGANISER, Role.BRANCH_SECRETARY)
Writer = Annotated[Caller, allow(*_WRITERS)]
Reader = Annotated[Caller, allow(*_READERS)]


@router.post("", status_code=status.HTTP_201_CREATED, summary="登记走访")
async def post_visit(form: VisitForm, caller: Writer, ports: PortsOf, response: Response) -> VisitView:
    """登记一次走访；同一编号、同一内容重复提交，返回原记录。"""
    visit = await log_visit(
        LogVisit(
            by=caller,
            visit_id=VisitId(form.id),
            cadre_id=CadreId(form.cadre_id),
            branch_id=BranchId(form.branch_id),
            occurred_at=form.occurred_at,
            household_ref=HouseholdRef(form.household_ref) if form.household_ref else None,
            note=form.note,
        ),
        ports,
    )
    tag(response, visit.revision)
    return VisitView.of(visit)


@router.get("", summary="走访列表")
async def get_visits(
    caller: Reader,
    ports: PortsOf,
    wanted: Wanted,
    period: PeriodName = None,
    *,
    mine: Annotated[bool, Query(description="只看本人的走访")] = False,
    cadre_id: Annotated[str | None, Query(description="只看该干部的走访")] = None,
    branch_id: Annotated[str | None, Query(description="只看该支部的走访")] = None,
) -> Page[VisitView]:
    """本人和管理范围内的走访：本人的在前，各按时间，最近的在前。"""
    asked = ReadList(
        by=caller,
        limit=wanted.one_more,
        mine=mine,
        cadre_id=CadreId(cadre_id) if cadre_id else None,
        branch_id=BranchId(branch_id) if branch_id else None,
        period=period,
        after=wanted.after_key(a_rank, an_instant, str),
    )
    return wanted.page(await list_visits(asked, ports), VisitView.of, asked.listing().visit_key)


@router.get("/{visit_id}", summary="查看走访")
async def get_visit(visit_id: str, caller: Reader, ports: PortsOf, response: Response) -> VisitInFull:
    """一次走访及其办理痕迹；ETag 为其版本号。"""
    visit = await read_visit(VisitId(visit_id), caller, ports)
    tag(response, visit.revision)
    return VisitInFull.of(visit)


@router.put("/{visit_id}", summary="更正走访")
async def put_visit(
    visit_id: str, form: CorrectionForm, caller: Writer, seen: SeenRevision, ports: PortsOf, response: Response
) -> VisitView:
    """更正走访时间等内容；原有计分随之更正，不覆盖历史。"""
    visit = await correct_visit(
        CorrectVisit(
            by=caller,
            visit_id=VisitId(visit_id),
            seen_revision=seen,
            occurred_at=form.occurred_at,
            household_ref=HouseholdRef(form.household_ref) if form.household_ref else None,
            note=form.note,
        ),
        ports,
    )
    tag(response, visit.revision)
    return VisitView.of(visit)


@router.put("/{visit_id}/withdrawal", summary="撤回走访")
async def put_visit_withdrawal(
    visit_id: str, caller: Writer, seen: SeenRevision, ports: PortsOf, response: Response
) -> VisitView:
    """撤回未实际发生的走访；记录保留并标为已撤回。"""
    visit = await withdraw_visit(WithdrawVisit(by=caller, visit_id=VisitId(visit_id), seen_revision=seen), ports)
    tag(response, visit.revision)
    return VisitView.of(visit)
