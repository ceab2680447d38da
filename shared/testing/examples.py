"""The hand-written examples of `shared/events/examples`, as the messages they stand for."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.events.codec import Message

FOLDER = Path(__file__).parents[1] / "events" / "examples"
_PREFIX = "xianfeng."


@dataclass(frozen=True, slots=True)
class Example:
    """One example file: a message, and why it cannot be read if it cannot."""

    path: Path
    says: str
    topic: str
    message: Message
    reason: str | None

    @property
    def type(self) -> str:
        """The event type its folder is named by."""
        return f"{_PREFIX}{self.path.parent.name}"

    @property
    def name(self) -> str:
        """What a test report calls it."""
        return f"{self.path.parent.name}/{self.path.stem}"


def examples(*, readable: bool | None = None) -> list[Example]:
    """All examples, or only those that can (cannot) be read."""
    found = (_read(path) for path in sorted(FOLDER.glob("*/*.json")))
    return [example for example in found if readable is None or (example.reason is None) is readable]


def _read(path: Path) -> Example:
    written = json.loads(path.read_text(encoding="utf-8"))
    headers = tuple((name, text.encode("utf-8")) for name, text in written["headers"].items())
    message = Message(written["key"].encode("utf-8"), headers, _value(written))
    return Example(path, written["says"], written["topic"], message, written.get("reason"))


def _value(written: dict[str, Any]) -> bytes | None:
    """The bytes an example stands for: a JSON value (null: none at all), a text, bytes in hex, or so many blanks."""
    if "text" in written:
        return str(written["text"]).encode("utf-8")
    if "hex" in written:
        return bytes.fromhex(written["hex"])
    if "bytes" in written:
        return b" " * int(written["bytes"])
    value = written["value"]
    return None if value is None else json.dumps(value, ensure_ascii=False).encode("utf-8")
