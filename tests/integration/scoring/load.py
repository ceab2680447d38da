"""A year of facts from a seed, and the people they are about; the same seed gives the same facts."""

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from kafka import KafkaProducer

from shared.events.base import Event, Fact
from shared.events.catalogue import topic_of
from shared.events.codec import encode
from shared.events.members import OrganisationRegistered, PostingStarted
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import derived_id
from tests.unit.scoring.facts import COUNTY, TOWNSHIP, ObligationLife, ProblemLife, VisitLife, a_fact
from tests.unit.scoring.oracle import Life

CADRES, BRANCHES = 20, 42
_FIRST = date(2022, 12, 28)
"""Some days before the first rule book, so that the Sunday whose week it does not know is among them."""


def cadre(number: int) -> str:
    return derived_id("loaded cadre", number)


def branch(number: int) -> str:
    return derived_id("loaded branch", number)


def people() -> list[Fact[Event]]:
    """Branches and postings, as the members service publishes them."""
    started = date(2023, 1, 1)
    township = OrganisationPath((COUNTY, TOWNSHIP))
    facts: list[Fact[Event]] = []
    for number in range(BRANCHES):
        registered = OrganisationRegistered(
            organisation_id=branch(number),
            kind="branch",
            title=f"演示第{number + 1}支部",
            parent_id=TOWNSHIP,
            category="village",
            occurred_on=started,
        )
        facts.append(a_fact(registered, branch(number), 1, township / branch(number)))
    for number in range(CADRES):
        posting = PostingStarted(
            posting_id=derived_id("loaded posting", number),
            cadre_id=cadre(number),
            organisation_id=TOWNSHIP,
            post="village_cadre",
            starts_on=started,
            occurred_on=started,
        )
        facts.append(a_fact(posting, posting.posting_id, 1, township))
    return facts


def lives(count: int, seed: int) -> list[Life]:
    """At least so many facts' worth of visits, problems and obligations, some corrected, withdrawn or waived."""
    chance = random.Random(seed)  # noqa: S311 - a load, not a secret
    told: list[Life] = []
    facts = 0
    while facts < count:
        life = _life(chance, f"{seed} {len(told)}")
        told.append(life)
        facts += len(life.facts)
    return told


def _life(chance: random.Random, name: str) -> Life:
    day = _FIRST + timedelta(days=chance.randrange(360))
    who, where = cadre(chance.randrange(CADRES)), branch(chance.randrange(BRANCHES))
    match chance.choices(("visit", "problem", "deadline", "week"), (40, 40, 10, 10))[0]:
        case "visit":
            visit = VisitLife(name, who, where).log(day)
            if chance.random() < 0.2:
                visit.correct(day + timedelta(days=chance.randrange(4)))
            return visit.withdraw() if chance.random() < 0.1 else visit
        case "problem":
            problem = ProblemLife(name, who, where).confirm(day)
            if chance.random() < 0.1:
                problem.withdraw()
            return problem
        case "deadline":
            deadline = ObligationLife("problem-deadline", day, who, where, name=name).open()
            if chance.random() < 0.4:
                deadline.miss()
            if chance.random() < 0.4:
                deadline.satisfy_late(after_grace=chance.random() < 0.5)
            return deadline
        case _:
            sunday = day + timedelta(days=6 - day.weekday())
            week = ObligationLife("weekly-visit", sunday, who, name=name).open()
            return week.waive() if chance.random() < 0.2 else week


def shuffled(told: Iterable[Life], seed: int) -> list[Fact[Event]]:
    """All their facts, one in twenty twice, in any order."""
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    facts = [fact for life in told for fact in life.facts]
    facts += chance.sample(facts, len(facts) // 20)
    chance.shuffle(facts)
    return facts


def publish(bootstrap: str, facts: Sequence[Fact[Event]]) -> None:
    """Send the facts as their services' relays would."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, linger_ms=20)
    try:
        for fact in facts:
            message = encode(fact)
            producer.send(topic_of(fact.event), value=message.value, key=message.key, headers=list(message.headers))
        producer.flush()
    finally:
        producer.close()
