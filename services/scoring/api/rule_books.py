"""Rule books over HTTP: those that are live, checking a text, a page to print."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from services.scoring.api.parameters import PortsOf, PublicationPortsOf
from services.scoring.api.rule_book_forms import RuleTextForm
from services.scoring.api.rule_book_views import CheckView, RuleBooksView
from services.scoring.use_cases.check_rule_book import check_rule_book
from services.scoring.use_cases.read_rule_books import list_rule_books, print_rule_book
from services.scoring.use_cases.require_draft import READERS
from shared.events.scoring import Standard
from shared.kernel.access import BUSINESS, Caller
from shared.web.access import allow

router = APIRouter(prefix="/api/scoring/rule-books", tags=["考评细则"])
Reader = Annotated[Caller, allow(*BUSINESS)]
Asker = Annotated[Caller, allow(*READERS)]


@router.get("", summary="考评细则")
async def get_rule_books(caller: Reader, ports: PortsOf, publication: PublicationPortsOf) -> RuleBooksView:  # noqa: ARG001 - the caller need only have a business role
    """所有已发布的考评细则及其版本、依据，施行中、将施行还是已停止施行。"""
    return RuleBooksView.of(ports.generation.id, await list_rule_books(publication))


@router.post("/check", summary="校验细则文本")
async def post_rule_book_check(form: RuleTextForm, caller: Asker, publication: PublicationPortsOf) -> CheckView:  # noqa: ARG001 - same
    """逐条指出不合规定之处及行号；没有问题时显示读到的内容。不保存。"""
    return CheckView.of(await check_rule_book(form.text, publication))


@router.get("/{standard}/{version}/printed", summary="印发考评细则", response_class=HTMLResponse)
async def get_printed_rule_book(
    standard: Standard,
    version: str,
    caller: Reader,  # noqa: ARG001 - same
    publication: PublicationPortsOf,
) -> HTMLResponse:
    """一个版本的考评细则文本，可直接打印张贴。"""
    return HTMLResponse(await print_rule_book(standard, version, publication))
