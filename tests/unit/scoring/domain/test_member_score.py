"""The member standard: absences, exemptions, deeds with their bounds; any order of facts gives the same."""

import random
from collections import defaultdict
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.scoring.adapters.rule_files import load_generation
from services.scoring.domain.awards import CardKey
from services.scoring.domain.card import Card, enter, totals
from services.scoring.domain.passport import Behind, Passport, passport
from services.scoring.domain.score import Score, score
from shared.events.base import Event, Fact
from shared.events.duties import MeetingKind
from shared.events.scoring import DeedKind
from shared.kernel.calendar import Period
from tests.unit.scoring.lives import MEMBER, OTHER_MEMBER, DeedLife, ExemptionLife, MeetingLife

GENERATION = load_generation()
YEAR = Period.parse("2023")
MAY = date(2023, 5, 15)
Life = MeetingLife | DeedLife | ExemptionLife


def scored(facts: list[Fact[Event]], member: str = MEMBER) -> Score:
    key = CardKey("member", member, YEAR.name)
    summed = totals(entry for fact in facts for entry in GENERATION.awards(fact))
    card = enter(Card(key), summed.get(key, {}))
    return score(card, GENERATION.book("member", YEAR), enter(Card(key.lasting), summed.get(key.lasting, {})))


def told(*lives: Life) -> list[Fact[Event]]:
    return [fact for life in lives for fact in life.facts]


def explained(*lives: Life) -> Passport:
    key = CardKey("member", MEMBER, YEAR.name)
    entries = [entry for fact in told(*lives) for entry in GENERATION.awards(fact)]
    lasting = tuple(entry for entry in entries if entry.card == key.lasting)
    own = [entry for entry in entries if entry.card == key]
    return passport(key, own, GENERATION.book("member", YEAR), Behind(lasting=lasting))


def test_a_member_nothing_happened_to_has_the_base_points() -> None:
    assert scored([]).points == 100_00


def test_who_was_absent_without_excuse_loses_points_and_nobody_else() -> None:
    meeting = MeetingLife("meeting").hold(MAY, MEMBER)

    assert [scored(told(meeting), member).points for member in (MEMBER, OTHER_MEMBER)] == [95_00, 100_00]


def test_a_theme_day_costs_three_and_a_meeting_five() -> None:
    meeting, theme_day = MeetingLife("m").hold(MAY, MEMBER), MeetingLife("t", "theme_day").hold(MAY, MEMBER)

    assert scored(told(meeting, theme_day)).points == 92_00


def test_a_correction_takes_back_from_whom_it_no_longer_names() -> None:
    meeting = MeetingLife("meeting").hold(MAY, MEMBER).correct(MAY, OTHER_MEMBER)

    assert [scored(told(meeting), member).points for member in (MEMBER, OTHER_MEMBER)] == [100_00, 95_00]


def test_a_meeting_that_was_a_theme_day_after_all_costs_what_a_theme_day_costs() -> None:
    meeting = MeetingLife("meeting").hold(MAY, MEMBER).correct(MAY, MEMBER, kind="theme_day")

    assert scored(told(meeting)).points == 97_00


def test_a_withdrawn_meeting_costs_nobody_anything() -> None:
    assert scored(told(MeetingLife("meeting").hold(MAY, MEMBER).withdraw())).points == 100_00


def test_who_is_exempt_on_the_day_loses_nothing_however_late_it_is_learnt() -> None:
    meeting = MeetingLife("meeting").hold(MAY, MEMBER)
    exemption = ExemptionLife("age").grant(MAY - timedelta(days=1))

    found = scored(told(meeting, exemption))

    assert (found.points, found.lines[0].exempted, found.lines[0].count) == (100_00, 1, 0)


def test_an_exemption_that_ended_before_the_day_does_not_help() -> None:
    meeting = MeetingLife("meeting").hold(MAY, MEMBER)
    exemption = ExemptionLife("illness").grant(MAY - timedelta(days=9)).change(MAY - timedelta(days=1))

    assert scored(told(exemption, meeting)).points == 95_00


def test_an_exempt_absence_stays_visible_in_the_passport() -> None:
    meeting = MeetingLife("meeting").hold(MAY, MEMBER)

    [line] = explained(meeting, ExemptionLife("age").grant(MAY)).awards

    assert (line.state, line.points, line.counted) == ("exempt", -5_00, 0)


