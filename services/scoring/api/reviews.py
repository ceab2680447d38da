"""Review marks over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Response

from services.scoring.api.record_forms import ReviewForm
from services.scoring.api.record_parameters import RecordsOf, Year, YearAsked, a_year
from services.scoring.api.record_views import ReviewView
from services.scoring.domain.review import Review
from services.scoring.use_cases.access import MARKERS, OVERSEERS
from services.scoring.use_cases.mark_review import MarkReview, mark_review
from services.scoring.use_cases.read_reviews import ReadReviews, list_reviews, read_review
from services.scoring.use_cases.record_ports import ReviewListing
from shared.kernel.access import Caller
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevisionIfAny, tag

router = APIRouter(prefix="/api/scoring/reviews", tags=["评议"])
Marker = Annotated[Caller, allow(*MARKERS)]
Reader = Annotated[Caller, allow(*OVERSEERS)]


def _view(review: Review, response: Response) -> ReviewView:
    tag(response, review.revision)
    return ReviewView.of(review)


@router.get("", summary="评议分列表")
async def get_reviews(caller: Reader, records: RecordsOf, wanted: Wanted, year: YearAsked = None) -> Page[ReviewView]:
    """管理范围内各支部的评议分：年度近的在前。"""
    asked = ReadReviews(by=caller, limit=wanted.one_more, year=year, after=wanted.after_key(a_year, str))
    return wanted.page(await list_reviews(asked, records), ReviewView.of, ReviewListing.key)


@router.get("/{branch_id}/{year}", summary="查看评议分")
async def get_review(branch_id: str, year: Year, caller: Reader, records: RecordsOf, response: Response) -> ReviewView:
    """一个支部一个年度的评议分；ETag 为其版本号。"""
    return _view(await read_review(branch_id, year, caller, records), response)


@router.put("/{branch_id}/{year}", summary="录入评议分")
async def put_review(
    branch_id: str,
    year: Year,
    form: ReviewForm,
    caller: Marker,
    seen: SeenRevisionIfAny,
    records: RecordsOf,
    response: Response,
) -> ReviewView:
    """由组织委员、党委书记或县委组织部录入或更正；更正时须带 If-Match，原分值随之冲回。首次录入可不带 If-Match。"""
    command = MarkReview(
        by=caller, branch_id=branch_id, year=year, seen_revision=seen, mark=form.mark, basis=form.basis
    )
    return _view(await mark_review(command, records), response)
