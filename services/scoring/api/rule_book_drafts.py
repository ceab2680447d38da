"""Drafts of rule books over HTTP, up to their publication."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response, status
from fastapi.responses import HTMLResponse

from services.scoring.api.parameters import PublicationPortsOf
from services.scoring.api.rule_book_forms import ConsultationForm, DraftForm, PublicationForm, RuleTextForm
from services.scoring.api.rule_book_views import DraftInFull, DraftView
from services.scoring.domain.draft import Consultation, DraftId, DraftState
from services.scoring.use_cases.consult_rule_book import ConsultRuleBook, consult_rule_book
from services.scoring.use_cases.draft_rule_book import DraftRuleBook, draft_rule_book
from services.scoring.use_cases.publication_ports import DraftListing
from services.scoring.use_cases.publish_rule_book import PublishRuleBook, publish_rule_book
from services.scoring.use_cases.read_rule_books import ListDrafts, list_drafts, print_draft, read_draft
from services.scoring.use_cases.require_draft import PUBLISHERS, READERS
from services.scoring.use_cases.rewrite_rule_book import RewriteRuleBook, rewrite_rule_book
from services.scoring.use_cases.withdraw_rule_book import WithdrawRuleBook, withdraw_rule_book
from shared.kernel.access import Caller
from shared.web.access import allow
from shared.web.pages import Page, Wanted
from shared.web.preconditions import SeenRevision, tag

router = APIRouter(prefix="/api/scoring/rule-books/drafts", tags=["考评细则草稿"])
Reader = Annotated[Caller, allow(*READERS)]
Publisher = Annotated[Caller, allow(*PUBLISHERS)]


@router.post("", status_code=status.HTTP_201_CREATED, summary="起草考评细则")
async def post_draft(form: DraftForm, caller: Publisher, ports: PublicationPortsOf, response: Response) -> DraftView:
    """起草一个版本；有不合规定之处也可以先保存，校验意见随草稿显示。同一编号、同一内容重复提交，返回原草稿。"""
    command = DraftRuleBook(caller, DraftId(form.id), form.organisation_id, form.text)
    draft = await draft_rule_book(command, ports)
    tag(response, draft.revision)
    return DraftView.of(draft)


@router.get("", summary="草稿列表")
async def get_drafts(
    caller: Reader,
    ports: PublicationPortsOf,
    wanted: Wanted,
    state: Annotated[DraftState | None, Query(description="只看这一状态的草稿")] = None,
) -> Page[DraftView]:
    """本县的考评细则草稿，最近起草的在前。"""
    after = wanted.after_key(date.fromisoformat, str)
    found = await list_drafts(ListDrafts(caller, wanted.one_more, state, after), ports)
    return wanted.page(found, DraftView.of, DraftListing.key)


@router.get("/{draft_id}", summary="查看草稿")
async def get_draft(draft_id: str, caller: Reader, ports: PublicationPortsOf, response: Response) -> DraftInFull:
    """一份草稿的全文、校验意见、征求意见和发布情况、办理痕迹；ETag 为其版本号。"""
    draft = await read_draft(DraftId(draft_id), caller, ports)
    tag(response, draft.revision)
    return DraftInFull.of(draft)


@router.get("/{draft_id}/printed", summary="印发征求意见稿", response_class=HTMLResponse)
async def get_printed_draft(draft_id: str, caller: Reader, ports: PublicationPortsOf) -> HTMLResponse:
    """草稿的文本，可直接打印征求意见；有不合规定之处的，改正后才能印发。"""
    return HTMLResponse(await print_draft(DraftId(draft_id), caller, ports))


@router.put("/{draft_id}", summary="修改草稿")
async def put_draft(
    draft_id: str,
    form: RuleTextForm,
    caller: Publisher,
    seen: SeenRevision,
    ports: PublicationPortsOf,
    response: Response,
) -> DraftView:
    """换上新的文本；内容有变的，原征求意见情况作废，须重新征求意见。"""
    draft = await rewrite_rule_book(RewriteRuleBook(caller, DraftId(draft_id), seen, form.text), ports)
    tag(response, draft.revision)
    return DraftView.of(draft)


@router.put("/{draft_id}/consultation", summary="登记征求意见情况")
async def put_draft_consultation(
    draft_id: str,
    form: ConsultationForm,
    caller: Publisher,
    seen: SeenRevision,
    ports: PublicationPortsOf,
    response: Response,
) -> DraftView:
    """向谁征求了意见、有什么意见、采纳了什么；草稿须校验通过。"""
    asked = Consultation(form.from_on, form.to_on, form.participants, form.opinions, form.changes)
    draft = await consult_rule_book(ConsultRuleBook(caller, DraftId(draft_id), seen, asked), ports)
    tag(response, draft.revision)
    return DraftView.of(draft)


@router.put("/{draft_id}/publication", summary="发布考评细则")
async def put_draft_publication(
    draft_id: str,
    form: PublicationForm,
    caller: Publisher,
    seen: SeenRevision,
    ports: PublicationPortsOf,
    response: Response,
) -> DraftView:
    """发布征求过意见的版本，自其施行日期起施行；施行日期不得早于今日，也不得早于现有各版本。发布后不能改动。"""
    draft = await publish_rule_book(PublishRuleBook(caller, DraftId(draft_id), seen, form.basis), ports)
    tag(response, draft.revision)
    return DraftView.of(draft)


@router.put("/{draft_id}/withdrawal", summary="撤回草稿")
async def put_draft_withdrawal(
    draft_id: str, caller: Publisher, seen: SeenRevision, ports: PublicationPortsOf, response: Response
) -> DraftView:
    """不再继续的草稿；记录保留。已发布的不能撤回，以新版本替换。"""
    draft = await withdraw_rule_book(WithdrawRuleBook(caller, DraftId(draft_id), seen), ports)
    tag(response, draft.revision)
    return DraftView.of(draft)
