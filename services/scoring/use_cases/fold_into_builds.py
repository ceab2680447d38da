"""Fold facts into every build that takes new facts: the live one, and what is built beside it."""

from collections.abc import Callable, Sequence

from services.scoring.domain.build import Build
from services.scoring.use_cases.build_ports import Builds
from services.scoring.use_cases.fold_facts import fold_facts
from services.scoring.use_cases.ports import Ports
from shared.events.base import Event, Fact
from shared.kernel.errors import Unavailable


async def fold_into_builds(facts: Sequence[Fact[Event]], builds: Builds, ports_of: Callable[[Build], Ports]) -> None:
    """Make the facts' effect durable in each build; whoever took them acknowledges them only after that.

    Why no build misses a fact. A worker (1) takes messages from the log, (2) asks which builds there are, (3) folds
    into each of them. A builder (a) registers its build, (b) asks where the log ends, (c) reads everything before that.
    Both (2) and (a) are writes to one document that a majority confirms, so one of them is first. If (a) is, the worker
    knows the build and folds into it itself. If (2) is, then so is (1): its messages were in the log before the builder
    asked for the end, hence lie below it, and the builder reads them. Nothing is said of how long a worker rests
    between two steps: one that is frozen there for an hour is covered as well. Both may write the same entry, which is
    writing it once (ADR 19).
    Raises Unavailable while nothing is live yet: nobody may acknowledge what went nowhere.
    """
    found = await builds.folded()
    if not any(build.state == "live" for build in found):
        raise Unavailable("a live build")
    for build in found:
        await fold_facts(facts, ports_of(build))
