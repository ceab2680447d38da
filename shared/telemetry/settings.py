"""What every process is told by its environment; nothing else reads it. The table of settings is in deploy/local."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from shared.kernel.clock import Clock, SteeredClock, WallClock

_PREFIX = "XIANFENG_"
_OTLP = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""Where traces go, by the name everybody knows; none: nowhere."""


class UnusableSetting(Exception):
    """A setting that cannot be: the process refuses to start and says which."""


@dataclass(frozen=True, slots=True)
class PlatformSettings:
    """The settings all services share; a service's own settings extend this."""

    mongodb_url: str
    mongodb_prefix: str
    kafka_bootstrap: str
    data_dir: Path
    host: str
    port: int
    clock_mode: str
    demo: bool
    test: bool
    issuer: str
    audience: str
    jwks_url: str
    claims: Path | None
    tls_certificate: Path | None
    tls_key: Path | None
    tls_ca: Path | None
    log_level: str
    otlp_endpoint: str
    traces_share: float

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the `XIANFENG_` variables, and where traces go by its usual name.

        Raises UnusableSetting for a port that is no number, a certificate without its key, or a steered clock outside
        demo and test: nobody may bend time where real scores are kept.
        """
        variables = os.environ if environment is None else environment

        def told(name: str, default: str) -> str:
            return variables.get(_PREFIX + name) or default

        def file(name: str) -> Path | None:
            return Path(given) if (given := told(name, "")) else None

        port = told("PORT", "8000")
        if not port.isdigit():
            raise UnusableSetting(f"{_PREFIX}PORT must be a number, not {port!r}")
        settings = cls(
            mongodb_url=told("MONGODB_URL", "mongodb://127.0.0.1:18100/?directConnection=true"),
            mongodb_prefix=told("MONGODB_PREFIX", "xianfeng_"),
            kafka_bootstrap=told("KAFKA_BOOTSTRAP", "127.0.0.1:18101"),
            data_dir=Path(told("DATA_DIR", ".data")),
            host=told("HOST", "127.0.0.1"),
            port=int(port),
            clock_mode=told("CLOCK", "wall"),
            demo=told("DEMO", "off") == "on",
            test=told("TEST", "off") == "on",
            issuer=told("ISSUER", "http://127.0.0.1:8080/api/identity"),
            audience=told("AUDIENCE", "xianfeng"),
            jwks_url=told("JWKS_URL", "http://127.0.0.1:18110/api/identity/jwks"),
            claims=file("CLAIMS"),
            tls_certificate=file("TLS_CERTIFICATE"),
            tls_key=file("TLS_KEY"),
            tls_ca=file("TLS_CA"),
            log_level=told("LOG_LEVEL", "info"),
            otlp_endpoint=variables.get(_OTLP) or "",
            traces_share=_share(told("TRACES_SHARE", "1")),
        )
        if settings.otlp_endpoint and not settings.otlp_endpoint.startswith(("http://", "https://")):
            raise UnusableSetting(f"{_OTLP} must begin with http:// or https://")
        if (settings.tls_certificate is None) != (settings.tls_key is None):
            raise UnusableSetting(f"{_PREFIX}TLS_CERTIFICATE and {_PREFIX}TLS_KEY go together")
        if settings.clock_mode not in {"wall", "steered"}:
            raise UnusableSetting(f"{_PREFIX}CLOCK must be wall or steered, not {settings.clock_mode!r}")
        if settings.clock_mode == "steered" and not (settings.demo or settings.test):
            raise UnusableSetting(f"{_PREFIX}CLOCK=steered needs {_PREFIX}DEMO=on or {_PREFIX}TEST=on")
        return settings

    def clock(self) -> Clock:
        """The business clock these settings ask for."""
        return SteeredClock(self.data_dir) if self.clock_mode == "steered" else WallClock()

    def database(self, service: str) -> str:
        """The name of a service's database."""
        return f"{self.mongodb_prefix}{service}"


def _share(text: str) -> float:
    """A number from 0 to 1; raises UnusableSetting."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise UnusableSetting(f"{_PREFIX}TRACES_SHARE must be a number from 0 to 1, not {text!r}")
    return share
