"""Where benches say what they measured: on the screen, and as a line in build/bench.jsonl for docs/performance.md."""

import json
from collections.abc import Mapping
from pathlib import Path

from shared.kernel.clock import wall_now

_FILE = Path("build") / "bench.jsonl"


def report(name: str, figures: Mapping[str, object]) -> None:
    """Print the figures and append them to the file."""
    print(f"\n{name}")  # noqa: T201 - a bench talks
    for label, figure in figures.items():
        print(f"  {label}: {figure}")  # noqa: T201
    _FILE.parent.mkdir(exist_ok=True)
    with _FILE.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"at": wall_now().isoformat(), "bench": name, **figures}, ensure_ascii=False) + "\n")
