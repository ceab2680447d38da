"""`python -m deploy.containers.ready`: the health check of an image; 0 when the process of this container is ready."""

import http.client
import ssl
import sys

from shared.telemetry.settings import PlatformSettings

PATH = "/readyz"
_SECONDS = 3.0
_WITHIN_THE_CONTAINER = "127.0.0.1"


def main() -> int:
    """Ask the process on its own port; what it says is missing goes into the health log of the container."""
    connection = _connection(PlatformSettings.read())
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


def _connection(settings: PlatformSettings) -> http.client.HTTPConnection:
    """By TLS where the process speaks it; its certificate names the container, not this address."""
    if settings.tls_certificate is None:
        return http.client.HTTPConnection(_WITHIN_THE_CONTAINER, settings.port, timeout=_SECONDS)
    trusted = ssl.create_default_context(cafile=settings.tls_ca)
    trusted.check_hostname = False
    return http.client.HTTPSConnection(_WITHIN_THE_CONTAINER, settings.port, timeout=_SECONDS, context=trusted)


if __name__ == "__main__":
    sys.exit(main())
