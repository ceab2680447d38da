"""What the scoring service is told: nothing beyond what every process is told."""

from shared.telemetry.settings import PlatformSettings

SERVICE = "scoring"
TITLE = "先锋 · 得分"
TOPICS = ("members.events", "visits.events", "duties.events", "notifications.events", "scoring.events")
"""Where the facts that score, and those that say who is scored, are read."""

__all__ = ["SERVICE", "TITLE", "TOPICS", "PlatformSettings"]
