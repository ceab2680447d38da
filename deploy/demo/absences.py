"""Who is let off: members exempt from attendance, and cadres on leave in two of the lived weeks."""

from collections.abc import Iterator
from datetime import date, timedelta

from deploy.demo.accounts import ORGANISER, SECRETARY
from deploy.demo.actions import Action, post
from deploy.demo.chance import between, one_of, share
from deploy.demo.townships import HOME_BRANCH, TOWNSHIP, Member, branches, cadre_id, demo_id, members_of

ON_LEAVE = {(10, 4): "参加县委党校培训班", (15, 6): "年休假"}
"""(cadre, week) without a visit that nobody misses; the report's quarter has none."""
_EXEMPT = 1 / 12
_GROUNDS = ("age", "age", "illness", "mobile")
_FROM, _WITHIN_DAYS = date(2023, 1, 3), 150
"""Before the report's quarter, and before anybody's membership ended."""
_SHORTEST_ILLNESS, _LONGEST_ILLNESS = 120, 420


def exemptions() -> Iterator[Action]:
    """One member in twelve, branch secretaries left out, one of the home branch; begun long ago, so the desks grant."""
    desks = (ORGANISER, SECRETARY)
    for number, branch in enumerate(branches()):
        _, *others = members_of(branch)
        if branch.id == HOME_BRANCH:
            yield _exemption(ORGANISER, others[-1])
            continue
        for member in others:
            if share("免于考勤", member.id) < _EXEMPT:
                yield _exemption(desks[number % len(desks)], member)


def leaves(first_monday: date) -> Iterator[tuple[date, Action]]:
    """Each with the day it is granted on: the Friday before."""
    for number, ((cadre, week), reason) in enumerate(ON_LEAVE.items()):
        monday = first_monday + timedelta(weeks=week)
        body = {
            "id": demo_id("leave", cadre, week),
            "cadre_id": cadre_id(cadre),
            "organisation_id": TOWNSHIP,
            "starts_on": monday.isoformat(),
            "ends_on": (monday + timedelta(days=6)).isoformat(),
            "reason": f"{reason}（演示数据）",
        }
        yield monday - timedelta(days=3), post((ORGANISER, SECRETARY)[number], "/api/members/leaves", body)


def _exemption(who: str, member: Member) -> Action:
    ground = one_of(_GROUNDS, "ground", member.id)
    starts_on = _FROM + timedelta(days=between(0, _WITHIN_DAYS, "exempt from", member.id))
    ends_on: date | None = None
    if ground == "illness":
        lasts = between(_SHORTEST_ILLNESS, _LONGEST_ILLNESS, "ill for", member.id)
        ends_on = starts_on + timedelta(days=lasts)
    body = {
        "id": demo_id("exemption", member.id),
        "member_id": member.id,
        "starts_on": starts_on.isoformat(),
        "ends_on": None if ends_on is None else ends_on.isoformat(),
        "ground": ground,
    }
    return post(who, "/api/members/exemptions", body)
