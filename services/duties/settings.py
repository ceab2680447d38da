"""What the duties service is told: nothing beyond what every process is told."""

from shared.telemetry.settings import PlatformSettings

SERVICE = "duties"
TITLE = "先锋 · 责任落实"

__all__ = ["SERVICE", "TITLE", "PlatformSettings"]
