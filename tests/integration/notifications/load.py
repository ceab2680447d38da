"""Four weeks of a township from a seed; the same seed gives the same facts."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from shared.events import duties, members, visits
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
    """Four weeks from a seed: visits logged, synced late, withdrawn; problems solved, late, handed over, reopened.

    And theme days, some said to be of another day at first, some taken back; and a leave that is moved.
    """
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
    for number, held_in in enumerate(SEED.branches):
        found += _theme_days(chance, number, held_in)
    found += _leave()
    return sorted(found, key=lambda item: item[0])


def _theme_days(chance: random.Random, number: int, branch: str) -> Told:
    """One in September or none, some a week off at first or taken back; every third branch meets twice in October."""
    days = [chance.randrange(3, 28)] if chance.random() < 0.7 else []
    days += [34, 36] if number % 3 == 0 else []
    found: Told = []
    for place, day in enumerate(days):
        fields: dict[str, Any] = {
            "meeting_id": derived_id("meeting", number, place),
            "branch_id": branch,
            "kind": "theme_day",
            "expected": 9,
            "attended": 8,
            "excused": 1,
            "quorate": True,
        }
        kinds: list[type[Event]] = [duties.MeetingHeld]
        if chance.random() < 0.5:
            kinds.append(chance.choice([duties.MeetingCorrected, duties.MeetingWithdrawn]))
        for revision, kind in enumerate(kinds, start=1):
            happened = local_day(moment(day + 7 * (revision - 1)))
            at = moment(day + 14 * (revision - 1), 13)
            named = Correction(type=duties.MeetingHeld.TYPE, revision=1, day=local_day(moment(day)))
            event = kind.model_validate({**fields, "occurred_on": happened, "corrects": (named,)})
            path = f"{COUNTY}/{TOWNSHIP}/{branch}"
            told_as = a_fact(event, subject=fields["meeting_id"], revision=revision, path=path, recorded_at=at)
            found.append((at, told_as))
    return found


def _leave() -> Told:
    """The second cadre's second week, then said to have been his first."""
    fields: dict[str, Any] = {
        "leave_id": derived_id("leave"),
        "cadre_id": SEED.cadres[1],
        "organisation_id": TOWNSHIP,
        "occurred_on": MONDAY,
    }
    granted = members.LeaveGranted(**fields, starts_on=MONDAY + timedelta(days=7), ends_on=MONDAY + timedelta(days=11))
    named = Correction(type=members.LeaveGranted.TYPE, revision=1, day=granted.starts_on)
    changed = members.LeaveChanged(**fields, starts_on=MONDAY, ends_on=MONDAY + timedelta(days=4), corrects=(named,))
    return [
        (
            moment(day),
            a_fact(
                event,
                subject=granted.leave_id,
                revision=revision,
                path=f"{COUNTY}/{TOWNSHIP}",
                recorded_at=moment(day),
                source="members",
            ),
        )
        for day, revision, event in ((5, 1, granted), (18, 2, changed))
    ]


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
