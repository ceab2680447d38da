"""Obligations over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notifications.api.parameters import PortsOf, States, WordingOf, place_after, place_of
from services.notifications.api.views import ObligationDetail, ObligationView
from services.notifications.domain.grounds import DecisionReason
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.wording import Wording
from services.notifications.use_cases.access import DESK, READERS, may_read_why, owns
from services.notifications.use_cases.ports import Ports
from services.notifications.use_cases.read_obligations import Item, ReadObligations, list_obligations, read_obligation
from services.notifications.use_cases.waive_obligation import WaiveObligation, waive_obligation
from shared.kernel.access import Caller
from shared.kernel.ids import ObligationId
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/notifications/obligations", tags=["应办事项"])
Reader = Annotated[Caller, allow(*READERS)]
Desk = Annotated[Caller, allow(*DESK)]


class WaiverForm(BaseModel):
    """免办决定"""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[
        DecisionReason,
        Field(
            description="leave 请假 · secondment 抽调 · illness 因病 · emergency_duty 应急值守 · "
            "entered_in_error 误登 · other 其他"
        ),
    ]


async def _detail(
    obligation: Obligation, caller: Caller, ports: Ports, wording: Wording, response: Response
) -> ObligationDetail:
    tag(response, obligation.revision)
    titles = await ports.directory.titles([obligation.terms.organisation_id])
    view = ObligationView.of(
        obligation, own=owns(caller, obligation), titles=titles, wording=wording, library=ports.library
    )
    return ObligationDetail.of(view, obligation, ports.library, with_why=may_read_why(caller, obligation))


@router.get("", summary="应办事项列表")
async def get_obligations(
    caller: Reader,
    ports: PortsOf,
    wording: WordingOf,
    wanted: Wanted,
    states: States,
    regulation: Annotated[str | None, Query(description="规定编号，例如 weekly-visit")] = None,
    organisation: Annotated[str | None, Query(description="只看该组织及其下级的事项")] = None,
) -> Page[ObligationView]:
    """本人的应办事项在前，其次是本人任书记的党支部的，其后是管理范围内其他的；各按期限由近及远。"""
    found = await list_obligations(
        ReadObligations(
            by=caller,
            limit=wanted.one_more,
            states=states,
            regulation_id=regulation,
            organisation_id=organisation,
            after=place_after(wanted),
        ),
        ports,
    )

    def view(item: Item) -> ObligationView:
        part, obligation = item
        return ObligationView.of(
            obligation, own=part != "scope", titles=found.titles, wording=wording, library=ports.library
        )

    return wanted.page(found.items, view, place_of)


@router.get("/{obligation_id}", summary="查看应办事项")
async def get_obligation(
    obligation_id: str, caller: Reader, ports: PortsOf, wording: WordingOf, response: Response
) -> ObligationDetail:
    """一项应办事项及其全部经过；ETag 为其版本号。免办的原因代码只对组织委员、党委书记和本人（或其支部书记）显示。"""
    obligation = await read_obligation(ObligationId(obligation_id), caller, ports)
    return await _detail(obligation, caller, ports, wording, response)


@router.put("/{obligation_id}/waiver", summary="决定免办")
async def put_waiver(
    obligation_id: str,
    form: WaiverForm,
    caller: Desk,
    seen: SeenRevision,
    ports: PortsOf,
    wording: WordingOf,
    response: Response,
) -> ObligationDetail:
    """由组织委员或党委书记决定免办并记录决定人；不能为本人或本人任书记的党支部的事项作出决定。"""
    command = WaiveObligation(caller, ObligationId(obligation_id), seen, form.reason)
    return await _detail(await waive_obligation(command, ports), caller, ports, wording, response)
