"""Resolve the pins again (`make pins`): names and versions only, no addresses, one resolution for all lists.

`dev.txt` is resolved first, over everything; the other lists are cut out of it, so a service is never tested with
one version and shipped with another. The oldest supported Python decides.
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.local.settings import ROOT

PYTHON_VERSION = "3.11"
REQUIREMENTS = ROOT / "requirements"


def main() -> int:
    """Write every list under `requirements/`; 0 when all were resolved."""
    services = sorted(ROOT.glob("services/*/pyproject.toml"))
    local: list[Path] = [REQUIREMENTS / "local.in", *services]
    resolve(REQUIREMENTS / "dev.txt", [REQUIREMENTS / "dev.in", *services])
    resolve(REQUIREMENTS / "local.txt", local, within=REQUIREMENTS / "dev.txt")
    for service in services:
        target = REQUIREMENTS / f"{service.parent.name}.txt"
        resolve(target, [service], within=REQUIREMENTS / "dev.txt")
    resolve(REQUIREMENTS / "tools.txt", [REQUIREMENTS / "tools.in"], within=REQUIREMENTS / "dev.txt")
    return 0


def resolve(target: Path, sources: Sequence[Path], *, within: Path | None = None) -> None:
    """Write one list of `name==version` lines, kept inside the versions of another list when one is given."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command += ["--python-version", PYTHON_VERSION, "--output-file", str(target.relative_to(ROOT))]
    command += ["--python-platform", "x86_64-manylinux_2_35"]
    if within is not None:
        command += ["--constraint", str(within.relative_to(ROOT))]
    command += [str(source.relative_to(ROOT)) for source in sources]
    print(f"{target.relative_to(ROOT)} ← {len(sources)} …", flush=True)
    subprocess.run(command, check=True, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
