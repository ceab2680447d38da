"""Postings over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from services.members.api.forms import PostingEndForm, PostingForm
from services.members.api.parameters import PortsOf, own_or_not
from services.members.api.views import PostingInFull, PostingView
from services.members.domain.posting import Posting
from services.members.use_cases.access import may_read_name, may_read_trail
from services.members.use_cases.end_posting import EndPosting, end_posting
from services.members.use_cases.read_postings import ReadPostings, list_postings, read_posting
from services.members.use_cases.start_posting import StartPosting, start_posting
from shared.events.members import Post
from shared.kernel.access import BUSINESS, Caller, Role
from shared.kernel.ids import CadreId, OrganisationId, PostingId
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/members/postings", tags=["任职"])
Desk = Annotated[Caller, allow(Role.ORGANISER, Role.SECRETARY)]
Reader = Annotated[Caller, allow(*BUSINESS)]


def _listed(posting: Posting, caller: Caller) -> PostingView:
    return PostingView.of(posting, named=may_read_name(caller, posting.cadre_id, posting.path))


def _view(posting: Posting, caller: Caller, response: Response) -> PostingInFull:
    tag(response, posting.revision)
    named = may_read_name(caller, posting.cadre_id, posting.path)
    return PostingInFull.of(posting, named=named, traced=may_read_trail(caller, posting.path))


@router.post("", status_code=status.HTTP_201_CREATED, summary="登记任职")
async def post_posting(form: PostingForm, caller: Desk, ports: PortsOf, response: Response) -> PostingInFull:
    """登记一段任职；到任日期可早于今天；同一人在同一组织的同一职务，任期不重叠。"""
    posting = await start_posting(
        StartPosting(
            by=caller,
            posting_id=PostingId(form.id),
            cadre_id=CadreId(form.cadre_id),
            organisation_id=OrganisationId(form.organisation_id),
            post=form.post,
            starts_on=form.starts_on,
            ends_on=form.ends_on,
            name=form.name,
        ),
        ports,
    )
    return _view(posting, caller, response)


@router.get("", summary="任职列表")
async def get_postings(
    caller: Reader,
    ports: PortsOf,
    wanted: Wanted,
    *,
    mine: Annotated[bool, Query(description="只看本人的任职")] = False,
    cadre_id: Annotated[str | None, Query(description="只看该干部的任职")] = None,
    organisation_id: Annotated[str | None, Query(description="只看在该党组织的任职")] = None,
    post: Annotated[Post | None, Query(description="只看这种职务")] = None,
) -> Page[PostingView]:
    """本人的任职，或管理范围内的任职；本人的在前，其余最近到任的在前。"""
    asked_for = ReadPostings(
        by=caller,
        limit=wanted.one_more,
        mine=mine,
        cadre_id=CadreId(cadre_id) if cadre_id else None,
        organisation_id=OrganisationId(organisation_id) if organisation_id else None,
        post=post,
        after=wanted.after_key(own_or_not, date.fromisoformat, str),
    )
    postings = await list_postings(asked_for, ports)
    return wanted.page(postings, lambda posting: _listed(posting, caller), asked_for.key)


@router.get("/{posting_id}", summary="查看任职")
async def get_posting(posting_id: str, caller: Reader, ports: PortsOf, response: Response) -> PostingInFull:
    """一段任职；ETag 为其版本号。"""
    posting = await read_posting(PostingId(posting_id), caller, ports)
    return _view(posting, caller, response)


@router.put("/{posting_id}/end", summary="登记离任")
async def put_posting_end(
    posting_id: str, form: PostingEndForm, caller: Desk, seen: SeenRevision, ports: PortsOf, response: Response
) -> PostingInFull:
    """登记任职的最后一天。"""
    command = EndPosting(by=caller, posting_id=PostingId(posting_id), seen_revision=seen, ends_on=form.ends_on)
    posting = await end_posting(command, ports)
    return _view(posting, caller, response)
