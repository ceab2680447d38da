"""Weak organisations over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.duties.api.forms import AcceptanceForm, WeakOrganisationForm
from services.duties.api.parameters import PortsOf
from services.duties.api.views import WeakOrganisationInFull, WeakOrganisationView
from services.duties.use_cases.accept_weak_organisation import AcceptWeakOrganisation, accept_weak_organisation
from services.duties.use_cases.list_weak_organisation import ListWeakOrganisation, list_weak_organisation
from services.duties.use_cases.ports import WeakListing
from services.duties.use_cases.read_weak_organisations import (
    ListWeakOrganisations,
    list_weak_organisations,
    read_weak_organisation,
)
from services.duties.use_cases.withdraw_weak_organisation import WithdrawWeakOrganisation, withdraw_weak_organisation
from shared.kernel.access import Caller, Role
from shared.kernel.ids import ListingId, OrganisationId
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/duties/weak-organisations", tags=["软弱涣散整顿"])
Lister = Annotated[Caller, allow(Role.COUNTY_ORGANISER)]
Reader = Annotated[Caller, allow(Role.COUNTY_ORGANISER, Role.SECRETARY, Role.ORGANISER, Role.BRANCH_SECRETARY)]


@router.post("", status_code=status.HTTP_201_CREATED, summary="列入软弱涣散整顿")
async def post_weak_organisation(
    form: WeakOrganisationForm, caller: Lister, ports: PortsOf, response: Response
) -> WeakOrganisationView:
    """把一个党支部或党总支列入整顿；同一党组织验收前不重复列入，再次列入的日期应晚于上次验收。整顿期间不评星级。"""
    weak = await list_weak_organisation(
        ListWeakOrganisation(
            by=caller,
            listing_id=ListingId(form.id),
            organisation_id=OrganisationId(form.organisation_id),
            listed_on=form.listed_on,
            ground=form.ground,
        ),
        ports,
    )
    tag(response, weak.revision)
    return WeakOrganisationView.of(weak)


@router.get("", summary="软弱涣散整顿列表")
async def get_weak_organisations(
    caller: Reader,
    ports: PortsOf,
    wanted: Wanted,
    *,
    organisation_id: Annotated[str | None, Query(description="只看该党组织的记录")] = None,
    is_open: Annotated[bool | None, Query(description="true 整顿中 · false 已验收或已撤回")] = None,
) -> Page[WeakOrganisationView]:
    """管理范围内的整顿记录，按列入日期，最近的在前。"""
    asked = ListWeakOrganisations(
        by=caller,
        limit=wanted.one_more,
        organisation_id=OrganisationId(organisation_id) if organisation_id else None,
        is_open=is_open,
        after=wanted.after_key(date.fromisoformat, str),
    )
    return wanted.page(await list_weak_organisations(asked, ports), WeakOrganisationView.of, WeakListing.key)


@router.get("/{listing_id}", summary="查看软弱涣散整顿")
async def get_weak_organisation(
    listing_id: str, caller: Reader, ports: PortsOf, response: Response
) -> WeakOrganisationInFull:
    """一条整顿记录及其办理痕迹；ETag 为其版本号。"""
    weak = await read_weak_organisation(ListingId(listing_id), caller, ports)
    tag(response, weak.revision)
    return WeakOrganisationInFull.of(weak)


@router.put("/{listing_id}/acceptance", summary="整顿验收")
async def put_acceptance(
    listing_id: str, form: AcceptanceForm, caller: Lister, seen: SeenRevision, ports: PortsOf, response: Response
) -> WeakOrganisationView:
    """登记整顿验收；验收后可再评星级，再次软弱涣散的另行列入。"""
    command = AcceptWeakOrganisation(
        by=caller, listing_id=ListingId(listing_id), seen_revision=seen, accepted_on=form.accepted_on
    )
    weak = await accept_weak_organisation(command, ports)
    tag(response, weak.revision)
    return WeakOrganisationView.of(weak)


@router.put("/{listing_id}/withdrawal", summary="撤回软弱涣散整顿")
async def put_weak_organisation_withdrawal(
    listing_id: str, caller: Lister, seen: SeenRevision, ports: PortsOf, response: Response
) -> WeakOrganisationView:
    """撤回列入有误或验收有误的整顿记录，验收一并撤回；记录保留并标为已撤回，按实际情况另行列入。"""
    command = WithdrawWeakOrganisation(by=caller, listing_id=ListingId(listing_id), seen_revision=seen)
    weak = await withdraw_weak_organisation(command, ports)
    tag(response, weak.revision)
    return WeakOrganisationView.of(weak)
