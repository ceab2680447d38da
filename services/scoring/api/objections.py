"""Objections over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.scoring.api.record_forms import AnswerForm, ObjectionForm
from services.scoring.api.record_parameters import RecordsOf, a_rank
from services.scoring.api.record_views import ObjectionInFull, ObjectionView
from services.scoring.domain.objection import Objection, ObjectionId, ObjectionState
from services.scoring.use_cases.access import DESK, OBJECTORS, OVERSEERS
from services.scoring.use_cases.answer_objection import AnswerObjection, answer_objection
from services.scoring.use_cases.file_objection import FileObjection, file_objection
from services.scoring.use_cases.read_objections import ReadObjections, list_objections, read_objection
from shared.events.scoring import Standard
from shared.kernel.access import Caller, Role
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/scoring/objections", tags=["异议"])
Objector = Annotated[Caller, allow(*OBJECTORS)]
Answerer = Annotated[Caller, allow(*DESK)]
Reader = Annotated[Caller, allow(Role.CADRE, Role.MEMBER, *OVERSEERS)]


def _view(objection: Objection, response: Response) -> ObjectionView:
    tag(response, objection.revision)
    return ObjectionView.of(objection)


@router.post("", status_code=status.HTTP_201_CREATED, summary="提出异议")
async def post_objection(
    form: ObjectionForm, caller: Objector, records: RecordsOf, response: Response
) -> ObjectionView:
    """联村干部、党员对本人的，支部书记对本支部的一条计分记录提出异议；同一编号、同一内容重复提交，返回原记录。"""
    command = FileObjection(
        by=caller,
        objection_id=ObjectionId(form.id),
        standard=form.standard,
        subject_id=form.subject_id,
        period=form.period,
        award_id=form.award_id,
        rule_id=form.rule_id,
        text=form.text,
    )
    return _view(await file_objection(command, records), response)


@router.get("", summary="异议列表")
async def get_objections(
    caller: Reader,
    records: RecordsOf,
    wanted: Wanted,
    *,
    mine: Annotated[bool, Query(description="只看本人提出的异议")] = False,
    standard: Annotated[Standard | None, Query(description="branch 支部 · cadre 联村干部 · member 党员")] = None,
    state: Annotated[ObjectionState | None, Query(description="filed 办理中 · upheld 成立 · rejected 不成立")] = None,
) -> Page[ObjectionView]:
    """本人提出的和管理范围内的异议：本人的在前，各按提出日期，最近的在前。"""
    asked = ReadObjections(
        by=caller,
        limit=wanted.one_more,
        mine=mine,
        standard=standard,
        state=state,
        after=wanted.after_key(a_rank, date.fromisoformat, str),
    )
    return wanted.page(await list_objections(asked, records), ObjectionView.of, asked.listing().key)


@router.get("/{objection_id}", summary="查看异议")
async def get_objection(objection_id: str, caller: Reader, records: RecordsOf, response: Response) -> ObjectionInFull:
    """一件异议及其答复和办理痕迹；ETag 为其版本号。"""
    objection = await read_objection(objection_id, caller, records)
    tag(response, objection.revision)
    return ObjectionInFull.of(objection)


@router.put("/{objection_id}/answer", summary="答复异议")
async def put_answer(
    objection_id: str,
    form: AnswerForm,
    caller: Answerer,
    seen: SeenRevision,
    records: RecordsOf,
    response: Response,
) -> ObjectionView:
    """由提出人以外的组织委员或党委书记答复；成立的，所指计分记录即不再计分。"""
    command = AnswerObjection(
        by=caller, objection_id=objection_id, seen_revision=seen, upheld=form.upheld, answer=form.answer
    )
    return _view(await answer_objection(command, records), response)
