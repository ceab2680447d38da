"""The organisation tree over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.members.api.forms import OrganisationChangeForm, OrganisationForm
from services.members.api.parameters import PortsOf, own_or_not
from services.members.api.views import OrganisationInFull, OrganisationView, TreeNode
from services.members.domain.organisation import Features, Organisation
from services.members.use_cases.access import may_read_trail
from services.members.use_cases.change_organisation import ChangeOrganisation, change_organisation
from services.members.use_cases.read_organisations import (
    ReadOrganisations,
    list_organisations,
    read_organisation,
    read_tree,
)
from services.members.use_cases.register_organisation import RegisterOrganisation, register_organisation
from shared.events.members import OrganisationKind
from shared.kernel.access import BUSINESS, Caller, Role
from shared.kernel.ids import OrganisationId
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/members/organisations", tags=["党组织"])
Keeper = Annotated[Caller, allow(Role.COUNTY_ORGANISER, Role.ORGANISER)]
Reader = Annotated[Caller, allow(*BUSINESS)]


def _view(organisation: Organisation, caller: Caller, response: Response) -> OrganisationInFull:
    tag(response, organisation.revision)
    return OrganisationInFull.of(organisation, traced=may_read_trail(caller, organisation.path))


def _features(form: OrganisationForm | OrganisationChangeForm) -> Features:
    return Features(form.title, form.category, form.has_committee, form.has_groups, form.external_code)


@router.post("", status_code=status.HTTP_201_CREATED, summary="登记党组织")
async def post_organisation(
    form: OrganisationForm, caller: Keeper, ports: PortsOf, response: Response
) -> OrganisationInFull:
    """登记党组织：县委组织部登记乡镇党委及以下，组织委员登记本乡镇的党总支、党支部；重复提交返回原记录。"""
    command = RegisterOrganisation(
        by=caller,
        organisation_id=OrganisationId(form.id),
        kind=form.kind,
        parent_id=OrganisationId(form.parent_id) if form.parent_id else None,
        features=_features(form),
    )
    return _view(await register_organisation(command, ports), caller, response)


@router.get("", summary="党组织列表")
async def get_organisations(
    caller: Reader,
    ports: PortsOf,
    wanted: Wanted,
    *,
    kind: Annotated[OrganisationKind | None, Query(description="只看这一层级")] = None,
    parent: Annotated[str | None, Query(description="只看该党组织的直接下级")] = None,
    mine: Annotated[bool, Query(description="只看本人任职或负责的党组织")] = False,
) -> Page[OrganisationView]:
    """管理范围内的党组织，本人任职或负责的在前。"""
    shown = await list_organisations(
        ReadOrganisations(
            by=caller,
            limit=wanted.one_more,
            mine=mine,
            kind=kind,
            parent_id=OrganisationId(parent) if parent else None,
            after=wanted.after_key(own_or_not, str, str),
        ),
        ports,
    )
    return wanted.page(shown.organisations, OrganisationView.of, shown.listing.key)


@router.get("/tree", summary="组织树")
async def get_organisation_tree(caller: Reader, ports: PortsOf) -> list[TreeNode]:
    """管理范围内的组织树。"""
    return TreeNode.forest(await read_tree(caller, ports))


@router.get("/{organisation_id}", summary="查看党组织")
async def get_organisation(
    organisation_id: str, caller: Reader, ports: PortsOf, response: Response
) -> OrganisationInFull:
    """一个党组织；ETag 为其版本号。"""
    return _view(await read_organisation(OrganisationId(organisation_id), caller, ports), caller, response)


@router.put("/{organisation_id}", summary="变更党组织")
async def put_organisation(
    organisation_id: str,
    form: OrganisationChangeForm,
    caller: Keeper,
    seen: SeenRevision,
    ports: PortsOf,
    response: Response,
) -> OrganisationInFull:
    """变更名称、类别、设置或隶属关系；调整隶属关系时，所有下级随之调整。"""
    command = ChangeOrganisation(
        by=caller,
        organisation_id=OrganisationId(organisation_id),
        seen_revision=seen,
        parent_id=OrganisationId(form.parent_id) if form.parent_id else None,
        features=_features(form),
    )
    return _view(await change_organisation(command, ports), caller, response)
