"""Compare a build that is ready with the live one: who moves and by which rules, in the periods that run now."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

from services.scoring.domain.build import Build
from services.scoring.domain.build_comparison import BuildComparison, CountyComparison, asked_of, periods_compared
from services.scoring.domain.comparison import Comparing, Comparison, Tried
from services.scoring.domain.periods import Asked
from services.scoring.domain.score import Score
from services.scoring.domain.subject import Subject
from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.directory_ports import Listing
from services.scoring.use_cases.ports import Ports
from services.scoring.use_cases.read_score import list_subjects
from services.scoring.use_cases.reckon_scores import reckon_scores
from shared.events.scoring import Standard
from shared.kernel.calendar import Period
from shared.kernel.clock import to_milliseconds
from shared.kernel.errors import DomainError

_PAGE = 200
_STANDARDS: tuple[Standard, ...] = ("branch", "cadre", "member")
Subjects = Mapping[str, Subject]
Scores = Mapping[str, Score]


class _Side:
    """One build and a period as it scores it; None where it scores none of it."""

    def __init__(self, own: Ports, standard: Standard, period: Period) -> None:
        self.own, self.standard = own, standard
        self.asked: Asked | None = asked_of(own.generation, standard, period)

    async def page(self, county_id: str, after: str | None) -> Sequence[Subject]:
        """Whom it scores in the county, by id, so many after one of them."""
        if self.asked is None:
            return []
        applies_to = self.asked.parts[-1][1].applies_to
        listing = Listing(applies_to, frozenset({county_id}), self.asked.period, _PAGE, after)
        return await list_subjects(self.standard, self.own.directory, listing)

    async def scores(self, subjects: Sequence[Subject]) -> Scores:
        """Their scores, as anybody reads them: what is sealed stands as it was sealed."""
        if self.asked is None or not subjects:
            return {}
        return {each.subject.id: each.score for each in await reckon_scores(subjects, self.asked, self.own)}


async def compare_builds(build_id: str, ports: BuildPorts) -> BuildComparison | None:
    """Reckon what the build changes and keep it; gives what is kept, None where there is nothing to compare.

    The periods are those that run now and the last ones, of every standard, county by county and page by page, so that
    of fifty thousand members no more than a page and the largest movers are in memory. Doing it again changes nothing.
    What is refused is kept as the reason why there is no comparison: it holds up no switch. Raises Unavailable, after
    which it is tried again.
    """
    live, build = await ports.builds.live(), await ports.builds.find(build_id)
    if live is None or build is None or build.state != "ready":
        return None
    found = await ports.comparisons.find(build_id)
    if found is not None and found.is_of(build):
        return found
    made = _begun(build, live, ports)
    try:
        made = made.with_parts([each async for each in _parts(live, build, ports)])
    except DomainError as refusal:
        made = made.unavailable(str(refusal))
    await ports.comparisons.keep(made)
    return made


async def comparison_of(build: Build, ports: BuildPorts) -> BuildComparison | None:
    """What the build changes, as it was asked for last, without those who move; None while that is not kept."""
    return next((each for each in await ports.comparisons.all() if each.is_of(build)), None)


async def leave_uncompared(build: Build, reason: str, ports: BuildPorts) -> None:
    """Keep why there is no comparison; changes nothing where there is one already."""
    live = await ports.builds.live()
    if live is not None and await comparison_of(build, ports) is None:
        await ports.comparisons.keep(_begun(build, live, ports).unavailable(reason))


def _begun(build: Build, live: Build, ports: BuildPorts) -> BuildComparison:
    return BuildComparison.of(build, live, to_milliseconds(ports.clock.now()))


async def _parts(live: Build, build: Build, ports: BuildPorts) -> AsyncIterator[CountyComparison]:
    owns = ports.ports_of(live), ports.ports_of(build)
    for county_id in await ports.directory.counties():
        for standard in _STANDARDS:
            yield CountyComparison(county_id, standard, await _compared(county_id, standard, owns, ports))


async def _compared(county_id: str, standard: Standard, owns: tuple[Ports, Ports], ports: BuildPorts) -> Comparison:
    generations = [own.generation for own in owns]
    periods = periods_compared(generations, standard, ports.clock.today())
    sided = [(period, (_Side(owns[0], standard, period), _Side(owns[1], standard, period))) for period in periods]
    scored = [(period, sides) for period, sides in sided if any(side.asked is not None for side in sides)]
    comparing = Comparing([period.name for period, _ in scored])
    for period, sides in scored:
        async for page in _pages(county_id, sides):
            for tried in await _tried(period, sides, page):
                comparing.count(tried)
    return comparing.result()


async def _pages(county_id: str, sides: tuple[_Side, _Side]) -> AsyncIterator[tuple[Subjects, Subjects]]:
    """Whom either side scores, some at a time: both as far as the one that got less far."""
    after: str | None = None
    while True:
        before_page, after_page = [await side.page(county_id, after) for side in sides]
        ends = [page[-1].id for page in (before_page, after_page) if len(page) == _PAGE]
        end = min(ends, default=None)
        yield _until(end, before_page), _until(end, after_page)
        if end is None:
            return
        after = end


def _until(end: str | None, page: Sequence[Subject]) -> Subjects:
    return {subject.id: subject for subject in page if end is None or subject.id <= end}


async def _tried(period: Period, sides: tuple[_Side, _Side], page: tuple[Subjects, Subjects]) -> Iterator[Tried]:
    """The page reckoned under both; who differs is reckoned once more.

    Facts go on coming, and the live build has each a moment before the other: most such differences are gone then.
    """
    found = await _both(period, sides, page, page[0].keys() | page[1].keys())
    moved = {name for name, tried in found.items() if tried.is_moved}
    found |= await _both(period, sides, page, moved)
    return (found[name] for name in sorted(found))


async def _both(
    period: Period, sides: tuple[_Side, _Side], page: tuple[Subjects, Subjects], names: set[str]
) -> dict[str, Tried]:
    before, after = [
        await side.scores([subjects[name] for name in sorted(names) if name in subjects])
        for side, subjects in zip(sides, page, strict=True)
    ]
    return {name: Tried(name, period.name, before.get(name), after.get(name)) for name in names}
