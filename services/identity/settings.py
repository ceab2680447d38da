"""What identity is told by its environment, beside what every service is told."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from shared.telemetry.settings import PlatformSettings

SERVICE = "identity"
TITLE = "先锋 · 账号与登录"


@dataclass(frozen=True, slots=True)
class Settings:
    """`admin_password` (XIANFENG_ADMIN_PASSWORD) is for the first start, and for who lost the password of `admin`."""

    platform: PlatformSettings
    admin_password: str | None

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the `XIANFENG_` variables; raises UnusableSetting."""
        variables = os.environ if environment is None else environment
        return cls(PlatformSettings.read(variables), variables.get("XIANFENG_ADMIN_PASSWORD") or None)
