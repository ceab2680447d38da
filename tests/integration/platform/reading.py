"""What really stands on the topics and in the scores of a running platform."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx

from deploy.local.stack import Stack
from services.scoring.domain.awards import corrections_of
from services.scoring.settings import TOPICS
from shared.events.base import Event, Fact
from shared.events.codec import Message, decode
from shared.events.notifications import ObligationOverdue, ObligationWarned
from shared.kernel.access import Role
from shared.testing.access import a_caller
from tests.integration.plumbing.reading import records_of
from tests.people import token
from tests.seeding import TOWNSHIP

_ALERTS = (ObligationWarned, ObligationOverdue)


def facts_on(stack: Stack, topics: Sequence[str] = TOPICS) -> list[Fact[Event]]:
    """Every fact on the topics, from the first, as often as it stands there."""
    records = (record for topic in topics for record in records_of(stack.urls["kafka"], topic))
    return [decode(Message(record.key, tuple(record.headers), record.value)) for record in records]


def once(facts: Sequence[Fact[Event]]) -> list[Fact[Event]]:
    """Each fact once, by its id."""
    return list({fact.id: fact for fact in facts}.values())


def counts(facts: Sequence[Fact[Event]], subjects: frozenset[str]) -> Counter[str]:
    """How many different facts of each kind concern these cadres and still hold.

    Alerts are left out, and what a later fact took back: whether somebody was warned, or missed for a moment what had
    happened in time, depends on whether the act or the deadline was known first.
    """
    told = once(facts)
    taken_back = {
        (fact.subject, correction.type, correction.revision)
        for fact in told
        for correction in corrections_of(fact.event)
    }
    return Counter(
        type(fact.event).__name__
        for fact in told
        if getattr(fact.event, "cadre_id", None) in subjects
        and not isinstance(fact.event, _ALERTS)
        and (fact.subject, fact.type, fact.revision) not in taken_back
    )


def scores_of(stack: Stack, cadres: Sequence[str], period: str) -> list[Any]:
    """Points, items and attainable of each cadre, as the organiser reads them."""
    bearer = token(stack, a_caller(Role.ORGANISER, TOWNSHIP))
    with httpx.Client(base_url=stack.urls["gateway"], headers={"Authorization": f"Bearer {bearer}"}) as gateway:
        answers = [gateway.get(f"/api/scoring/scores/cadre/{cadre}?period={period}") for cadre in cadres]
    scores = [answer.raise_for_status().json() for answer in answers]
    return [[score[name] for name in ("points", "items", "attainable", "taken_off")] for score in scores]
