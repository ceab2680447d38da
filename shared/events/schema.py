"""The JSON Schemas of all events: `python -m shared.events.schema` writes them, with `--check` it only compares.

They say what a producer writes (closed: no property beyond these); consumers read on when there are more.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shared.events.base import Event
from shared.events.catalogue import CATALOGUE, Entry

FOLDER = Path(__file__).with_name("schemas")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """What a producer of this event writes as the message's value."""
    described = event.model_json_schema(mode="serialization")
    closed = _closed(described)
    assert isinstance(closed, dict)  # noqa: S101 - a model's schema is an object
    return {"$schema": _DIALECT, "$id": event.TYPE, **closed}


def text_of(entry: Entry) -> str:
    """The file's content."""
    return json.dumps(schema_of(entry.event), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def expected_files(folder: Path = FOLDER) -> dict[Path, str]:
    """Every schema file and what it must hold."""
    return {folder / f"{event_type}.json": text_of(entry) for event_type, entry in CATALOGUE.items()}


def outdated(folder: Path = FOLDER) -> list[str]:
    """Names of files that are missing, differ, or describe no event of the catalogue."""
    expected = expected_files(folder)
    differ = [
        path.name for path, text in expected.items() if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    left_over = [path.name for path in folder.glob("*.json") if path not in expected]
    return sorted(differ + left_over)


def write(folder: Path = FOLDER) -> None:
    """Write all schemas; a schema whose event is gone stays, because what was published stays readable."""
    folder.mkdir(exist_ok=True)
    for path, text in expected_files(folder).items():
        path.write_text(text, encoding="utf-8")


def _closed(part: Any) -> Any:
    """Close objects, and take null out: a producer leaves out what it does not know."""
    if isinstance(part, list):
        return [_closed(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {name: _closed(value) for name, value in part.items() if not (name == "default" and value is None)}
    if "anyOf" in kept:
        options = [option for option in kept["anyOf"] if option != {"type": "null"}]
        if len(options) == 1:
            del kept["anyOf"]
            kept = {**options[0], **kept}
        else:
            kept["anyOf"] = options
    if "properties" in kept:
        kept["additionalProperties"] = False
    return kept


def main(arguments: Sequence[str]) -> int:
    """Write, or with --check compare; the exit code is 1 when something differs."""
    if "--check" not in arguments:
        write()
        return 0
    differing = outdated()
    for name in differing:
        print(f"{name} 与事件定义不一致：请运行 python -m shared.events.schema")  # noqa: T201 - this command's answer
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
