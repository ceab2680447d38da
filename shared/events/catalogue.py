"""The contract as a table: which facts exist, on which topic they travel, who reads them."""

from collections.abc import Iterator
from dataclasses import dataclass

from shared.events import duties, members, notifications, scoring, visits
from shared.events.base import Event

_MIB = 1024 * 1024
PARTITIONS = 8


@dataclass(frozen=True, slots=True)
class Topic:
    """A Kafka topic as it must be created; facts are kept for ever, stamps are the broker's."""

    name: str
    partitions: int = PARTITIONS
    max_message_bytes: int = 6 * _MIB


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the catalogue: its class, its topic, the services that consume it."""

    event: type[Event]
    topic: str
    consumers: frozenset[str]


def _entries(topic: str, *rows: tuple[type[Event], str]) -> Iterator[tuple[str, Entry]]:
    for event, consumers in rows:
        yield event.TYPE, Entry(event, topic, frozenset(consumers.split()))


CATALOGUE: dict[str, Entry] = {
    **dict(
        _entries(
            "members.events",
            (members.OrganisationRegistered, "visits duties scoring notifications"),
            (members.OrganisationChanged, "visits duties scoring notifications"),
            (members.GoLiveSet, "visits duties scoring notifications"),
            (members.HistorySpanDeclared, "visits duties scoring notifications"),
            (members.HistorySpanClosed, "visits duties scoring notifications"),
            (members.MemberEnrolled, "visits duties scoring"),
            (members.MembershipEnded, "visits duties scoring"),
            (members.PostingStarted, "visits scoring notifications"),
            (members.PostingEnded, "visits scoring notifications"),
            (members.LeaveGranted, "scoring notifications"),
            (members.LeaveChanged, "scoring notifications"),
            (members.LeaveWithdrawn, "scoring notifications"),
            (members.ExemptionGranted, "duties scoring"),
            (members.ExemptionChanged, "duties scoring"),
            (members.ExemptionWithdrawn, "duties scoring"),
            (members.CalendarPublished, "visits scoring notifications"),
        )
    ),
    **dict(_entries("members.restricted", (members.MemberDisposed, ""))),
    **dict(
        _entries(
            "visits.events",
            (visits.VisitLogged, "scoring notifications"),
            (visits.VisitCorrected, "scoring notifications"),
            (visits.VisitWithdrawn, "scoring notifications"),
            (visits.ProblemRaised, "notifications"),
            (visits.ProblemAssigned, "notifications"),
            (visits.ProblemResolved, "notifications"),
            (visits.ResolutionWithdrawn, "scoring notifications"),
            (visits.ProblemConfirmed, "scoring"),
            (visits.ProblemReopened, "notifications"),
            (visits.ConfirmationAttempted, ""),
        )
    ),
    **dict(
        _entries(
            "duties.events",
            (duties.MeetingHeld, "scoring notifications"),
            (duties.MeetingCorrected, "scoring notifications"),
            (duties.MeetingWithdrawn, "scoring notifications"),
            (duties.WeakOrganisationListed, "scoring"),
            (duties.WeakOrganisationAccepted, "scoring"),
            (duties.WeakOrganisationWithdrawn, "scoring"),
        )
    ),
    **dict(
        _entries(
            "notifications.events",
            (notifications.ObligationOpened, "scoring"),
            (notifications.ObligationWarned, ""),
            (notifications.ObligationOverdue, ""),
            (notifications.ObligationSatisfied, "scoring"),
            (notifications.ObligationSatisfiedLate, "scoring"),
            (notifications.ObligationMissed, "scoring"),
            (notifications.ObligationReopened, "scoring"),
            (notifications.ObligationWaived, "scoring"),
            (notifications.ObligationSuperseded, "scoring"),
        )
    ),
    **dict(
        _entries(
            "scoring.events",
            (scoring.ScoreChanged, ""),
            (scoring.DeedReported, ""),
            (scoring.DeedConfirmed, ""),
            (scoring.DeedEffective, "scoring"),
            (scoring.DeedWithdrawn, "scoring"),
            (scoring.ReviewMarked, "scoring"),
            (scoring.ObjectionFiled, ""),
            (scoring.ObjectionUpheld, "scoring"),
            (scoring.ObjectionRejected, ""),
            (scoring.NoticeOpened, ""),
            (scoring.PeriodSealed, "scoring"),
            (scoring.RuleBookPublished, ""),
        )
    ),
}
"""Every event by its type. County systems may subscribe to every open topic besides."""

FACT_TOPICS: tuple[str, ...] = (
    "members.events",
    "members.restricted",
    "visits.events",
    "duties.events",
    "notifications.events",
    "scoring.events",
)
TOPICS: tuple[Topic, ...] = tuple(Topic(name) for name in FACT_TOPICS) + tuple(
    Topic(f"{name}.rejected", max_message_bytes=8 * _MIB) for name in FACT_TOPICS
)


def topic_of(event: Event) -> str:
    """The topic an event travels on."""
    return CATALOGUE[event.TYPE].topic


def rejected_topic(topic: str) -> str:
    """Where dead letters of a topic go."""
    return f"{topic}.rejected"
