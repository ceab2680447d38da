"""`python -m deploy.containers.ready`: the health check of an image; 0 when the process of this container is ready."""

import http.client
import sys

from shared.telemetry.settings import PlatformSettings

PATH = "/readyz"
_SECONDS = 3.0
_WITHIN_THE_CONTAINER = "127.0.0.1"


def main() -> int:
    """Ask the process on its own port; what it says is missing goes into the health log of the container."""
    connection = http.client.HTTPConnection(_WITHIN_THE_CONTAINER, PlatformSettings.read().port, timeout=_SECONDS)
    try:
        connection.request("GET", PATH)
        answer = connection.getresponse()
        sys.stdout.write(answer.read().decode(errors="replace") + "\n")
    except (OSError, http.client.HTTPException) as problem:
        sys.stdout.write(f"{problem}\n")
        return 1
    finally:
        connection.close()
    return 0 if answer.status == http.client.OK else 1


if __name__ == "__main__":
    sys.exit(main())
