"""The container images the platform is run from elsewhere: those docker-compose.yml and deploy/kubernetes name."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

OURS = "xianfeng/"
"""Images with this beginning are built from deploy/Dockerfile; all others come from a registry."""

OVERLAYS = ("county", "province")


def named_images(documents: Iterable[Any]) -> list[str]:
    """List every `image:` in these documents once, in order of name."""
    return sorted({image for document in documents for image in _images(document)})


def _images(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("image"), str):
            yield node["image"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from _images(child)


def read_images(root: Path) -> list[str]:
    """List the images of this checkout; of Kubernetes as its overlays render them, with their tags."""
    documents = [yaml.safe_load((root / "docker-compose.yml").read_text(encoding="utf-8"))]
    for overlay in OVERLAYS:
        folder = root / "deploy" / "kubernetes" / "overlays" / overlay
        kubectl = Path(sys.executable).with_name("kubectl")
        rendered = subprocess.run([str(kubectl), "kustomize", str(folder)], check=True, capture_output=True)
        documents += yaml.safe_load_all(rendered.stdout)
    return named_images(documents)
