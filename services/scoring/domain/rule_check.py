"""What a rule book may say: known events and fields, caps that fit, and nothing outside the whitelist.

The whitelist is data (`rules/whitelist.yaml`): the facts that may score and, for each, the fields a rule may look at
and the day it counts for. Whatever nobody thought of is refused, because it does not stand there (domain.md section 8).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from services.scoring.domain.rule import Rule, Where, longer
from services.scoring.domain.rule_book import PREFIX, Circumstance, RuleBook
from shared.events.base import Event
from shared.events.catalogue import CATALOGUE

_SPANS = {"day": "日", "week": "周", "month": "月", "quarter": "季", "year": "年"}
_READER = "scoring"
_OBLIGATION = "notifications.obligation."
Use = Literal["award", "review", "circumstance"]
_USES: Mapping[Use, str] = {"award": "计分", "review": "评议分", "circumstance": "存续情形（免考勤、请假、整顿）"}


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
    facts that correct it name: counted for another day, an award would outlive what takes it back. `uses` says what a
    fact is for where that is not points. `satisfies` names the regulations whose obligations a fact satisfies: a book
    scores the fact or the obligation, never both.
    """

    fields: Mapping[str, frozenset[str]]
    days: Mapping[str, str]
    uses: Mapping[str, Use] = field(default_factory=dict)
    satisfies: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def admits(self, event: str, field: str) -> bool:
        """Whether a rule may look at this field of this fact."""
        return field in self.fields.get(event, frozenset())


def faults(book: RuleBook, whitelist: Whitelist) -> tuple[Fault, ...]:
    """Everything that forbids the book; empty when it may be used."""
    found: list[Fault] = []
    for part, rules in (("rules", book.rules), ("attainable", book.attainable)):
        for index, rule in enumerate(rules):
            found.extend(_rule_faults(book, rule, (part, index), whitelist, "award"))
    if book.review is not None:
        found.extend(_rule_faults(book, book.review, ("review",), whitelist, "review"))
    for index, circumstance in enumerate(book.circumstances):
        found.extend(_circumstance_faults(circumstance, ("circumstances", index), whitelist))
    found.extend(_scored_twice(book, whitelist))
    return tuple(found)


def overlaps(books: Iterable[RuleBook]) -> tuple[Fault, ...]:
    """Versions of one standard that would be in force from the same day, or bear the same name."""
    ordered = sorted(books, key=lambda book: (book.standard, book.effective.from_))
    return tuple(
        Fault(
            ("effective", "from"),
            f"《{later.title}》{later.version} 与 {earlier.version} 的生效期或版本号相同，请另定施行日期和版本号",
        )
        for earlier, later in pairwise(ordered)
        if earlier.standard == later.standard
        and (earlier.effective.from_ == later.effective.from_ or earlier.version == later.version)
    )


def _rule_faults(
    book: RuleBook, rule: Rule, place: tuple[str | int, ...], whitelist: Whitelist, use: Use
) -> Iterator[Fault]:
    for cap in rule.bounds:
        if longer(cap.per, book.period):
            reason = f"封顶期（{_SPANS[cap.per]}）长于考评周期（{_SPANS[book.period]}），请缩短封顶期"
            yield Fault((*place, "cap", "per"), reason)
    to = {(*place, "award", "to"): rule.award.to}
    if rule.award.mark is not None:
        to[*place, "award", "mark"] = rule.award.mark
    yield from _event_faults(rule.on, (*place, "on"), {**to, **_conditions(rule.where, place)}, whitelist, use)
    yield from _day_faults(rule.on, (*place, "day"), rule.day, whitelist)
    if rule.half_back is not None:
        back, there = rule.half_back, (*place, "half_back")
        yield from _event_faults(back.on, (*there, "on"), {**to, **_conditions(back.where, there)}, whitelist, use)
        yield from _day_faults(back.on, (*place, "day"), rule.day, whitelist)


def _circumstance_faults(
    circumstance: Circumstance, place: tuple[str | int, ...], whitelist: Whitelist
) -> Iterator[Fault]:
    for index, lasting in enumerate(circumstance.lasts):
        there = (*place, "lasts", index)
        fields = {(*place, "to"): circumstance.to, (*there, "from"): lasting.from_}
        if lasting.until is not None:
            fields[*there, "until"] = lasting.until
        conditions = _conditions(lasting.where, there)
        yield from _event_faults(lasting.on, (*there, "on"), {**fields, **conditions}, whitelist, "circumstance")


def _scored_twice(book: RuleBook, whitelist: Whitelist) -> Iterator[Fault]:
    """A fact scored beside the obligation it satisfies."""
    satisfying = {
        regulation: (rule.title, name)
        for rule in book.rules
        for name in rule.on
        for regulation in whitelist.satisfies.get(name, ())
    }
    for index, rule in enumerate(book.rules):
        for way in rule.ways():
            if not any(name.startswith(_OBLIGATION) for name in way.on):
                continue
            meant = way.where.get("regulation_id", tuple(satisfying))
            for regulation in meant:
                if regulation in satisfying:
                    title, name = satisfying[str(regulation)]
                    reason = (
                        f"应办事项 {regulation} 由事实 {name} 完成，规则“{title}”已对该事实计分；"
                        "事实与其完成的应办事项只能计一项，请删去其一"
                    )
                    yield Fault(("rules", index, "on"), reason)


def _conditions(where: Where, place: tuple[str | int, ...]) -> dict[tuple[str | int, ...], str]:
    return {(*place, "where", name): name for name in where}


def _event_faults(
    names: Iterable[str],
    place: tuple[str | int, ...],
    fields: Mapping[tuple[str | int, ...], str],
    whitelist: Whitelist,
    use: Use,
) -> Iterator[Fault]:
    for name in names:
        event = _event(name)
        if event is None:
            yield Fault(place, f"没有名为 {name} 的事件，请对照 docs/events.md 核对事件名和版本")
            continue
        if name not in whitelist.fields:
            yield Fault(place, f"事实 {name} 不在可计分清单内，不得计分")
            continue
        meant = whitelist.uses.get(name, "award")
        if meant != use:
            yield Fault(place, f"事实 {name} 只能用作{_USES[meant]}，不能用作{_USES[use]}，请改用其他事实")
            continue
        for there, looked_at in fields.items():
            if looked_at not in event.model_fields:
                yield Fault(there, f"事件 {name} 没有字段 {looked_at}")
            elif not whitelist.admits(name, looked_at):
                yield Fault(there, f"事件 {name} 的字段 {looked_at} 不在可计分清单内，不得作为计分依据")


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
