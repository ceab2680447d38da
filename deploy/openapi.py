"""`python -m deploy.openapi` writes what every service's api says of itself to `docs/openapi/<service>.json`.

The documents are committed, so that a change of the interface is seen where it is reviewed; a test holds them to the
code.
"""

import json
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from deploy.local.settings import ROOT
from shared.telemetry.settings import PlatformSettings

FOLDER = ROOT / "docs" / "openapi"


@cache
def documents() -> Mapping[str, str]:
    """The document of each service, by file name; nothing is connected to, no process started."""
    services = sorted(place.parent.name for place in ROOT.glob("services/*/bootstrap.py"))
    return {f"{service}.json": _document(service) for service in services}


def write(folder: Path = FOLDER) -> None:
    """Write every document, and remove those of services that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = documents()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()


def outdated(folder: Path = FOLDER) -> list[str]:
    """The documents that are missing, left over, or say something else than the code."""
    wanted = documents()
    standing = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
    return sorted(name for name in {*wanted, *standing} if wanted.get(name) != standing.get(name))


def _document(service: str) -> str:
    own = getattr(import_module(f"services.{service}.settings"), "Settings", PlatformSettings)
    app = import_module(f"services.{service}.bootstrap").api(own.read({}))
    return json.dumps(app.openapi(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{FOLDER.relative_to(ROOT)}: {', '.join(documents())}\n")
