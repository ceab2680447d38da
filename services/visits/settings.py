"""What the visits service is told: nothing beyond what every process is told."""

from shared.telemetry.settings import PlatformSettings

SERVICE = "visits"
TITLE = "先锋 · 调研走访"

__all__ = ["SERVICE", "TITLE", "PlatformSettings"]
