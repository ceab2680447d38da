"""Four weeks of a township from a seed; the same seed gives the same facts."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from shared.events import members, visits
from shared.events.base import Correction, Event, Fact
from shared.kernel.clock import at_local_time, local_day
from shared.kernel.ids import derived_id
from shared.testing.facts import a_fact
from tests.seeding import COUNTY, TOWNSHIP, Seed

Told = list[tuple[datetime, Fact[Event]]]

MONDAY = date(2026, 8, 31)
WEEKS = 4
SEED = Seed.of(6, MONDAY)


def moment(days: int, hour: int = 12) -> datetime:
    return at_local_time(MONDAY + timedelta(days=days), time(hour))


def told() -> Told:
    """Four weeks from a seed: visits logged, synced late, withdrawn; problems solved, late, handed over, reopened."""
    chance = random.Random(20260831)  # noqa: S311 - a load, not a secret
    found: Told = []
    for number, cadre in enumerate(SEED.cadres):
        branch = SEED.branches[number]
        for week in range(WEEKS):
            found += _visit(chance, f"{number}/{week}", cadre, branch, week)
            found += _problem(chance, f"{number}/{week}", cadre, branch, week)
    free = members.CalendarPublished(
        organisation_id=TOWNSHIP,
        year=2026,
        days_off=tuple(MONDAY + timedelta(days=14 + offset) for offset in range(4)),
        occurred_on=MONDAY + timedelta(days=16),
    )
    at = moment(16)
    found.append((at, a_fact(free, subject=f"{TOWNSHIP}:2026", path=f"{COUNTY}/{TOWNSHIP}", recorded_at=at)))
    ended = members.PostingEnded(
        posting_id=derived_id("posting", SEED.cadres[0]),
        cadre_id=SEED.cadres[0],
        organisation_id=SEED.branches[0],
        post="village_cadre",
        starts_on=MONDAY,
        ends_on=MONDAY + timedelta(days=9),
        occurred_on=MONDAY + timedelta(days=9),
    )
    at, path = moment(23), f"{COUNTY}/{TOWNSHIP}/{SEED.branches[0]}"
    found.append((at, a_fact(ended, subject=ended.posting_id, path=path, revision=2, recorded_at=at)))
    return sorted(found, key=lambda item: item[0])


def _visit(chance: random.Random, name: str, cadre: str, branch: str, week: int) -> Told:
    if chance.random() < 0.3:
        return []
    happened = moment(week * 7 + chance.randrange(7), 10)
    logged = happened + timedelta(days=chance.choice([0, 0, 1, 5, 16]))
    fields = {"visit_id": derived_id("visit", name), "cadre_id": cadre, "branch_id": branch, "occurred_at": happened}
    envelope: dict[str, Any] = {
        "subject": fields["visit_id"],
        "path": f"{COUNTY}/{TOWNSHIP}/{branch}",
        "source": "visits",
    }
    found = [(logged, a_fact(visits.VisitLogged(**fields), recorded_at=logged, **envelope))]
    if chance.random() < 0.3:
        named = Correction(type=visits.VisitLogged.TYPE, revision=1, day=local_day(happened))
        taken_back = logged + timedelta(days=chance.choice([1, 10]))
        event = visits.VisitWithdrawn(**fields, corrects=(named,))
        found.append((taken_back, a_fact(event, revision=2, recorded_at=taken_back, **envelope)))
    return found


def _problem(chance: random.Random, name: str, cadre: str, branch: str, week: int) -> Told:
    at = moment(week * 7 + chance.randrange(5), 11)
    due_on = local_day(at) + timedelta(days=4)
    fields = {"problem_id": derived_id("problem", name), "branch_id": branch, "problem_class": "ordinary"}
    steps: list[tuple[type[Event], str]] = [(visits.ProblemRaised, cadre)]
    if chance.random() < 0.3:
        steps.append((visits.ProblemAssigned, chance.choice(SEED.cadres)))
    if chance.random() < 0.7:
        steps.append((visits.ProblemResolved, steps[-1][1]))
        if chance.random() < 0.3:
            steps.append((visits.ProblemReopened, steps[-1][1]))
    found = []
    for revision, (kind, who) in enumerate(steps, start=1):
        day = local_day(at)
        event = kind.model_validate(
            {**fields, "cadre_id": who, "due_on": due_on, "occurred_on": day, "resolved_on": day, "corrects": ()}
        )
        path = f"{COUNTY}/{TOWNSHIP}/{branch}"
        found.append(
            (at, a_fact(event, subject=str(fields["problem_id"]), revision=revision, path=path, recorded_at=at))
        )
        at += timedelta(days=chance.choice([1, 3, 9]))
    return found
