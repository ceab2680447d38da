"""Signed grades over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response

from services.scoring.api.decision_parameters import DecisionsOf, PeriodNamed, StandardNamed
from services.scoring.api.decision_views import GradeForm, SignedGradeView
from services.scoring.api.parameters import PortsOf
from services.scoring.domain.signed_grade import SignedGrade
from services.scoring.use_cases.read_score import ReadScore
from services.scoring.use_cases.read_signed_grade import read_signed_grade
from services.scoring.use_cases.sign_grade import ALL_SIGNERS, SignGrade, sign_grade
from shared.kernel.access import BUSINESS, Caller
from shared.web.access import allow
from shared.web.preconditions import SeenRevisionIfAny, tag

router = APIRouter(prefix="/api/scoring/grades", tags=["等次审定"])
Reader = Annotated[Caller, allow(*BUSINESS)]
Signer = Annotated[Caller, allow(*ALL_SIGNERS)]


def _view(signed: SignedGrade, response: Response) -> SignedGradeView:
    tag(response, signed.revision)
    return SignedGradeView.of(signed)


@router.get("/{standard}/{subject_id}/{period}", summary="查看审定的等次")
async def get_grade(
    standard: StandardNamed,
    subject_id: str,
    period: PeriodNamed,
    caller: Reader,
    decisions: DecisionsOf,
    ports: PortsOf,
    response: Response,
) -> SignedGradeView:
    """能看得分的人都能看，包括本人；ETag 为其版本号。"""
    return _view(await read_signed_grade(ReadScore(caller, standard, subject_id, period), decisions, ports), response)


@router.put("/{standard}/{subject_id}/{period}", summary="审定等次")
async def put_grade(
    standard: StandardNamed,
    subject_id: str,
    period: PeriodNamed,
    form: GradeForm,
    caller: Signer,
    seen: SeenRevisionIfAny,
    decisions: DecisionsOf,
    ports: PortsOf,
    response: Response,
) -> SignedGradeView:
    """归档之后由党委书记（支部的等次也可由县委组织部）审定；平台给出的等次只供参考。更正须带 If-Match 并写明理由。"""
    command = SignGrade(
        by=caller,
        standard=standard,
        subject_id=subject_id,
        period=period,
        grade=form.grade,
        reason=form.reason,
        seen_revision=seen,
    )
    return _view(await sign_grade(command, decisions, ports), response)
