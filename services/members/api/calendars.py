"""The working-day calendar over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response

from services.members.api.forms import CalendarForm
from services.members.api.parameters import PortsOf, Year
from services.members.api.views import CalendarView
from services.members.use_cases.access import may_read_trail
from services.members.use_cases.publish_calendar import (
    EffectiveCalendar,
    PublishCalendar,
    publish_calendar,
    read_calendar,
)
from shared.kernel.access import BUSINESS, Caller, Role
from shared.kernel.ids import OrganisationId
from shared.web.access import allow
from shared.web.preconditions import SeenRevisionIfAny, tag

router = APIRouter(prefix="/api/members/organisations", tags=["工作日历"])
Publisher = Annotated[Caller, allow(Role.COUNTY_ORGANISER, Role.ORGANISER)]
Reader = Annotated[Caller, allow(*BUSINESS)]


def _view(calendar: EffectiveCalendar, caller: Caller) -> CalendarView:
    return CalendarView.of(calendar, traced=may_read_trail(caller, calendar.published.path))


@router.get("/{organisation_id}/calendars/{year}", summary="查看工作日历")
async def get_calendar(
    organisation_id: str, year: Year, caller: Reader, ports: PortsOf, response: Response
) -> CalendarView:
    """在该组织生效的工作日历：县级日历，叠加更近一级的调整；该年度尚未发布时为暂算。"""
    calendar = await read_calendar(OrganisationId(organisation_id), year, caller, ports)
    tag(response, calendar.published.revision)
    return _view(calendar, caller)


@router.put("/{organisation_id}/calendars/{year}", summary="发布工作日历")
async def put_calendar(
    organisation_id: str,
    year: Year,
    form: CalendarForm,
    caller: Publisher,
    seen: SeenRevisionIfAny,
    ports: PortsOf,
    response: Response,
) -> CalendarView:
    """发布一年的工作日历（整表）；县级由县委组织部、乡镇由组织委员发布。首次发布可不带 If-Match。"""
    command = PublishCalendar(
        by=caller,
        organisation_id=OrganisationId(organisation_id),
        year=year,
        seen_revision=seen,
        days_off=frozenset(form.days_off),
        working_days=frozenset(form.working_days),
    )
    published = await publish_calendar(command, ports)
    tag(response, published.revision)
    return _view(await read_calendar(command.organisation_id, year, caller, ports), caller)
