"""Verify the scores: fold all facts again in memory and compare with what people see."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, fields

from services.scoring.domain.awards import Award, AwardId, CardKey
from services.scoring.domain.build import Build
from services.scoring.domain.card import Card, Day, Total, correction_of, totals
from services.scoring.domain.seal import postings
from services.scoring.use_cases.build_ports import BuildPorts, BulkLedger
from services.scoring.use_cases.correct_sealed import known_of
from services.scoring.use_cases.known_of_sealed import known_of_sealed
from services.scoring.use_cases.log_ports import Offsets
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.read_share import types_that_score

_CARDS_AT_ONCE = 200
_LOOKS = 10
_LOOK_SECONDS = 0.5
"""So often a card that differs is looked at again: a worker may be between ledger and card just then."""
Tell = Callable[[str], None]


class Differs(Exception):
    """The first thing that is not what the facts say; the sentence names card, rule, day, entry and what differs."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Everything is what the facts say."""

    build: Build
    facts: int
    entries: int
    cards: int


@dataclass(slots=True)
class _Kept:
    """What the ledger holds: each entry's digest until the facts have explained it."""

    digests: dict[AwardId, int | None] = field(default_factory=dict)
    differing: dict[AwardId, Award] = field(default_factory=dict)


async def verify_scores(ports: BuildPorts, tell: Tell, pause: Callable[[float], Awaitable[None]]) -> Verified:
    """Compare ledger and cards of the live build with what its facts give, entry by entry.

    With O1 before the ledger is read (acknowledged by the live fold) and O2 after (the log's end): what the facts
    before O1 give is in the ledger, and what is in the ledger comes from facts before O2, though facts go on coming.
    Where two facts give an entry of the same id (two corrections that take back one award), either may have been
    first. In memory there is a number for each entry, no more. Raises Differs, NothingLive, Unavailable.
    """
    build = await ports.builds.live()
    if build is None:
        raise Differs("还没有启用的得分版本，请先启动 scoring-worker 再试")
    acknowledged = await ports.log.acknowledged()
    tell(f"得分版本 {build.id}：读取积分台账与得分表")
    cards = _Cards(ports.ports_of(build), pause, await _corrected(build, ports))
    kept = await _read(ports.bulk_of(build), cards)
    ends = await ports.log.ends()
    tell(f"积分台账 {len(kept.digests)} 条、得分表 {len(cards.seen)} 张已读，现按事件重新计算")
    facts = await _refolded(build, kept, acknowledged, ends, ports)
    await _require_explained(build, kept, ports)
    await cards.require_equal()
    return Verified(build, facts, len(kept.digests), len(cards.seen))


async def _read(bulk: BulkLedger, cards: "_Cards") -> _Kept:
    """Read the ledger card by card; each card is to say what its entries do."""
    kept = _Kept()
    async for entries in bulk.entries():
        kept.digests.update((entry.id, _digest(entry)) for entry in entries)
        await cards.expect(entries[0].card, totals(entries)[entries[0].card])
    async for key in bulk.cards():
        if key not in cards.seen:
            await cards.expect(key, {})
    await cards.compare()
    return kept


async def _corrected(build: Build, ports: BuildPorts) -> dict[CardKey, Mapping[Day, Total]]:
    """What corrections the cards must show, by card."""
    found: dict[CardKey, Mapping[Day, Total]] = {}
    async for page in known_of_sealed(ports.seals, ports.bulk_of(build), ports.ports_of(build)):
        for known in page.values():
            found.update(postings(known, build.generation))
    return found


