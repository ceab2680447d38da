"""Switch to a build that is ready: people see it from that moment on."""

from services.scoring.use_cases.build_ports import BuildPorts
from services.scoring.use_cases.compare_builds import compare_builds


async def switch_build(build_id: str, ports: BuildPorts) -> bool:
    """Show the build, once what it changes was compared with the live one; the former one is kept to go back to.

    The builder has that done beforehand in a process of its own; here it is made sure of. Raises Unavailable.
    """
    await compare_builds(build_id, ports)
    return await ports.builds.switch(build_id)
