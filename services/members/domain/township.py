"""Since when a township works live, and which past days it enters afterwards (architecture section 10)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self, TypeAlias

from services.members.domain.absence_refusals import HistoryClosed
from services.members.domain.refusals import (
    GoLiveInHistory,
    GoLivePassed,
    GoLivePast,
    SpanBackwards,
    SpanNotPast,
    SpanOverlaps,
    UnknownSpan,
)
from shared.events.members import GoLiveSet, HistorySpanClosed, HistorySpanDeclared
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import week_of
from shared.kernel.ids import SpanId, TownshipId
from shared.kernel.trail import TrailEntry

Days: TypeAlias = tuple[date, date]
"""From the first to the last, both included."""


@dataclass(frozen=True, slots=True)
class HistorySpan:
    """Past days whose facts are entered afterwards (补录); once closed it takes no more."""

    id: SpanId
    from_on: date
    to_on: date
    closed_on: date | None = None

    def overlaps(self, from_on: date, to_on: date) -> bool:
        """Whether a day lies in both."""
        return self.from_on <= to_on and from_on <= self.to_on

    def part(self, days: Days | None) -> Days | None:
        """The first and the last of the days that lie in the span, if any does."""
        if days is None or not self.overlaps(*days):
            return None
        return max(days[0], self.from_on), min(days[1], self.to_on)


@dataclass(frozen=True, slots=True)
class Township:
    """A township's times; its revision grows with each fact about any of them."""

    id: TownshipId
    path: OrganisationPath
    go_live_on: date | None = None
    spans: tuple[HistorySpan, ...] = ()
    revision: int = 0
    trail: tuple[TrailEntry, ...] = ()

    def span(self, span_id: SpanId) -> HistorySpan | None:
        """The span of that id, if it was declared."""
        return next((span for span in self.spans if span.id == span_id), None)

    def refuse_closed(self, before: Days | None, after: Days | None, *, field: str) -> None:
        """Refuse what lets somebody off `after`, where it did `before`, if that changes a day of a closed span.

        Raises HistoryClosed, naming the span; None is no day at all.
        """
        for span in self.spans:
            if span.closed_on is not None and span.part(before) != span.part(after):
                raise HistoryClosed(field=field, from_on=span.from_on, to_on=span.to_on)

    def go_live(self, on: date, *, today: date) -> tuple[Self, GoLiveSet]:
        """Work live from that day on; the day may be changed until it has come.

        It lies in this week or ahead, for whatever was before is history: a day mistyped into the past would be fixed
        at once. Raises GoLivePassed, GoLivePast, GoLiveInHistory.
        """
        if self.go_live_on is not None and self.go_live_on <= today:
            raise GoLivePassed(go_live_on=self.go_live_on)
        monday = week_of(today).first
        if on < monday:
            raise GoLivePast(monday=monday)
        last = max((span.to_on for span in self.spans), default=None)
        if last is not None and on <= last:
            raise GoLiveInHistory(to_on=last)
        return replace(self, go_live_on=on, revision=self.revision + 1), GoLiveSet(
            township_id=self.id, go_live_on=on, occurred_on=today
        )

    def declare(self, span_id: SpanId, from_on: date, to_on: date, *, today: date) -> tuple[Self, HistorySpanDeclared]:
        """Say that facts of these days will be entered. Raises SpanBackwards, SpanNotPast, SpanOverlaps."""
        if to_on < from_on:
            raise SpanBackwards
        if to_on >= today or (self.go_live_on is not None and to_on >= self.go_live_on):
            raise SpanNotPast
        for span in self.spans:
            if span.overlaps(from_on, to_on):
                raise SpanOverlaps(from_on=span.from_on, to_on=span.to_on)
        spans = (*self.spans, HistorySpan(span_id, from_on, to_on))
        return replace(self, spans=spans, revision=self.revision + 1), HistorySpanDeclared(
            township_id=self.id, span_id=span_id, from_on=from_on, to_on=to_on, occurred_on=today
        )

    def close(self, span_id: SpanId, *, today: date) -> tuple[Self, HistorySpanClosed]:
        """Say that the history of these days is complete. Raises UnknownSpan."""
        span = self.span(span_id)
        if span is None:
            raise UnknownSpan
        spans = tuple(replace(each, closed_on=today) if each.id == span_id else each for each in self.spans)
        return replace(self, spans=spans, revision=self.revision + 1), HistorySpanClosed(
            township_id=self.id, span_id=span_id, from_on=span.from_on, to_on=span.to_on, occurred_on=today
        )
