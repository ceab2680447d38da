"""Rankings over HTTP: off by default."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.scoring.api.decision_parameters import DecisionsOf, StandardNamed
from services.scoring.api.decision_views import PermitForm, PermitInFullView, RankingView
from services.scoring.api.parameters import PeriodName, PortsOf
from services.scoring.domain.ranking import RankingPermit
from services.scoring.use_cases.access import READERS
from services.scoring.use_cases.permit_ranking import GRANTERS, PermitRanking, permit_ranking
from services.scoring.use_cases.read_ranking import ReadRanking, read_ranking, read_ranking_permit
from services.scoring.use_cases.withdraw_ranking_permit import WithdrawRankingPermit, withdraw_ranking_permit
from shared.events.members import Category
from shared.kernel.access import Caller
from shared.web.access import allow
from shared.web.preconditions import SeenRevision, SeenRevisionIfAny, tag

router = APIRouter(prefix="/api/scoring/rankings", tags=["排名"])
Reader = Annotated[Caller, allow(*READERS["branch"])]
Granter = Annotated[Caller, allow(*GRANTERS)]
CategoryAsked = Annotated[
    Category | None, Query(description="只排这一类支部：village 村 · office 机关 · enterprise 非公；不填为全部")
]


def _view(permit: RankingPermit, response: Response) -> PermitInFullView:
    tag(response, permit.revision)
    return PermitInFullView.of(permit)


@router.get("/{standard}/{organisation_id}", summary="支部得分排名")
async def get_ranking(
    standard: StandardNamed,
    organisation_id: str,
    caller: Reader,
    decisions: DecisionsOf,
    ports: PortsOf,
    *,
    period: PeriodName = None,
    category: CategoryAsked = None,
) -> RankingView:
    """默认关闭；本组织或上级登记了排名依据的才提供。同分并列，待评的不排；一次列出，至多 500 个。"""
    query = ReadRanking(caller, standard, organisation_id, period, category)
    return RankingView.of(await read_ranking(query, decisions, ports), ports.generation.id)


@router.get("/{standard}/{organisation_id}/permit", summary="查看排名依据")
async def get_ranking_permit(
    standard: StandardNamed,
    organisation_id: str,
    caller: Reader,
    decisions: DecisionsOf,
    ports: PortsOf,
    response: Response,
) -> PermitInFullView:
    """本组织登记过的排名依据，无论是否仍然有效；ETag 为其版本号。"""
    return _view(await read_ranking_permit(standard, organisation_id, caller, decisions, ports), response)


@router.put("/{standard}/{organisation_id}", summary="登记依据并开启排名")
async def put_ranking_permit(
    standard: StandardNamed,
    organisation_id: str,
    form: PermitForm,
    caller: Granter,
    seen: SeenRevisionIfAny,
    decisions: DecisionsOf,
    ports: PortsOf,
    response: Response,
) -> PermitInFullView:
    """由党委书记在本乡镇、县委组织部在本县开启；更改依据或重新开启须带 If-Match，首次登记可不带。"""
    command = PermitRanking(
        by=caller, standard=standard, organisation_id=organisation_id, basis=form.basis, seen_revision=seen
    )
    return _view(await permit_ranking(command, decisions, ports), response)


@router.put("/{standard}/{organisation_id}/withdrawal", summary="关闭排名")
async def put_ranking_withdrawal(
    standard: StandardNamed,
    organisation_id: str,
    caller: Granter,
    seen: SeenRevision,
    decisions: DecisionsOf,
    ports: PortsOf,
    response: Response,
) -> PermitInFullView:
    """撤回排名依据，排名随即关闭；已关闭的再次提交，返回原记录。"""
    command = WithdrawRankingPermit(by=caller, standard=standard, organisation_id=organisation_id, seen_revision=seen)
    return _view(await withdraw_ranking_permit(command, decisions, ports), response)
