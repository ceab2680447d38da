"""An obligation as a value: the state follows from what is known and what has fired, and nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.grounds import Act, Grounds
from services.notifications.domain.history import standing
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.regulation import ProblemDeadline, WeeklyQuota, read_regulation
from services.notifications.domain.schedule import problem_schedule, week_schedule
from services.notifications.domain.state import claims
from services.notifications.domain.terms import Terms
from shared.kernel.access import OrganisationPath
from shared.kernel.calendar import Period, WorkingDays
from shared.kernel.clock import local_day, start_of_day
from shared.kernel.ids import CadreId, EventId, ObligationId, OrganisationId
from tests.unit.notifications.domain.test_library import PROBLEM, WEEKLY, document

WEEK = Period.parse("2023-W47")
MONDAY, SUNDAY = WEEK.first, WEEK.last
NOW = datetime(2024, 1, 10, tzinfo=UTC)


def a_week(*, quota: int = 1, **changed: object) -> Obligation:
    regulation = read_regulation(document(WEEKLY, quota=quota, **changed))
    assert isinstance(regulation, WeeklyQuota)
    terms = Terms(
        regulation_id="weekly-visit",
        regulation_version="2023.1",
        subject_kind="cadre",
        subject_id="cadre",
        organisation_id=OrganisationId("township"),
        cadre_id=CadreId("cadre"),
        branch_id=None,
        period=WEEK.name,
        due_on=SUNDAY,
        quota=quota,
    )
    path = OrganisationPath.parse("county/township")
    return Obligation(ObligationId("one"), terms, path, week_schedule(regulation, WEEK), start_of_day(MONDAY))


def an_act(day: date, name: str = "act") -> Act:
    return Act(start_of_day(day) + timedelta(hours=10), EventId(name), day)


def opened(obligation: Obligation) -> Obligation:
    return obligation.learn(Grounds(), at=obligation.opened_at, now=NOW)[0]


def swept(obligation: Obligation) -> Obligation:
    while obligation.next_step is not None:
        obligation = obligation.fire(until=NOW, now=NOW)[0]
    return obligation


def test_a_quota_of_two_is_filled_by_the_second_visit() -> None:
    one = opened(a_week(quota=2)).learn(Grounds((an_act(MONDAY),)), at=NOW, now=NOW)[0]
    two, events = one.learn(Grounds((an_act(SUNDAY, "b"), an_act(MONDAY, "a"))), at=NOW, now=NOW)

    assert (one.state, two.state) == ("open", "satisfied")
    assert [getattr(event, "satisfied_by", None) for event in events] == [("a", "b")]


def test_a_step_is_refused_before_it_is_due() -> None:
    week = opened(a_week())

    assert week.fire(until=start_of_day(MONDAY), now=NOW) == (week, ())


def test_what_says_nothing_new_is_no_new_revision() -> None:
    week = opened(a_week())

    assert week.learn(Grounds(), at=NOW, now=NOW) == (week, ())


def test_without_a_grace_it_is_missed_as_soon_as_it_is_overdue() -> None:
    week = swept(opened(a_week(grace_days=0)))

    assert [step.at for step in week.schedule.steps[-2:]] == [start_of_day(SUNDAY + timedelta(days=1))] * 2
    assert week.state == "missed"


def test_nothing_is_published_as_having_happened_later_than_it_was_recorded() -> None:
    early = start_of_day(MONDAY) - timedelta(minutes=1)
    _, events = a_week().learn(Grounds(), at=early, now=early)

    assert [event.happened for event in events] == [early]


def test_a_problem_is_not_warned_of_before_it_was_opened() -> None:
    regulation = read_regulation(document(PROBLEM))
    assert isinstance(regulation, ProblemDeadline)
    on_time = problem_schedule(regulation, SUNDAY, start_of_day(MONDAY), WorkingDays())
    too_late = problem_schedule(regulation, SUNDAY, start_of_day(SUNDAY), WorkingDays())

    assert [[step.kind for step in schedule.steps] for schedule in (on_time, too_late)] == [
        ["warn", "overdue", "missed"],
        ["overdue", "missed"],
    ]
    assert local_day(on_time.steps[0].at) == date(2023, 11, 24)


grounds = st.builds(
    Grounds,
    acts=st.lists(st.builds(an_act, st.dates(MONDAY, date(2023, 12, 20)), st.sampled_from("abc")), max_size=3).map(
        tuple
    ),
    waiver=st.sampled_from([None, None, "calendar", "posting_ended"]),
    superseded_by=st.sampled_from([None, None, None, ObligationId("other")]),
)


@given(st.lists(st.one_of(grounds, st.none()), max_size=8), grounds)
def test_what_stands_published_is_what_the_last_grounds_imply(path: list[Grounds | None], last: Grounds) -> None:
    """Whatever was believed on the way, with a step tried wherever the path says None."""
    crooked = a_week()
    for believed in path:
        if believed is not None:
            crooked = crooked.learn(believed, at=NOW, now=NOW)[0]
        elif crooked.revision:
            crooked = crooked.fire(until=NOW, now=NOW)[0]
    crooked = swept(crooked.learn(last, at=NOW, now=NOW)[0])
    straight = swept(a_week().learn(last, at=NOW, now=NOW)[0])

    assert crooked.state == straight.state
    assert set(standing(crooked.lines)) == set(standing(straight.lines))
    assert set(standing(crooked.lines)) == set(claims(crooked.terms, crooked.grounds, crooked.fired, crooked.schedule))


@pytest.mark.parametrize("day", [MONDAY, SUNDAY])
def test_both_edges_of_the_week_are_in_time(day: date) -> None:
    assert a_week().learn(Grounds((an_act(day),)), at=NOW, now=NOW)[0].state == "satisfied"
