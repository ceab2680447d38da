"""docs/events.md, made from the catalogue: `python -m shared.events.page`."""

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.events.base import Event
from shared.events.catalogue import CATALOGUE, FACT_TOPICS, PARTITIONS, Entry
from shared.events.schema import schema_of

PAGE = Path(__file__).parents[2] / "docs" / "events.md"
_INTRODUCTION = f"""# Events

Made by `python -m shared.events.page` from `shared/events`; do not edit. What a person wants to know of an event stands
in its class; examples stand in `shared/events/examples`, schemas in `shared/events/schemas`.

Facts travel as CloudEvents 1.0 in Kafka's binary mode: attributes in the headers `ce_id`, `ce_source`, `ce_type`,
`ce_specversion`, `ce_subject` (the aggregate), `ce_time` (when it was recorded), `ce_revision` (the aggregate's
version), `ce_orgpath` (where the aggregate hung in the organisation tree then), and `traceparent`; the value is JSON.
`occurred_at` or `occurred_on` says when it happened. Every topic has {PARTITIONS} partitions and keeps everything; what
a consumer cannot handle goes to `<topic>.rejected`. A field followed by `?` may be absent.
"""


def page() -> str:
    """The page's text."""
    parts = [_INTRODUCTION]
    for topic in FACT_TOPICS:
        parts.append(f"\n## {topic}\n")
        parts += [_section(entry) for entry in CATALOGUE.values() if entry.topic == topic]
    return "".join(parts)


def _section(entry: Entry) -> str:
    event = entry.event
    key = f"`{event.KEY}`" if event.KEY else "the organisation its path ends at"
    consumers = ", ".join(sorted(entry.consumers)) or "none in the platform"
    lines = [
        f"\n### {event.__name__}",
        f"`{event.TYPE}` · key: {key} · consumers: {consumers}",
        "",
        inspect.getdoc(event) or "",
        "",
        "| field | type |",
        "|---|---|",
        *_rows(event),
    ]
    return "\n".join(lines) + "\n"


def _rows(event: type[Event]) -> Iterator[str]:
    schema = schema_of(event)
    required = schema.get("required", [])
    for name, described in schema["properties"].items():
        yield f"| `{name}`{'' if name in required else '?'} | {_type(described)} |"


def _type(described: dict[str, Any]) -> str:
    if "$ref" in described:
        return f"{described['$ref'].rpartition('/')[2]} (type, revision, day)"
    if "enum" in described:
        return " · ".join(f"`{value}`" for value in described["enum"])
    if described.get("type") == "array":
        return f"list of {_type(described.get('items', {}))}"
    if "anyOf" in described:
        return " or ".join(_type(option) for option in described["anyOf"])
    names = {"date": "day", "date-time": "instant"}
    return str(names.get(described.get("format", ""), described.get("type", "any")))


def main() -> int:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
