"""What every process is told by its environment; nothing else reads it. The table of settings is in deploy/local."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from shared.kernel.clock import Clock, SteeredClock, WallClock

_PREFIX = "XIANFENG_"


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
    log_level: str

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the `XIANFENG_` variables.

        Raises UnusableSetting for a port that is no number, or for a steered clock outside demo and test: nobody may
        bend time where real scores are kept.
        """
        variables = os.environ if environment is None else environment

        def told(name: str, default: str) -> str:
            return variables.get(_PREFIX + name) or default

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
            log_level=told("LOG_LEVEL", "info"),
        )
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
