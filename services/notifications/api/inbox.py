"""The message centre over HTTP."""

from typing import Annotated

from fastapi import APIRouter, status

from services.notifications.api.parameters import PortsOf, WordingOf, place_after, place_of
from services.notifications.api.views import InboxEntryView, InboxPage
from services.notifications.use_cases.mark_read import MarkRead, mark_read
from services.notifications.use_cases.read_inbox import ReadInbox, read_inbox
from services.notifications.use_cases.read_obligations import Item
from shared.kernel.access import BUSINESS, Caller
from shared.kernel.ids import ObligationId
from shared.web.access import allow
from shared.web.pages import Wanted
from shared.web.preconditions import SeenRevision

router = APIRouter(prefix="/api/notifications/inbox", tags=["消息中心"])
Reader = Annotated[Caller, allow(*BUSINESS)]


@router.get("", summary="消息中心")
async def get_inbox(caller: Reader, ports: PortsOf, wording: WordingOf, wanted: Wanted) -> InboxPage:
    """本人的应办事项在前，其次是本人任书记的党支部的；组织委员和党委书记另见管理范围内曾经超期的事项。每项一条，随情况更新，办结后仍保留。"""
    inbox = await read_inbox(ReadInbox(caller, wanted.one_more, place_after(wanted)), ports)

    def view(item: Item) -> InboxEntryView:
        return InboxEntryView.of(item, inbox, wording=wording, library=ports.library)

    page = wanted.page(inbox.found.items, view, place_of)
    return InboxPage(items=page.items, next=page.next, unread=inbox.unread)


@router.put("/{obligation_id}/read", status_code=status.HTTP_204_NO_CONTENT, summary="标为已读")
async def put_read(obligation_id: str, caller: Reader, seen: SeenRevision, ports: PortsOf) -> None:
    """按所看到的版本标为已读；此后的新情况仍为未读。"""
    await mark_read(MarkRead(caller, ObligationId(obligation_id), seen), ports)
