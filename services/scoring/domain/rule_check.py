"""What a rule book may say: known events and fields, caps that fit, and nothing outside the whitelist.

The whitelist is data (`rules/whitelist.yaml`): the facts that may score and, for each, the fields a rule may look at
and the day it counts for. Whatever nobody thought of is refused, because it does not stand there (domain.md section 8).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from services.scoring.domain.rule_book import PREFIX, Rule, RuleBook, Where, longer
from shared.events.base import Event
from shared.events.catalogue import CATALOGUE

_SPANS = {"day": "日", "week": "周", "month": "月", "quarter": "季", "year": "年"}
_READER = "scoring"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a book is refused, and where: the place is the way down to the entry (`rules`, 0, `on`)."""

    place: tuple[str | int, ...]
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        """The place and the reason, as people read them."""
        where = ".".join(str(part) for part in self.place) or "全文"
        return f"第 {self.line} 行（{where}）：{self.reason}" if self.line else f"{where}：{self.reason}"


@dataclass(frozen=True, slots=True)
class Whitelist:
    """The facts that may score, each with the fields a rule may look at.

    `days` names the field with the day a fact counts for, where that is not the day it happened. It is the day the
    facts that correct it name: counted for another day, an award would outlive what takes it back.
    """

    fields: Mapping[str, frozenset[str]]
    days: Mapping[str, str]

    def admits(self, event: str, field: str) -> bool:
        """Whether a rule may look at this field of this fact."""
        return field in self.fields.get(event, frozenset())


def faults(book: RuleBook, whitelist: Whitelist) -> tuple[Fault, ...]:
    """Everything that forbids the book; empty when it may be used."""
    found: list[Fault] = []
    for part, rules in (("rules", book.rules), ("attainable", book.attainable)):
        for index, rule in enumerate(rules):
            found.extend(_rule_faults(book, rule, (part, index), whitelist))
    return tuple(found)


def overlaps(books: Iterable[RuleBook]) -> tuple[Fault, ...]:
    """Versions of one standard that are in force on the same day."""
    ordered = sorted(books, key=lambda book: (book.standard, book.effective.from_))
    return tuple(
        Fault(
            ("effective", "from"), f"《{later.title}》{later.version} 与 {earlier.version} 的生效期重叠，请写明旧版止日"
        )
        for earlier, later in pairwise(ordered)
        if earlier.standard == later.standard and earlier.effective.meets(later.effective.from_, later.effective.to)
    )


def _rule_faults(book: RuleBook, rule: Rule, place: tuple[str | int, ...], whitelist: Whitelist) -> Iterator[Fault]:
    if rule.cap is not None and longer(rule.cap.per, book.period):
        reason = f"封顶期（{_SPANS[rule.cap.per]}）长于考评周期（{_SPANS[book.period]}），请缩短封顶期"
        yield Fault((*place, "cap", "per"), reason)
    to = {(*place, "award", "to"): rule.award.to}
    yield from _event_faults(rule.on, (*place, "on"), {**to, **_where(rule.where, place)}, whitelist)
    yield from _day_faults(rule.on, (*place, "day"), rule.day, whitelist)
    if rule.half_back is not None:
        back, there = rule.half_back, (*place, "half_back")
        yield from _event_faults(back.on, (*there, "on"), {**to, **_where(back.where, there)}, whitelist)
        yield from _day_faults(back.on, (*place, "day"), rule.day, whitelist)


def _where(where: Where, place: tuple[str | int, ...]) -> dict[tuple[str | int, ...], str]:
    return {(*place, "where", field): field for field in where}


def _event_faults(
    names: Iterable[str],
    place: tuple[str | int, ...],
    fields: Mapping[tuple[str | int, ...], str],
    whitelist: Whitelist,
) -> Iterator[Fault]:
    for name in names:
        event = _event(name)
        if event is None:
            yield Fault(place, f"没有名为 {name} 的事件，请对照 docs/events.md 核对事件名和版本")
            continue
        if name not in whitelist.fields:
            yield Fault(place, f"事实 {name} 不在可计分清单内，不得计分")
            continue
        for there, field in fields.items():
            if field not in event.model_fields:
                yield Fault(there, f"事件 {name} 没有字段 {field}")
            elif not whitelist.admits(name, field):
                yield Fault(there, f"事件 {name} 的字段 {field} 不在可计分清单内，不得作为计分依据")


def _day_faults(
    names: Iterable[str], place: tuple[str | int, ...], day: str | None, whitelist: Whitelist
) -> Iterator[Fault]:
    for name in names:
        if name not in whitelist.fields:
            continue
        wanted = whitelist.days.get(name)
        if wanted is None and day is not None:
            yield Fault(place, f"事实 {name} 按发生之日计分，请删去 day")
        elif wanted != day:
            yield Fault(place, f"事实 {name} 须按 {wanted} 计日，否则撤回时分值退不回来，请写明 day: {wanted}")


def _event(name: str) -> type[Event] | None:
    entry = CATALOGUE.get(PREFIX + name)
    return entry.event if entry is not None and _READER in entry.consumers else None
