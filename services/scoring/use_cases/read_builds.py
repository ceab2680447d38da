"""Read about builds: which there are, and what each changed against the one people saw before."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.scoring.domain.build import Build
from services.scoring.domain.build_comparison import BuildComparison
from services.scoring.domain.build_refusals import BuildUnknown
from services.scoring.use_cases.build_ports import BuildsOnRecord
from services.scoring.use_cases.require_draft import PUBLISHERS
from shared.kernel.access import Caller, OrganisationPath


@dataclass(frozen=True, slots=True)
class ComparedBuild:
    """A build, and what it changed; None where it was compared with nothing (yet)."""

    build: Build
    comparison: BuildComparison | None


async def list_builds(by: Caller, ports: BuildsOnRecord) -> Sequence[ComparedBuild]:
    """All builds, the last asked for first, without those who move; of the comparisons the reader's own counties."""
    compared = {comparison.build_id: comparison for comparison in await ports.comparisons.all()}
    builds = sorted(await ports.builds.all(), key=lambda build: build.asked_at, reverse=True)
    return [_shown(build, compared.get(build.id), by) for build in builds]


async def read_build(build_id: str, by: Caller, ports: BuildsOnRecord) -> ComparedBuild:
    """One build with those who move in the reader's own counties. Raises BuildUnknown."""
    build = await ports.builds.find(build_id)
    if build is None:
        raise BuildUnknown(build=build_id)
    return _shown(build, await ports.comparisons.find(build_id), by)


def _shown(build: Build, comparison: BuildComparison | None, by: Caller) -> ComparedBuild:
    """One that a former asking left behind is not shown; nor is what another county may not see of anybody."""
    if comparison is None or not comparison.is_of(build):
        return ComparedBuild(build, None)
    own = (part for part in comparison.parts if by.may(PUBLISHERS, OrganisationPath((part.county_id,))))
    return ComparedBuild(build, comparison.with_parts(own))
