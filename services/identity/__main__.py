"""`python -m services.identity api` serves; `python -m services.identity new-key` makes the next signing key."""

import asyncio
import sys

from services.identity import bootstrap
from services.identity.settings import SERVICE, Settings
from shared.telemetry.settings import UnusableSetting
from shared.web.running import run_api


def main(arguments: list[str]) -> int:
    """Do what the one argument names; 64 (EX_USAGE) when it names nothing, 78 (EX_CONFIG) for an unusable setting."""
    try:
        settings = Settings.read()
        match arguments:
            case ["api"]:
                asyncio.run(bootstrap.prepare(settings))
                run_api(bootstrap.api(settings), SERVICE, settings.platform)
            case ["new-key"]:
                sys.stdout.write(f"{asyncio.run(bootstrap.keys(settings).add())}\n")
            case _:
                sys.stderr.write(f"{__doc__}\n")
                return 64
    except UnusableSetting as problem:
        sys.stderr.write(f"{problem}\n")
        return 78
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
