"""Every metric of the platform, declared once with a sentence; docs/operations/metrics.md is held to this file.

No ids as labels. HTTP follows the OpenTelemetry names.
"""

from prometheus_client import Counter, Gauge, Histogram

_FAST = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0)
"""0.3 s and 5 s are promised (deploy/prometheus/rules/slo.yml): a promise is counted at a bound, never between two."""

HTTP_SECONDS = Histogram(
    "http_server_request_duration_seconds",
    "How long a request took, by route and status: rate, errors and duration in one.",
    ["http_request_method", "http_route", "http_response_status_code"],
    buckets=_FAST,
)
PART_MISSING = Gauge(
    "xianfeng_part_missing_info", "1 while `/readyz` says that this part of the process is missing something.", ["part"]
)
DISK_FREE = Gauge("xianfeng_data_disk_free_bytes", "What is left on the disk of the data folder.")
OUTBOX_PENDING = Gauge("xianfeng_outbox_pending_events", "Facts recorded and not yet published.")
OUTBOX_PARKED = Gauge("xianfeng_outbox_parked_events", "Facts the broker refused; their aggregates wait for a person.")
FACTS_PUBLISHED = Counter("xianfeng_facts_published", "Facts published to Kafka and archived.")
ARCHIVE_CUT = Gauge(
    "xianfeng_archive_cut_entries",
    "Entries this process found missing at the end of the archive; they had been there. 0 says nothing of the rest.",
)
RELAY_LEADER = Gauge("xianfeng_relay_leader_info", "1 while this process holds the relay's lease.")
CONSUMER_LAG = Gauge("xianfeng_consumer_lag_messages", "Messages not yet handled, by topic.", ["topic"])
FACTS_CONSUMED = Counter("xianfeng_facts_consumed", "Messages handled, by topic and result.", ["topic", "result"])
FACTS_REJECTED = Counter(
    "xianfeng_facts_rejected", "Messages sent to `.rejected`, by topic and reason.", ["topic", "reason"]
)
FRESHNESS_SECONDS = Histogram(
    "xianfeng_freshness_seconds",
    "From the broker's stamp to the effect being visible.",
    ["topic"],
    buckets=(*_FAST, 30.0, 60.0, 300.0),
)
TOKENS = Counter("xianfeng_tokens", "Answers to requests for a token, by outcome; never by username.", ["outcome"])
SWEEP_FINISHED = Gauge(
    "xianfeng_sweep_finished_timestamp_seconds",
    "When the sweep of deadlines last came round without trouble (wall time); old means that nothing falls due.",
)
OBLIGATION_STEPS = Counter(
    "xianfeng_obligation_steps", "Steps of obligations that time brought about: warned, overdue, missed."
)
