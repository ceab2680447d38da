"""Before anybody visits: the tree, the calendars, the people, the townships' times, the disposals, the exemptions."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from deploy.demo.absences import exemptions
from deploy.demo.accounts import COUNTY_ORGANISER, NEIGHBOUR_ORGANISER, ORGANISER, SECRETARY
from deploy.demo.actions import Action, post, put
from deploy.demo.calendars import free_week, public_holidays
from deploy.demo.townships import (
    COUNTY,
    NEIGHBOUR,
    TOWNSHIP,
    Member,
    Organisation,
    Posting,
    branches,
    demo_id,
    general_branches,
    has_committee,
    has_groups,
    members_of,
    neighbouring_branches,
    neighbouring_posting,
    postings,
)

HISTORY = (date(2023, 10, 1), date(2023, 12, 31))
"""The last quarter of the report's year."""
SPAN = demo_id("span")
_DISPOSALS = (
    (3, "rectify", date(2023, 4, 12)),
    (14, "dissuaded", date(2023, 6, 20)),
    (27, "expelled", date(2023, 9, 5)),
    (38, "rectify", date(2023, 11, 14)),
)
"""今年处置了4名党员: in which branch, which measure, when."""
Wave = tuple[Action, ...]


def registering(first_monday: date) -> tuple[Wave, ...]:
    """The waves of the first step: each needs the one before."""
    return (
        (_organisation(COUNTY_ORGANISER, Organisation(COUNTY, "county", "中共演示县委员会（演示数据）")),),
        tuple(_townships_and_calendars()),
        (
            *(_organisation(ORGANISER, each) for each in general_branches()),
            *_township_calendar(first_monday),
            *(_go_live(who, where, first_monday) for who, where in _HOMES),
        ),
        (
            *(_organisation(ORGANISER, branch) for branch in branches()),
            *(_organisation(NEIGHBOUR_ORGANISER, branch) for branch in neighbouring_branches()),
            _history_span(),
        ),
        tuple(_people()),
        tuple(_disposals()),
        tuple(exemptions()),
    )


def closing_history() -> Action:
    """The history is complete: the go-live day was the township's first revision, the span its second."""
    township = f"/api/members/townships/{TOWNSHIP}"
    return put(ORGANISER, township, f"/history-spans/{SPAN}/closure", seen=2)


_HOMES = ((ORGANISER, TOWNSHIP), (NEIGHBOUR_ORGANISER, NEIGHBOUR))


def _townships_and_calendars() -> Iterator[Action]:
    for id_, name, code in ((TOWNSHIP, "演示乡", "YS-T1"), (NEIGHBOUR, "演示邻溪乡", "YS-T2")):
        title = f"中共{name}委员会（演示数据）"
        yield _organisation(COUNTY_ORGANISER, Organisation(id_, "township", title, COUNTY, code=code))
    for table in public_holidays():
        path = f"/api/members/organisations/{COUNTY}/calendars/{table.year}"
        yield Action(COUNTY_ORGANISER, "PUT", path, table.form())


def _township_calendar(first_monday: date) -> Iterator[Action]:
    for table in free_week(first_monday):
        yield Action(ORGANISER, "PUT", f"/api/members/organisations/{TOWNSHIP}/calendars/{table.year}", table.form())


def _go_live(who: str, township: str, first_monday: date) -> Action:
    body = {"go_live_on": first_monday.isoformat()}
    return Action(who, "PUT", f"/api/members/townships/{township}/go-live", body)


def _history_span() -> Action:
    first, last = HISTORY
    body = {"id": SPAN, "from_on": first.isoformat(), "to_on": last.isoformat()}
    return post(ORGANISER, f"/api/members/townships/{TOWNSHIP}/history-spans", body)


def _people() -> Iterator[Action]:
    """Members and postings; the two desks share the work, as the gateway counts requests by account."""
    desks = (ORGANISER, SECRETARY)
    for number, branch in enumerate(branches()):
        for member in members_of(branch):
            yield _member(desks[number % len(desks)], member)
    for number, posting in enumerate(postings()):
        yield _posting(desks[number % len(desks)], posting)
    for branch in neighbouring_branches():
        for member in members_of(branch):
            yield _member(NEIGHBOUR_ORGANISER, member)
    yield _posting(NEIGHBOUR_ORGANISER, neighbouring_posting())


def _disposals() -> Iterator[Action]:
    for number, (place, measure, decided_on) in enumerate(_DISPOSALS, start=1):
        *_, member = members_of(branches()[place])
        body = {
            "id": demo_id("case", number),
            "member_id": member.id,
            "document_number": f"演示〔2023〕{number}号",
            "decided_on": decided_on.isoformat(),
            "measure": measure,
        }
        yield post(SECRETARY, "/api/members/disposals", body)


def _organisation(who: str, organisation: Organisation) -> Action:
    body: dict[str, Any] = {
        "id": organisation.id,
        "kind": organisation.kind,
        "title": organisation.title,
        "parent_id": organisation.parent_id,
        "category": organisation.category,
        "has_committee": has_committee(organisation),
        "has_groups": has_groups(organisation),
        "external_code": organisation.code,
    }
    return post(who, "/api/members/organisations", body)


def _member(who: str, member: Member) -> Action:
    body = {
        "id": member.id,
        "branch_id": member.branch_id,
        "name": member.name,
        "standing": member.standing,
        "joined_on": member.joined_on.isoformat(),
        "person_id": member.person_id,
    }
    return post(who, "/api/members/members", body)


def _posting(who: str, posting: Posting) -> Action:
    body = {
        "id": posting.id,
        "cadre_id": posting.person_id,
        "organisation_id": posting.organisation_id,
        "post": posting.post,
        "starts_on": posting.starts_on.isoformat(),
        "ends_on": None if posting.ends_on is None else posting.ends_on.isoformat(),
        "name": posting.name,
    }
    return post(who, "/api/members/postings", body)
