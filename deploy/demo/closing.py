"""How scores are brought to an end: the reviews of the report's year, an objection, the quarter that is sealed."""

from collections.abc import Iterator
from datetime import date, timedelta

from deploy.demo.accounts import CADRE, ORGANISER, SECRETARY
from deploy.demo.actions import Action, Found, put
from deploy.demo.chance import between
from deploy.demo.diary import Diary, Wave
from deploy.demo.meetings import WEAK
from deploy.demo.townships import TOWNSHIP, branches, cadre_id, demo_id, general_branches
from shared.kernel.calendar import Period, WorkingDays, quarter_of, thursday_of, week_of

REVIEWED_YEAR = 2023
_NOTICE_WORKING_DAYS = 5  # services/scoring/procedures/closings.yaml
_LOWEST, _HIGHEST, _WEAK_MARK = 76, 97, 61
_VISITS, _OBJECTIONS = "/api/visits/visits", "/api/scoring/objections"
_A_DAY = timedelta(days=1)


def past_reviews(diary: Diary, entered_on: date) -> None:
    """Mark the review of every branch and general branch for the report's year, so that no score awaits it."""
    for reviewed in (*branches(), *general_branches()):
        mark = _WEAK_MARK if reviewed.id == WEAK else between(_LOWEST, _HIGHEST, "review", reviewed.id)
        body = {"mark": mark, "basis": f"{REVIEWED_YEAR} 年度党建述职评议（演示数据）"}
        path = f"/api/scoring/reviews/{reviewed.id}/{REVIEWED_YEAR}"
        diary.note(entered_on, Wave.RECORDS, Action(ORGANISER, "PUT", path, body))


def lived_objection(diary: Diary, calendar: WorkingDays) -> None:
    """The account 联村干部 objects to what his first visit gave; a working day later he is told why it stands.

    A week lies in the quarter of its Thursday, and so do the points of a visit.
    """
    visited_on, visit_id = next(_visits_of_the_cadre(diary))
    period = quarter_of(thursday_of(week_of(visited_on))).name
    award = Found(
        path=f"/api/scoring/scores/cadre/{cadre_id(1)}/passport?period={period}",
        among="awards",
        where={"aggregate_id": visit_id, "state": "counted"},
        take="award_id",
    )
    objection_id = demo_id("objection", visit_id)
    body = {
        "id": objection_id,
        "standard": "cadre",
        "subject_id": cadre_id(1),
        "period": period,
        "rule_id": "weekly-visit",
        "text": "这次走访应记在前一日，请核对（演示数据）",
    }
    filed_on = calendar.after(visited_on, 1)
    filed = Action(CADRE, "POST", _OBJECTIONS, body, finds={"award_id": award})
    diary.note(filed_on, Wave.RECORDS, filed)
    answer = {"upheld": False, "answer": "经核对走访登记和入户记录，日期无误，计分不变（演示数据）"}
    answered = put(ORGANISER, f"{_OBJECTIONS}/{objection_id}", "/answer", answer, seen=1)
    diary.note(calendar.after(filed_on, 1), Wave.CONFIRMATIONS, answered)


def lived_closing(diary: Diary, first_day: date, last_day: date, calendar: WorkingDays) -> None:
    """Put the cadres' quarter that ended since go-live on notice, if one did; when that is over, it is sealed."""
    period = closed_quarter(first_day, last_day)
    if period is None:
        return
    closing = f"/api/scoring/closings/cadre/{TOWNSHIP}/{period.name}"
    opened_on = calendar.after(period.last, 1)
    confirmed_on = calendar.after(opened_on, _NOTICE_WORKING_DAYS + 1)
    diary.note(opened_on, Wave.RECORDS, Action(ORGANISER, "PUT", f"{closing}/notice"))
    diary.note(confirmed_on, Wave.CONFIRMATIONS, put(SECRETARY, closing, "/sealing", seen=1))


def closed_quarter(first_day: date, last_day: date) -> Period | None:
    """The quarter that ended between go-live and the last lived day; there is none if both lie in one quarter."""
    before = quarter_of(quarter_of(last_day).first - _A_DAY)
    return before if before.last >= first_day else None


def _visits_of_the_cadre(diary: Diary) -> Iterator[tuple[date, str]]:
    """The visits his account logged, with the day of each; he logs on the day."""
    for day, action in diary.entries:
        if (action.who, action.path) == (CADRE, _VISITS) and action.body is not None:
            yield day, action.body["id"]
