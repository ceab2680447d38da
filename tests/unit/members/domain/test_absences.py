"""Leaves and exemptions without any service around them: overlaps, and facts that name what they take back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.members.domain.absence_refusals import (
    ExemptionOverlaps,
    LastDayBeforeFirst,
    LeaveOverlaps,
    LeaveTooLong,
)
from services.members.domain.exemption import Exemption
from services.members.domain.leave import MOST_DAYS, Leave
from shared.events.base import Correction
from shared.events.members import ExemptionChanged, ExemptionGranted, LeaveChanged, LeaveGranted
from shared.kernel.access import OrganisationPath
from shared.kernel.ids import BranchId, CadreId, ExemptionId, LeaveId, MemberId, OrganisationId, TownshipId

FIRST = date(2023, 11, 1)
PATH = OrganisationPath.parse("county/township/branch")
Days: TypeAlias = tuple[int, int]
DAYS = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda days: (min(days), max(days)))


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def _leave(id_: str, days: Days, cadre: str = "cadre") -> Leave:
    first, last = days
    organisation, township = OrganisationId("township"), TownshipId("township")
    return Leave(
        LeaveId(id_), CadreId(cadre), organisation, PATH.parent, township, _day(first), _day(last), "事由", "digest"
    )


def _exemption(id_: str, first: int, last: int | None, member: str = "member") -> Exemption:
    return Exemption(
        id=ExemptionId(id_),
        member_id=MemberId(member),
        branch_id=BranchId("branch"),
        path=PATH,
        township_id=TownshipId("township"),
        starts_on=_day(first),
        ground="age",
        made_from="digest",
        ends_on=None if last is None else _day(last),
    )


@given(DAYS, DAYS)
def test_two_leaves_overlap_when_they_share_a_day(one: Days, other: Days) -> None:
    a, b = _leave("a", one), _leave("b", other)
    shared = set(range(one[0], one[1] + 1)) & set(range(other[0], other[1] + 1))

    for mine, theirs in ((a, b), (b, a)):
        if shared:
            with pytest.raises(LeaveOverlaps):
                mine.refuse_overlap([theirs])
        else:
            mine.refuse_overlap([theirs])


@given(DAYS, DAYS, st.booleans(), st.booleans())
def test_two_exemptions_overlap_when_they_share_a_day(one: Days, other: Days, open_one: bool, open_other: bool) -> None:  # noqa: FBT001 - drawn
    spans = [range(days[0], 40 if is_open else days[1] + 1) for days, is_open in ((one, open_one), (other, open_other))]
    a = _exemption("a", one[0], None if open_one else one[1])
    b = _exemption("b", other[0], None if open_other else other[1])

    for mine, theirs in ((a, b), (b, a)):
        if set(spans[0]) & set(spans[1]):
            with pytest.raises(ExemptionOverlaps):
                mine.refuse_overlap([theirs])
        else:
            mine.refuse_overlap([theirs])


def test_the_one_in_the_way_is_named() -> None:
    standing = [_leave("earlier", (0, 3)), _leave("later", (8, 9)), _leave("of another", (4, 6), "colleague")]

    _leave("new", (4, 7)).refuse_overlap(standing)
    with pytest.raises(LeaveOverlaps, check=lambda refused: refused.facts["leave_id"] == "later"):
        _leave("new", (5, 8)).refuse_overlap(standing)


def test_what_was_withdrawn_stands_in_nobodys_way() -> None:
    withdrawn, _ = _leave("first", (0, 3)).withdraw(today=FIRST)
    taken_back, _ = _exemption("first", 0, None).withdraw(today=FIRST)

    _leave("new", (0, 3)).refuse_overlap([withdrawn])
    withdrawn.refuse_overlap([_leave("new", (0, 3))])
    _exemption("new", 0, None).refuse_overlap([taken_back])


def test_a_change_takes_back_the_grant_and_the_next_one_the_change() -> None:
    leave = _leave("leave", (0, 3))
    first, changed = leave.change(starts_on=_day(2), ends_on=_day(4), today=_day(1))
    second, again = first.change(starts_on=_day(3), ends_on=_day(4), today=_day(5))
    _, withdrawn = second.withdraw(today=_day(5))

    assert changed.corrects == (Correction(type=LeaveGranted.TYPE, revision=1, day=_day(0)),)
    assert again.corrects == (Correction(type=LeaveChanged.TYPE, revision=2, day=_day(2)),)
    assert withdrawn.corrects == (Correction(type=LeaveChanged.TYPE, revision=3, day=_day(3)),)
    assert [fact.occurred_on for fact in (changed, again, withdrawn)] == [_day(1), _day(3), _day(3)]


def test_an_exemption_names_what_it_takes_back_by_its_first_day() -> None:
    changed, ended = _exemption("exemption", 0, None).change(ends_on=_day(9), today=_day(5))
    _, withdrawn = changed.withdraw(today=_day(5))

    assert ended.corrects == (Correction(type=ExemptionGranted.TYPE, revision=1, day=_day(0)),)
    assert withdrawn.corrects == (Correction(type=ExemptionChanged.TYPE, revision=2, day=_day(0)),)
    assert (withdrawn.starts_on, withdrawn.ends_on) == (_day(0), _day(9))


@pytest.mark.parametrize(("days", "refusal"), [((3, 2), LastDayBeforeFirst), ((0, MOST_DAYS), LeaveTooLong)])
def test_days_nobody_can_mean_are_refused_when_granted_and_when_changed(days: Days, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        _leave("leave", days).granted(today=FIRST)
    with pytest.raises(refusal):
        _leave("leave", (0, 1)).change(starts_on=_day(days[0]), ends_on=_day(days[1]), today=FIRST)


def test_the_longest_leave_is_granted() -> None:
    granted = _leave("leave", (0, MOST_DAYS - 1)).granted(today=_day(-1))

    assert (granted.ends_on - granted.starts_on, granted.occurred_on) == (timedelta(days=MOST_DAYS - 1), _day(-1))


def test_no_fact_says_why() -> None:
    leave, exemption = replace(_leave("leave", (0, 1)), reason="住院"), _exemption("exemption", 0, None)
    facts = [leave.granted(today=FIRST), leave.withdraw(today=FIRST)[1], exemption.withdraw(today=FIRST)[1]]
    told = "".join(fact.model_dump_json() for fact in facts)

    assert [word for word in ("住院", "reason", "ground", "age") if f'"{word}"' in told] == []
