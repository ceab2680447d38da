"""Switch to a build that is ready: people see it from that moment on."""

from services.scoring.use_cases.build_ports import BuildPorts


async def switch_build(build_id: str, ports: BuildPorts) -> bool:
    """Show the build, once what it changes was compared with the live one; the former one is kept to go back to."""
    live, build = await ports.builds.live(), await ports.builds.find(build_id)
    if ports.compare is not None and live is not None and build is not None:
        await ports.compare(live, build)
    return await ports.builds.switch(build_id)