@dataclass(slots=True)
class _Cards:
    """Compares the cards with what they should say, many at a time; those that differ are looked at again at the end.

    A worker writes entries first and the card after; and an entry that differs says more than its card.
    """

    own: Ports
    pause: Callable[[float], Awaitable[None]]
    corrected: Mapping[CardKey, Mapping[Day, Total]]
    seen: set[CardKey] = field(default_factory=set)
    waiting: dict[CardKey, Mapping[Day, Total]] = field(default_factory=dict)
    doubtful: list[CardKey] = field(default_factory=list)

    async def expect(self, key: CardKey, days: Mapping[Day, Total]) -> None:
        """The card is to have these days, and its corrections."""
        self.seen.add(key)
        self.waiting[key] = days
        if len(self.waiting) == _CARDS_AT_ONCE:
            await self.compare()

    async def compare(self) -> None:
        """Look at the cards that wait for it."""
        waiting, self.waiting = self.waiting, {}
        cards = await self.own.cards.get(waiting.keys())
        for key, days in waiting.items():
            if _first_difference(cards[key], days, self.corrected.get(key, {})) is not None:
                self.doubtful.append(key)

    async def require_equal(self) -> None:
        """What differed and still does after a while is wrong; raises Differs."""
        for key in self.doubtful:
            if (told := await self._differs_still(key)) is not None:
                raise Differs(told)

    async def _differs_still(self, key: CardKey) -> str | None:
        told = ""
        for _ in range(_LOOKS):
            days = totals(await self.own.ledger.entries(key)).get(key, {})
            known = await known_of((key.standard, key.subject_id), self.own)
            corrected = postings(known, self.own.generation).get(key, {})
            card = (await self.own.cards.get([key]))[key]
            difference = _first_difference(card, days, corrected)
            if difference is None:
                return None
            day, meant, there = difference
            told = f"{day.rule_id}，{day.on}：台账合计 {_total(meant)}，得分表为 {_total(there)}"
            await self.pause(_LOOK_SECONDS)
        return f"得分表 {_named(key)}，条目 {told}"


def _first_difference(
    card: Card, days: Mapping[Day, Total], corrected: Mapping[Day, Total]
) -> tuple[Day, Total | None, Total | None] | None:
    """The first day that differs; of a correction its count is none of anybody's business, it only orders writers."""
    meant = {**days, **corrected}
    for day in sorted(meant.keys() | card.totals.keys()):
        wanted, there = meant.get(day), card.totals.get(day)
        if wanted == there:
            continue
        if correction_of(day) is not None and _worth(wanted) == _worth(there):
            continue
        return day, wanted, there
    return None


def _worth(total: Total | None) -> tuple[int, int]:
    return (0, 0) if total is None else (total.points, total.standing)


async def _refolded(build: Build, kept: _Kept, acknowledged: Offsets, ends: Offsets, ports: BuildPorts) -> int:
    """Strike out what the facts explain; what is acknowledged must be there. Returns how many facts there were."""
    types, awards = types_that_score(build.generation), build.generation.awards
    facts = 0
    known = {place: max(0, min(offset, ends.get(place, 0))) for place, offset in acknowledged.items()}
    parts = ((known, None, True), (ends, known, False))
    for until, since, required in parts:
        async with aclosing(ports.log.facts(until, types, since)) as batches:
            async for batch in batches:
                facts += len(batch)
                for fact in batch:
                    for entry in awards(fact):
                        _strike_out(entry, kept, required=required)
    return facts


def _strike_out(entry: Award, kept: _Kept, *, required: bool) -> None:
    digests = kept.digests
    if entry.id not in digests:
        if required:
            raise Differs(f"积分台账缺少一条：{_entry(entry)}")
        return
    digest = digests[entry.id]
    if digest is None:
        return
    if digest == _digest(entry):
        digests[entry.id] = None
        kept.differing.pop(entry.id, None)
    else:
        kept.differing[entry.id] = entry


async def _require_explained(build: Build, kept: _Kept, ports: BuildPorts) -> None:
    unexplained = {award_id for award_id, digest in kept.digests.items() if digest is not None}
    if not unexplained:
        return
    async for entries in ports.bulk_of(build).entries():
        for there in entries:
            if there.id not in unexplained:
                continue
            meant = kept.differing.get(there.id)
            if meant is None:
                raise Differs(f"积分台账多出一条，没有事件可以说明：{_entry(there)}")
            raise Differs(f"积分台账有一条与事件不符：{_entry(there)}；{'；'.join(_what_differs(meant, there))}")
    raise Differs(f"积分台账有 {len(unexplained)} 条在核对期间消失，例如 {min(unexplained)}")


def _digest(entry: Award) -> int:
    """All fields as one number; the points as text too, because -1 and -2 have one hash."""
    return hash((entry, str(entry.points)))


def _what_differs(meant: Award, there: Award) -> Iterator[str]:
    for each in fields(Award):
        wanted, found = getattr(meant, each.name), getattr(there, each.name)
        if wanted != found:
            yield f"{each.name} 应为 {wanted}，实为 {found}"


def _entry(entry: Award) -> str:
    return f"得分表 {_named(entry.card)}，条目 {entry.rule_id}，{entry.day}，记录 {entry.id}（事件 {entry.event_id}）"


def _named(key: CardKey) -> str:
    return f"{key.standard}/{key.subject_id}/{key.period}"


def _total(total: Total | None) -> str:
    return "无" if total is None else f"{total.entries} 条、有效 {total.standing} 条、{total.points / 100:.2f} 分"
