"""Attendance: whoever came, whatever is exempt, the figures hold together."""

from datetime import date
from fractions import Fraction
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.duties.domain.attendance import Attendance, Statement
from services.duties.domain.meeting_rule import MeetingRule, Quorum
from services.duties.domain.refusals import AttendanceIsMissing, NoMembersKnown
from services.duties.domain.roll import Roll
from shared.events.members import Standing
from shared.kernel.ids import MemberId

DAY = date(2023, 11, 20)
ALL_COME = MeetingRule("主题党日", "第十六条", "members", Quorum("expected", Fraction(1, 2), strictly=True))
VOTERS = MeetingRule("支部党员大会", "第十一条", "members", Quorum("voters", Fraction(1, 2), strictly=False))
NAMED = MeetingRule("支委会", "第十二条", "named", Quorum("expected", Fraction(1, 2), strictly=False))
Members = frozenset[MemberId]
ids = st.integers(0, 40).map(lambda number: MemberId(f"{number:02}"))
standings = st.sampled_from(cast("tuple[Standing, ...]", ("full", "probationary")))


@st.composite
def meetings(draw: st.DrawFn) -> tuple[Roll, Members, Members, Members]:
    """A roll, and who of it came, was excused and, expected, stayed away."""
    members = draw(st.dictionaries(ids, standings, min_size=1, max_size=40))
    exempt = draw(st.frozensets(st.sampled_from(sorted(members))))
    roll = Roll(members, exempt)
    fates = {member: draw(st.sampled_from(("came", "excused", "absent"))) for member in sorted(roll.expected)}
    guests = frozenset(member for member in sorted(exempt) if draw(st.booleans()))
    came = frozenset(member for member, fate in fates.items() if fate == "came")
    excused = frozenset(member for member, fate in fates.items() if fate == "excused")
    return roll, came | guests, excused, roll.expected - came - excused


@given(meetings(), st.sampled_from((ALL_COME, VOTERS)))
def test_absent_is_who_was_expected_and_neither_came_nor_was_excused(
    drawn: tuple[Roll, Members, Members, Members], rule: MeetingRule
) -> None:
    roll, attended, excused, absent = drawn
    taken = Attendance.of(Statement(attended=attended, excused=excused), roll, rule, on=DAY)

    assert set(taken.absent) == absent
    assert set(taken.absent).isdisjoint(roll.exempt)
    assert set(taken.expected) == roll.members.keys() - roll.exempt
    assert len(taken.absent) == len(taken.expected) - len(set(taken.attended) - roll.exempt) - len(taken.excused)


@given(meetings())
def test_naming_the_absent_is_naming_those_who_came(drawn: tuple[Roll, Members, Members, Members]) -> None:
    roll, attended, excused, absent = drawn
    expected_alone = Statement(attended=attended - roll.exempt, excused=excused)
    by_absent = Attendance.of(Statement(absent=absent, excused=excused), roll, ALL_COME, on=DAY)

    assert by_absent == Attendance.of(expected_alone, roll, ALL_COME, on=DAY)


@given(meetings(), ids)
def test_whoever_comes_besides_never_undoes_a_quorum(
    drawn: tuple[Roll, Members, Members, Members], one_more: MemberId
) -> None:
    roll, attended, excused, _ = drawn
    if one_more not in roll.members:
        return
    for rule in (ALL_COME, VOTERS):
        before = Attendance.of(Statement(attended=attended, excused=excused - {one_more}), roll, rule, on=DAY)
        after = Attendance.of(
            Statement(attended=attended | {one_more}, excused=excused - {one_more}), roll, rule, on=DAY
        )

        assert after.quorate or not before.quorate


@given(st.integers(0, 500))
def test_at_least_half_and_more_than_half_are_what_they_say(count: int) -> None:
    at_least = Quorum("expected", Fraction(1, 2), strictly=False).needed(count)
    more_than = Quorum("expected", Fraction(1, 2), strictly=True).needed(count)

    assert (at_least, more_than) == (max(1, (count + 1) // 2), count // 2 + 1)


def test_a_meeting_nobody_came_to_has_no_quorum() -> None:
    everybody_exempt = Roll({MemberId("a"): "full"}, frozenset({MemberId("a")}))
    taken = Attendance.of(Statement(attended=frozenset()), everybody_exempt, VOTERS, on=DAY)

    assert (taken.expected, taken.needed, taken.quorate) == ((), 1, False)


def test_a_member_of_the_committee_who_is_exempt_is_not_expected_but_may_come() -> None:
    a, b, c = (MemberId(name) for name in "abc")
    roll = Roll({a: "full", b: "full", c: "full"}, frozenset({c}))
    taken = Attendance.of(Statement(attended=frozenset({a, c}), expected=frozenset({a, b, c})), roll, NAMED, on=DAY)

    assert (taken.expected, taken.attended, taken.absent) == ((a, b), (a, c), (b,))


def test_silence_is_not_full_attendance() -> None:
    with pytest.raises(AttendanceIsMissing):
        Attendance.of(Statement(), Roll({MemberId("a"): "full"}), ALL_COME, on=DAY)


def test_of_a_branch_nobody_is_known_of_nothing_can_be_told() -> None:
    with pytest.raises(NoMembersKnown) as refusal:
        Attendance.of(Statement(attended=frozenset()), Roll({}), ALL_COME, on=DAY)

    assert "2023-11-20" in str(refusal.value)
