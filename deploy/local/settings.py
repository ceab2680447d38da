"""What the local stack reads from its environment: every name starts with `XIANFENG_`, the table is in README.md."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "XIANFENG_"

# Above the privileged ports, and low enough that every inner port (base + 61) is still a port.
LOWEST_PORT, HIGHEST_PORT = 1024, 65000


class SettingRefused(Exception):
    """A setting cannot be used; the sentence names it and says what to write instead."""

    def __init__(self, name: str, value: str, advice: str) -> None:
        """Keep the sentence only: it is what the person reads."""
        super().__init__(f"{PREFIX}{name}={value!r} 不能用：{advice}")


@dataclass(frozen=True, slots=True)
class Settings:
    """One local stack: where it stands, which ports it takes, what it uses that somebody else runs."""

    data_dir: Path = ROOT / ".data"
    cache_dir: Path = ROOT / ".cache"
    port_base: int = 18100
    gateway_port: int = 8080
    mongodb_url: str | None = None
    kafka_bootstrap: str | None = None
    mongodb_prefix: str = "xianfeng_"
    admin_password: str | None = None
    demo: bool = True
    test: bool = False
    clock: str = "steered"
    issuer: str | None = None
    audience: str = "xianfeng"
    jwks_url: str | None = None
    gateway_certificate: Path | None = None
    gateway_key: Path | None = None
    tls_ca: Path | None = None
    log_level: str = "info"
    rate_per_minute: int = 1200
    token_rate_per_minute: int = 120
    cors_origins: tuple[str, ...] = ()
    ready_seconds: int = 180
    prometheus: str | None = None
    inherited: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings, or refuse the first one that makes no sense."""
        given = os.environ if environment is None else environment
        read = _Reader(given)
        demo, test = read.switch("DEMO", default=True), read.switch("TEST", default=False)
        clock = read.choice("CLOCK", ("wall", "steered"), "steered" if demo or test else "wall")
        if clock == "steered" and not (demo or test):
            raise SettingRefused(
                "CLOCK", clock, f"真实数据不能拨动时钟；演示请同时设 {PREFIX}DEMO=on，否则请去掉这一项。"
            )
        certificate, key = read.file("GATEWAY_CERTIFICATE"), read.file("GATEWAY_KEY")
        if (certificate is None) != (key is None):
            raise SettingRefused("GATEWAY_KEY", str(key or ""), f"请与 {PREFIX}GATEWAY_CERTIFICATE 一起填写。")
        return cls(
            data_dir=read.folder("DATA_DIR", ROOT / ".data"),
            cache_dir=read.folder("CACHE_DIR", ROOT / ".cache"),
            port_base=read.number("PORT_BASE", 18100, LOWEST_PORT, HIGHEST_PORT),
            gateway_port=read.number("GATEWAY_PORT", 8080, LOWEST_PORT, 65535),
            mongodb_url=read.text("MONGODB_URL"),
            kafka_bootstrap=read.text("KAFKA_BOOTSTRAP"),
            mongodb_prefix=read.text("MONGODB_PREFIX") or "xianfeng_",
            admin_password=read.text("ADMIN_PASSWORD"),
            demo=demo,
            test=test,
            clock=clock,
            issuer=read.text("ISSUER"),
            audience=read.text("AUDIENCE") or "xianfeng",
            jwks_url=read.text("JWKS_URL"),
            gateway_certificate=certificate,
            gateway_key=key,
            tls_ca=read.file("TLS_CA"),
            log_level=read.choice("LOG_LEVEL", ("debug", "info", "warning", "error"), "info"),
            rate_per_minute=read.number("RATE_PER_MINUTE", 1200, 1, 1_000_000),
            token_rate_per_minute=read.number("TOKEN_RATE_PER_MINUTE", 120, 1, 1_000_000),
            cors_origins=tuple((read.text("CORS_ORIGINS") or "").replace(",", " ").split()),
            ready_seconds=read.number("READY_SECONDS", 180, 1, 3600),
            prometheus=read.text("PROMETHEUS"),
            inherited=dict(given),
        )

    @classmethod
    def for_tests(cls, settings: Mapping[str, str]) -> Self:
        """Read these settings and none of the calling process, but keep the rest of its environment (PATH, HOME)."""
        bare = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return cls.from_environment({**bare, **settings})

    @property
    def own_mongodb(self) -> bool:
        """Whether we start MongoDB; one that is named by address is used and never touched."""
        return self.mongodb_url is None

    @property
    def own_kafka(self) -> bool:
        """Whether we start Kafka; one that is named by address is used and never touched."""
        return self.kafka_bootstrap is None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Read one value each, refusing in a sentence."""

    given: Mapping[str, str]

    def text(self, name: str) -> str | None:
        """Read a text; an empty one counts as not set."""
        return self.given.get(PREFIX + name, "").strip() or None

    def folder(self, name: str, default: Path) -> Path:
        """Read a folder, relative ones from where the command runs."""
        value = self.text(name)
        return Path(value).expanduser().resolve() if value else default

    def file(self, name: str) -> Path | None:
        """Read the path of a file; whoever opens it says when it is not there.

        A link stays one: who renews a certificate changes where it leads.
        """
        value = self.text(name)
        return Path(value).expanduser().absolute() if value else None

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """Read a whole number inside its bounds."""
        value = self.text(name)
        if value is None:
            return default
        if not value.isdecimal() or not lowest <= int(value) <= highest:
            raise SettingRefused(name, value, f"请填 {lowest}–{highest} 之间的整数。")
        return int(value)

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """Read one of a few words."""
        value = (self.text(name) or default).lower()
        if value not in allowed:
            raise SettingRefused(name, value, f"请填 {'、'.join(allowed)} 之一。")
        return value

    def switch(self, name: str, *, default: bool) -> bool:
        """Read on or off."""
        return self.choice(name, ("on", "off"), "on" if default else "off") == "on"
