"""The plan of the demo: the same from the same Monday, and true to the report."""

from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from deploy.demo.accounts import accounts
from deploy.demo.actions import Action
from deploy.demo.calendars import FREE_WEEK, public_holidays, working_days
from deploy.demo.counts import report_counts
from deploy.demo.plan import first_monday_before, plan
from deploy.demo.townships import CADRES, branches, cadre_branches, general_branches, members_of, postings
from shared.kernel.access import Role
from shared.kernel.calendar import week_of

MONDAY = date(2026, 9, 28)
REPORT = Path(__file__).parents[4] / "docs" / "reference" / "annual-report-2023.txt"


_planned = cache(plan)


def _actions(monday: date = MONDAY) -> list[Action]:
    return [action for step in _planned(monday).steps for wave in step.waves for action in wave]


def test_the_same_monday_gives_the_same_requests() -> None:
    assert plan(MONDAY) == plan(MONDAY)


@pytest.mark.parametrize("today", [date(2026, 11, 23), date(2026, 11, 26), date(2026, 11, 29)])
def test_the_demo_begins_eight_weeks_before_this_weeks_monday(today: date) -> None:
    assert first_monday_before(today) == MONDAY


@pytest.mark.parametrize("monday", [MONDAY + timedelta(weeks=weeks) for weeks in (0, 1, 14, 30, 60)])
def test_whatever_the_monday_each_day_is_told_after_the_one_before(monday: date) -> None:
    instants = [step.at for step in _planned(monday).steps]

    assert instants == sorted(set(instants))
    assert instants[-1].date() == monday + timedelta(days=55)


def test_ids_are_made_once() -> None:
    created = [(action.path, action.body["id"]) for action in _actions() if action.method == "POST" and action.body]

    assert [id_ for id_, count in Counter(created).items() if count > 1] == []


@pytest.mark.parametrize("monday", [MONDAY + timedelta(weeks=weeks) for weeks in (0, 14, 60)])
def test_no_branch_holds_two_meetings_of_a_kind_on_a_day_nor_one_of_too_few(monday: date) -> None:
    held = [action.body for action in _actions(monday) if action.path == "/api/duties/meetings" and action.body]
    occasions = Counter((body["branch_id"], body["kind"], body["held_on"]) for body in held)

    assert set(occasions.values()) == {1}
    assert min(len(body["expected"]) for body in held if body["expected"] is not None) >= 3


def test_revisions_follow_one_another() -> None:
    stands: dict[str, int] = {}
    for action in _actions():
        if action.thing is not None and action.thing.startswith("/api/visits/"):
            assert action.seen == stands.get(action.thing, 1)
            stands[action.thing] = action.makes or 0

    assert max(stands.values()) == 5


def test_there_are_as_many_branches_as_stars_were_applied_for_and_more() -> None:
    categories = Counter(branch.category for branch in branches())

    assert sum(categories.values()) >= 12 + 30
    assert set(categories) == {"village", "office", "enterprise"}
    assert "柳湾村党总支" in "".join(organisation.title for organisation in general_branches())
    villages = {branch.title.split("村")[0] for branch in branches() if branch.category == "village"}
    assert len(villages) == 11


def test_twenty_cadres_are_posted_now_and_one_has_left() -> None:
    cadres = [posting for posting in postings() if posting.post == "village_cadre"]

    assert len({posting.person_id for posting in cadres if posting.ends_on is None}) == CADRES
    assert sum(posting.ends_on is not None for posting in cadres) == 1
    assert {place.category for place in cadre_branches()} == {"village"}


def test_everything_says_that_it_is_a_demo() -> None:
    titles = [action.body["title"] for action in _actions() if action.body and "title" in action.body]
    names = [member.name for branch in branches() for member in members_of(branch)]
    words = ("content", "note", "basis", "reason", "text", "answer")
    contents = [
        action.body[word]
        for action in _actions()
        if action.body
        for word in words
        if word in action.body and not action.path.endswith("/confirmation")
    ]

    assert all("演示" in text for text in (*titles, *names, *contents))


def test_there_is_one_account_a_role_and_one_next_door() -> None:
    roles = Counter(account.role for account in accounts())

    assert roles == {role: 1 + (role is Role.ORGANISER) for role in Role if role is not Role.ADMINISTRATOR}
    assert len({account.person_id for account in accounts()}) == len(accounts())


