"""What the members service is told: nothing beyond what every process is told."""

from shared.telemetry.settings import PlatformSettings

SERVICE = "members"
TITLE = "先锋 · 组织与党员"

__all__ = ["SERVICE", "TITLE", "PlatformSettings"]