def test_a_post_counts_once_a_quarter_and_four_times_a_year() -> None:
    spring = [DeedLife(f"post {number}", "post").take_effect(date(2023, 4, 3 + number)) for number in range(3)]
    winter = DeedLife("post in winter", "post").take_effect(date(2023, 11, 6))

    assert scored(told(*spring, winter)).points == 104_00


def test_a_month_holds_two_helped_problems_and_the_passport_says_which_was_cut() -> None:
    deeds = [DeedLife(f"deed {number}").take_effect(MAY + timedelta(days=number)) for number in range(12)]

    found = explained(*deeds)

    assert found.score.points == 110_00
    assert [line.counted for line in found.awards] == [1_00] * 10 + [0, 0]


def test_what_was_not_met_is_told_with_what_would_meet_it() -> None:
    found = explained(MeetingLife("meeting").hold(MAY, MEMBER), DeedLife("deed").take_effect(MAY))

    told_why = {each.rule.id: (each.missing, each.meet) for each in found.why_not}
    assert told_why["meeting-missed"] == (5_00, "按时参加三会一课；确有原因的事前向支部请假")
    assert told_why["voluntary"][0] == 9_00


@st.composite
def _life(draw: st.DrawFn, number: int) -> Life:
    days = st.integers(0, 200).map(lambda offset: date(2023, 3, 1) + timedelta(days=offset))
    absent = st.lists(st.sampled_from([MEMBER, OTHER_MEMBER]), unique=True, max_size=2)
    match draw(st.sampled_from("mdx")):
        case "m":
            kind: MeetingKind = draw(st.sampled_from(["general_meeting", "theme_day", "lecture"]))
            meeting = MeetingLife(f"{number}", kind).hold(draw(days), *draw(absent))
            if draw(st.booleans()):
                meeting.correct(draw(days), *draw(absent), kind=draw(st.sampled_from([None, "theme_day", "lecture"])))
            return meeting.withdraw() if draw(st.booleans()) else meeting
        case "d":
            deed_kind: DeedKind = draw(st.sampled_from(["voluntary", "post", "proposal", "helped"]))
            deed = DeedLife(f"{number}", deed_kind).take_effect(draw(days))
            return deed.withdraw() if draw(st.booleans()) else deed
        case _:
            first = draw(days)
            exemption = ExemptionLife(f"{number}").grant(first)
            if draw(st.booleans()):
                exemption.change(first + timedelta(days=draw(st.integers(0, 60))))
            return exemption.withdraw() if draw(st.booleans()) else exemption


def _expected(lives: list[Life]) -> int:
    """The points of the member by hand, from how each thing ended."""
    spans = [life.span for life in lives if isinstance(life, ExemptionLife) and life.span is not None]
    lost: dict[str, int] = defaultdict(int)
    deeds: dict[str, int] = defaultdict(int)
    quarters = set()
    for life in lives:
        if isinstance(life, MeetingLife) and life.day is not None and MEMBER in life.absent:
            exempt = any(first <= life.day and (last is None or life.day <= last) for first, last in spans)
            lost["theme" if life.kind == "theme_day" else "meeting"] += 0 if exempt else 1
        elif isinstance(life, DeedLife) and life.day is not None:
            if life.kind == "post":
                quarters.add((life.day.month - 1) // 3)
            else:
                deeds[life.kind] += 1
    earned = min(10, deeds["voluntary"]) + min(5, deeds["helped"]) + min(3, deeds["proposal"])
    taken = min(40, 5 * lost["meeting"]) + min(18, 3 * lost["theme"])
    return max(0, 100 + earned + min(8, 2 * len(quarters)) - taken)


@given(st.integers(0, 14).flatmap(lambda n: st.tuples(*(_life(number) for number in range(n)))), st.integers())
def test_any_order_with_duplicates_gives_the_points_reckoned_by_hand(lives: tuple[Life, ...], seed: int) -> None:
    # Two exemptions of one member never begin on one day: members refuses what overlaps.
    begun: set[date] = set()
    kept = []
    for life in lives:
        first = life.facts[0].event.day
        if isinstance(life, ExemptionLife):
            if first in begun:
                continue
            begun.add(first)
        kept.append(life)
    facts = told(*kept)
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    facts += chance.sample(facts, len(facts) // 3)
    chance.shuffle(facts)

    assert _expected(kept) * 100 == scored(facts).points
