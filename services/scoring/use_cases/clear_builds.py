"""Clear away the results of builds nobody can see or go back to."""

from services.scoring.use_cases.build_ports import BuildPorts


async def clear_builds(ports: BuildPorts) -> list[str]:
    """Remove results and comparisons under names that no build has, or one that was given up; returns those names.

    The names are listed first: a build is registered before anything is written under its name, so one that is under
    way is known by then, and no name is ever given twice. Whoever still writes for a build that is gone is cleared
    away the next time.
    """
    written = {*await ports.results.names(), *await ports.comparisons.names()}
    needed = {build.id for build in await ports.builds.all() if build.state != "failed"}
    gone = sorted(written - needed) if needed else []
    for name in gone:
        await ports.comparisons.drop(name)
        await ports.results.drop(name)
    return gone
