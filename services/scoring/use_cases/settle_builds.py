"""See to it that the rule books that are shipped and published are being shown, or built."""

from services.scoring.domain.build import Build, books_together
from services.scoring.domain.generation import Generation
from services.scoring.use_cases.build_ports import BuildPorts


async def settle_builds(ports: BuildPorts) -> Build:
    """The live build; the first where there is none, and a new one begun where the books are others than last asked.

    Books are asked for once: after somebody went back from them, or gave their build up, they are not begun again by
    themselves; the next publication asks anew. Saying it twice, or by several workers, is saying it once.
    """
    wanted = await wanted_generation(ports)
    live = await ports.builds.first(wanted, ports.clock.now())
    await ports.builds.begin(
        wanted, "shipped" if wanted.books == ports.shipped.books else "published", ports.clock.now()
    )
    return live


async def wanted_generation(ports: BuildPorts) -> Generation:
    """What the books shipped and published make together, each version once."""
    return Generation(books_together(ports.shipped.books, await ports.published.published()))


async def asked_and_given_up(ports: BuildPorts) -> Build | None:
    """The build of the books asked for last, if it was given up and none of them is there: they never come into force.

    Nobody begins them again by himself; who mended the cause asks with `switch` for the build that was given up.
    """
    asked = await ports.builds.asked()
    of_those = [build for build in await ports.builds.all() if build.generation.id == asked]
    return of_those[-1] if of_those and all(build.state == "failed" for build in of_those) else None
