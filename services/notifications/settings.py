"""What the notifications service is told: nothing beyond what every process is told."""

from shared.telemetry.settings import PlatformSettings

SERVICE = "notifications"
TITLE = "先锋 · 应办事项"

__all__ = ["SERVICE", "TITLE", "PlatformSettings"]
