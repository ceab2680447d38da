"""What people read about an obligation: sentences from data, filled with days and counts, never with names."""

from datetime import date, timedelta
from string import Formatter

from pydantic import BaseModel, ConfigDict, model_validator

from services.notifications.domain.grounds import WaiverReason
from services.notifications.domain.obligation import Obligation
from services.notifications.domain.state import STATES, State
from shared.kernel.calendar import Period, month_of, quarter_of

_PLACES = {"week", "period", "next", "quota", "due", "raised", "reason"}
_QUARTERS = "一二三四"


class Wording(BaseModel):
    """The word of every state, and for every regulation a sentence in every state."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    states: dict[State, str]
    reasons: dict[WaiverReason, str]
    texts: dict[str, dict[State, str]]

    @model_validator(mode="after")
    def _everything_has_its_words(self) -> "Wording":
        for words in (self.states, *self.texts.values()):
            if set(words) != set(STATES):
                raise ValueError(f"words are missing for {sorted(set(STATES) - set(words))}")
        for texts in self.texts.values():
            for text in texts.values():
                places = {place for _, place, _, _ in Formatter().parse(text) if place is not None}
                if not places <= _PLACES:
                    raise ValueError(f"nobody fills {sorted(places - _PLACES)} in {text!r}")
        return self

    def state(self, obligation: Obligation) -> str:
        """The state in a word."""
        return self.states[obligation.state]

    def sentence(self, obligation: Obligation) -> str:
        """What it is about and what to do."""
        terms = obligation.terms
        kind = terms.subject_kind
        return self.texts[terms.regulation_id][obligation.state].format(
            week=_week(Period.parse(terms.period)) if kind == "cadre" else "",
            period=_period(Period.parse(terms.period)) if kind == "branch" else "",
            next=_period(_after(Period.parse(terms.period))) if kind == "branch" else "",
            raised=_day(date.fromisoformat(terms.period)) if kind == "problem" else "",
            due=_day(terms.due_on),
            quota=terms.quota,
            reason=self.reasons[obligation.grounds.waiver] if obligation.grounds.waiver else "",
        )


def read_wording(document: object) -> Wording:
    """The words from their data; raises pydantic's ValidationError naming what is missing."""
    return Wording.model_validate(document)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _week(week: Period) -> str:
    return f"{week.first.year}年{_day(week.first)}至{_day(week.last)}当周"


def _after(period: Period) -> Period:
    """The month or quarter in which a missed one is made up for."""
    first = period.last + timedelta(days=1)
    return quarter_of(first) if "Q" in period.name else month_of(first)


def _period(period: Period) -> str:
    """A month or a quarter: 2023年11月, 2023年第四季度."""
    year, _, rest = period.name.partition("-")
    return f"{year}年第{_QUARTERS[int(rest[1:]) - 1]}季度" if rest.startswith("Q") else f"{year}年{int(rest)}月"
