"""Changes of scores as they happen (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel

from services.scoring.api.parameters import PortsOf
from services.scoring.use_cases.read_changes import ChangeFeed, ReadChanges, read_changes
from shared.events.scoring import ScoreChanged
from shared.kernel.access import BUSINESS, Caller
from shared.web.access import allow

router = APIRouter(prefix="/api/scoring", tags=["看板"])
Reader = Annotated[Caller, allow(*BUSINESS)]


@dataclass(frozen=True, slots=True)
class Broadcast:
    """What the streams are fed from, how often each looks, and for how long it goes on.

    As long as a token is good for at most: whoever goes on listening asks again with a fresh one.
    """

    feed: ChangeFeed
    look_seconds: float = 1.0
    stream_seconds: float = 900.0


async def _broadcast(request: Request) -> Broadcast:
    broadcast: Broadcast = request.app.state.changes
    return broadcast


BroadcastOf = Annotated[Broadcast, Depends(_broadcast)]
LastSeen = Annotated[str | None, Header(alias="Last-Event-ID", max_length=20, pattern=r"^\d+$")]


class ChangeView(BaseModel):
    """一个变动的得分"""

    standard: str
    subject_id: str
    period: str
    state: str
    points: str | None

    @classmethod
    def of(cls, event: ScoreChanged) -> "ChangeView":
        """The change as people see it."""
        points = None if event.points is None else str(event.points)
        return cls(
            standard=event.standard,
            subject_id=event.subject_id,
            period=event.period,
            state=event.state,
            points=points,
        )


@router.get("/changes", summary="得分变动", response_class=EventSourceResponse)
async def get_changes(
    caller: Reader, ports: PortsOf, broadcast: BroadcastOf, last_event_id: LastSeen = None
) -> AsyncIterator[ServerSentEvent]:
    """管理范围内和本人的得分变动，随时推送；断开后凭 Last-Event-ID 接着收，一条不漏。"""
    after = None if last_event_id is None else int(last_event_id)
    until = asyncio.get_running_loop().time() + broadcast.stream_seconds
    while asyncio.get_running_loop().time() < until:
        found = await read_changes(ReadChanges(caller, after), broadcast.feed, ports.directory)
        moved, after = found.last != after, found.last
        for change in found.items:
            yield ServerSentEvent(event="score", id=str(change.sequence), data=ChangeView.of(change.event))
        if moved:
            # Also when none of it was for this reader: he goes on from here, not from where he was.
            yield ServerSentEvent(event="seen", id=str(after), data=None, comment="seen")
        else:
            await asyncio.sleep(broadcast.look_seconds)