def test_who_enters_a_resolution_does_not_ask_the_citizen() -> None:
    resolved, asked = {}, {}
    for action in _actions():
        if "/visits/" not in action.path:
            continue
        if action.path.endswith("/resolution"):
            resolved[action.thing] = action.who
        elif action.path.endswith("/confirmation"):
            asked[action.thing] = action.who

    assert [thing for thing, who in asked.items() if resolved[thing] == who] == []


def test_nobody_on_leave_visits_and_the_reports_quarter_has_no_leave() -> None:
    leaves = [action.body for action in _actions() if action.path == "/api/members/leaves" and action.body]
    visits = [action.body for action in _actions() if action.path == "/api/visits/visits" and action.body]
    during = [
        visit
        for visit in visits
        for leave in leaves
        if visit["cadre_id"] == leave["cadre_id"]
        and leave["starts_on"] <= visit["occurred_at"][:10] <= leave["ends_on"]
    ]

    assert (len(leaves), during) == (2, [])
    assert all(MONDAY.isoformat() <= leave["starts_on"] for leave in leaves)


def test_who_helped_is_a_member_of_the_branch_and_not_its_secretary() -> None:
    raised = {
        action.body["id"]: action.body for action in _actions() if action.path == "/api/visits/problems" and action.body
    }
    members = {branch.id: [member.id for member in members_of(branch)][1:] for branch in branches()}
    helped = [
        (helper, raised[str(action.thing).rpartition("/")[2]]["branch_id"])
        for action in _actions()
        if action.body is not None
        for helper in action.body.get("helper_ids", ())
    ]

    assert helped
    assert [helper for helper, branch in helped if helper not in members[branch]] == []


def test_nobody_confirms_a_deed_he_reported_or_that_is_his_own() -> None:
    persons = {account.username: account.person_id for account in accounts()}
    done_by = {member.id: member.person_id for branch in branches() for member in members_of(branch)}
    reported = {
        f"{action.path}/{action.body['id']}": (action.who, done_by[action.body["member_id"]])
        for action in _actions()
        if action.path == "/api/scoring/deeds" and action.body
    }
    confirmed = [action for action in _actions() if "/deeds/" in action.path and action.path.endswith("/confirmation")]

    assert [each for each in confirmed if each.who == reported[str(each.thing)][0]] == []
    assert [each for each in confirmed if persons[each.who] == reported[str(each.thing)][1]] == []
    assert {who for who, _ in reported.values()} == {"党员", "支部书记", "组织委员", "书记"}


@pytest.mark.parametrize(
    ("monday", "quarter"),
    [
        (MONDAY, "2026-Q3"),
        (date(2026, 10, 5), None),
        (date(2026, 8, 17), "2026-Q3"),
        (date(2026, 8, 10), None),
        (date(2026, 12, 7), "2026-Q4"),
    ],
)
def test_the_quarter_that_ended_since_go_live_is_closed_if_there_is_one(monday: date, quarter: str | None) -> None:
    notices = [action.path for action in _actions(monday) if action.path.endswith("/notice")]

    assert [path.split("/")[-2] for path in notices] == ([] if quarter is None else [quarter])


def test_the_sealing_is_confirmed_by_another_after_the_notice() -> None:
    closing = [
        (step.at.date(), action.who)
        for step in _planned(MONDAY).steps
        for wave in step.waves
        for action in wave
        if "/closings/" in action.path
    ]

    assert closing == [(date(2026, 10, 8), "组织委员"), (date(2026, 10, 15), "书记")]


def test_the_free_week_has_no_working_day() -> None:
    calendar = working_days(MONDAY)

    assert calendar.count_in(week_of(MONDAY + timedelta(weeks=FREE_WEEK))) == 0
    assert [table.year for table in public_holidays()] == [2023, 2024, 2025, 2026]


def test_the_counts_quote_the_report_to_the_letter() -> None:
    report = REPORT.read_text(encoding="utf-8")
    counts = report_counts()

    assert len(counts) == 17
    assert [count.title for count in counts if count.source not in report] == []


def test_a_count_is_equal_different_or_not_held_yet() -> None:
    talks, disposals = report_counts()[1], next(count for count in report_counts() if count.held_by)

    assert (talks.verdict(81), talks.verdict(79), talks.verdict(None)) == ("相等", "不相等", "尚未接入")
    assert (disposals.verdict(4), disposals.verdict(5)) == ("相等", "不相等")
