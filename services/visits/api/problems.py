"""Problems over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.visits.api.forms import AssignmentForm, ConfirmationForm, ProblemForm, ResolutionForm
from services.visits.api.parameters import PeriodName, PortsOf, a_rank
from services.visits.api.views import ProblemInFull, ProblemView
from services.visits.domain.problem import Problem, State
from services.visits.use_cases.assign_problem import AssignProblem, assign_problem
from services.visits.use_cases.confirm_problem import ConfirmProblem, confirm_problem
from services.visits.use_cases.raise_problem import RaiseProblem, raise_problem
from services.visits.use_cases.read_visits import ReadList, list_problems, read_problem
from services.visits.use_cases.resolve_problem import ResolveProblem, resolve_problem
from services.visits.use_cases.withdraw_resolution import WithdrawResolution, withdraw_resolution
from shared.kernel.access import Caller, Role
from shared.kernel.ids import BranchId, CadreId, HouseholdRef, MemberId, ProblemId, VisitId
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/visits/problems", tags=["民情问题"])
_DESK = (Role.ORGANISER, Role.SECRETARY)
_READERS = (*_DESK, Role.CADRE, Role.COUNTY_ORGANISER, Role.BRANCH_SECRETARY)
Writer = Annotated[Caller, allow(Role.CADRE, *_DESK)]
Desk = Annotated[Caller, allow(*_DESK)]
Confirmer = Annotated[Caller, allow(Role.BRANCH_SECRETARY, *_DESK)]
Reader = Annotated[Caller, allow(*_READERS)]


def _view(problem: Problem, response: Response) -> ProblemView:
    tag(response, problem.revision)
    return ProblemView.of(problem)


@router.post("", status_code=status.HTTP_201_CREATED, summary="登记民情问题")
async def post_problem(form: ProblemForm, caller: Writer, ports: PortsOf, response: Response) -> ProblemView:
    """登记一条民情问题；办理期限按类别和工作日历自动算出。"""
    problem = await raise_problem(
        RaiseProblem(
            by=caller,
            problem_id=ProblemId(form.id),
            branch_id=BranchId(form.branch_id),
            cadre_id=CadreId(form.cadre_id),
            visit_id=VisitId(form.visit_id) if form.visit_id else None,
            raised_on=form.raised_on,
            problem_class=form.problem_class,
            content=form.content,
            household_ref=HouseholdRef(form.household_ref) if form.household_ref else None,
        ),
        ports,
    )
    return _view(problem, response)


@router.get("", summary="民情问题列表")
async def get_problems(
    caller: Reader,
    ports: PortsOf,
    wanted: Wanted,
    period: PeriodName = None,
    *,
    mine: Annotated[bool, Query(description="只看由本人负责的问题")] = False,
    state: Annotated[State | None, Query(description="open 办理中 · resolved 待核实 · confirmed 已核实")] = None,
    cadre_id: Annotated[str | None, Query(description="只看由该干部负责的问题")] = None,
    branch_id: Annotated[str | None, Query(description="只看该支部的问题")] = None,
) -> Page[ProblemView]:
    """由本人负责的和管理范围内的问题：本人负责的在前，各按期限，先到期的在前。"""
    asked = ReadList(
        by=caller,
        limit=wanted.one_more,
        mine=mine,
        cadre_id=CadreId(cadre_id) if cadre_id else None,
        branch_id=BranchId(branch_id) if branch_id else None,
        period=period,
        state=state,
        after=wanted.after_key(a_rank, date.fromisoformat, str),
    )
    return wanted.page(await list_problems(asked, ports), ProblemView.of, asked.listing().problem_key)


@router.get("/{problem_id}", summary="查看民情问题")
async def get_problem(problem_id: str, caller: Reader, ports: PortsOf, response: Response) -> ProblemInFull:
    """一条民情问题及其办理痕迹；ETag 为其版本号。"""
    problem = await read_problem(ProblemId(problem_id), caller, ports)
    tag(response, problem.revision)
    return ProblemInFull.of(problem)


@router.put("/{problem_id}/assignment", summary="改派")
async def put_assignment(
    problem_id: str, form: AssignmentForm, caller: Desk, seen: SeenRevision, ports: PortsOf, response: Response
) -> ProblemView:
    """改由另一名干部负责，期限不变；已提交组织委员处理的问题，改派（含仍由原干部负责）即为处理决定。"""
    command = AssignProblem(
        by=caller, problem_id=ProblemId(problem_id), seen_revision=seen, cadre_id=CadreId(form.cadre_id)
    )
    return _view(await assign_problem(command, ports), response)


@router.put("/{problem_id}/resolution", summary="登记办结")
async def put_resolution(
    problem_id: str, form: ResolutionForm, caller: Writer, seen: SeenRevision, ports: PortsOf, response: Response
) -> ProblemView:
    """登记办结日期、措施和帮办的党员；须经他人回访核实后计分。群众两次答复不属实后，由组织委员或党委书记登记。"""
    command = ResolveProblem(
        by=caller,
        problem_id=ProblemId(problem_id),
        seen_revision=seen,
        resolved_on=form.resolved_on,
        measure=form.measure,
        helper_ids=tuple(MemberId(helper_id) for helper_id in form.helper_ids),
    )
    return _view(await resolve_problem(command, ports), response)


@router.put("/{problem_id}/resolution/withdrawal", summary="撤回办结")
async def put_resolution_withdrawal(
    problem_id: str, caller: Writer, seen: SeenRevision, ports: PortsOf, response: Response
) -> ProblemView:
    """撤回办结（连同核实），问题重新办理，相应计分冲回。"""
    command = WithdrawResolution(by=caller, problem_id=ProblemId(problem_id), seen_revision=seen)
    return _view(await withdraw_resolution(command, ports), response)


@router.put("/{problem_id}/confirmation", summary="回访核实")
async def put_confirmation(
    problem_id: str, form: ConfirmationForm, caller: Confirmer, seen: SeenRevision, ports: PortsOf, response: Response
) -> ProblemView:
    """登记群众答复；办结人、录入人和帮办党员不能核实。"""
    command = ConfirmProblem(
        by=caller,
        problem_id=ProblemId(problem_id),
        seen_revision=seen,
        answer=form.answer,
        confirmed_on=form.confirmed_on,
    )
    return _view(await confirm_problem(command, ports), response)
