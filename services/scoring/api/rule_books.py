"""The published rule books over HTTP."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.scoring.api.parameters import PortsOf
from services.scoring.api.views import RuleBookView
from shared.kernel.access import BUSINESS, Caller
from shared.web.access import allow

router = APIRouter(prefix="/api/scoring/rule-books", tags=["考评细则"])
Reader = Annotated[Caller, allow(*BUSINESS)]


class RuleBooksView(BaseModel):
    """正在使用的考评细则"""

    generation: str = Field(description="测算版本")
    items: list[RuleBookView]


@router.get("", summary="考评细则")
async def get_rule_books(caller: Reader, ports: PortsOf) -> RuleBooksView:  # noqa: ARG001 - the caller need only have a business role
    """所有已发布的考评细则及其版本、依据。"""
    books = sorted(ports.generation.books, key=lambda book: (book.standard, book.effective.from_))
    return RuleBooksView(generation=ports.generation.id, items=[RuleBookView.of(book) for book in books])
