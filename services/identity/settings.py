"""What identity is told by its environment, beside what every service is told."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from services.identity.domain.audit import AUDIT_DAYS, LEAST_DAYS
from shared.telemetry.settings import PlatformSettings, UnusableSetting

SERVICE = "identity"
TITLE = "先锋 · 账号与登录"
_MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class Settings:
    """`admin_password` (XIANFENG_ADMIN_PASSWORD) is for the first start, and for who lost the password of `admin`.

    `audit_days` (XIANFENG_AUDIT_DAYS) says how long the audit log is kept.
    """

    platform: PlatformSettings
    admin_password: str | None
    audit_days: int

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the `XIANFENG_` variables; raises UnusableSetting."""
        variables = os.environ if environment is None else environment
        days = variables.get("XIANFENG_AUDIT_DAYS") or str(AUDIT_DAYS)
        if not days.isdecimal() or not LEAST_DAYS <= int(days) <= _MOST_DAYS:
            raise UnusableSetting(f"XIANFENG_AUDIT_DAYS must be {LEAST_DAYS} to {_MOST_DAYS}, not {days!r}")
        return cls(PlatformSettings.read(variables), variables.get("XIANFENG_ADMIN_PASSWORD") or None, int(days))
