"""What `kubectl kustomize` makes of deploy/kubernetes, as a law reads it; nothing is asked of a cluster."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from deploy.local.topology import Process
from tests.contract.deploy.compose_laws import OURS, ROOT

FOLDER = ROOT / "deploy" / "kubernetes"
OVERLAYS = ("county", "province", "county+tls", "province+tls+issuer")
"""Each overlay as it stands, and with components as an overlay of somebody's own would name them."""
KUBECTL = Path(sys.executable).parent / "kubectl"
NAME, COMPONENT = "app.kubernetes.io/name", "app.kubernetes.io/component"
GONE: Any = object()
"""In place of a value: the field is taken away."""

Document = dict[str, Any]
Law = Callable[["Rendered"], Iterator[str]]


@cache
def _all() -> dict[str, tuple[Document, ...]]:
    """All at once: kubectl reads the schemas of Kubernetes each time, which is most of its second."""
    with TemporaryDirectory() as folder:
        running = {
            name: subprocess.Popen([str(KUBECTL), "kustomize", str(_folder(name, folder))], stdout=subprocess.PIPE)
            for name in OVERLAYS
        }
        texts = {name: process.communicate()[0] for name, process in running.items()}
    assert not any(process.returncode for process in running.values())
    return {name: tuple(yaml.load_all(text, Loader=yaml.CSafeLoader)) for name, text in texts.items()}


def _folder(name: str, folder: str) -> Path:
    """Where this overlay stands; one with components is written as the documentation says."""
    size, *components = name.split("+")
    if not components:
        return FOLDER / "overlays" / size
    own = Path(os.path.realpath(folder)) / name
    own.mkdir()
    told = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": [os.path.relpath(FOLDER / "overlays" / size, own)],
        "components": [os.path.relpath(FOLDER / "components" / each, own) for each in components],
    }
    (own / "kustomization.yaml").write_text(json.dumps(told), encoding="utf-8")
    return own


@dataclass(frozen=True)
class Rendered:
    """The resources of an overlay as they stand, or as a test has changed them."""

    overlay: str
    documents: tuple[Document, ...]

    @classmethod
    def of(cls, overlay: str) -> "Rendered":
        return cls(overlay, _all()[overlay])

    def but(self, kind: str, name: str, path: str, value: Any) -> "Rendered":
        """With another value at `spec/…`; an empty path takes the whole resource away."""
        [old] = [each for each in self.documents if each["kind"] == kind and named(each) == name]
        others = tuple(each for each in self.documents if each is not old)
        if not path:
            return Rendered(self.overlay, others)
        new = copy.deepcopy(old)
        *way, last = [int(step) if step.isdecimal() else step.replace("~", "/") for step in path.split("/")]
        place: Any = new
        for step in way:
            place = place[step]
        if value is GONE:
            del place[last]
        else:
            place[last] = value
        return Rendered(self.overlay, (*others, new))

    @property
    def size(self) -> str:
        """Which of the sizes it is."""
        return self.overlay.partition("+")[0]

    @property
    def tls(self) -> bool:
        """Whether pods speak TLS to one another."""
        return "+tls" in self.overlay

    @property
    def issuer(self) -> bool:
        """Whether somebody else's accounts are used."""
        return "+issuer" in self.overlay

    def of_kind(self, kind: str) -> dict[str, Document]:
        """By name."""
        return {named(each): each for each in self.documents if each["kind"] == kind}

    @cached_property
    def deployments(self) -> dict[str, Document]:
        return self.of_kind("Deployment")

    @cached_property
    def pods(self) -> dict[str, Document]:
        """The pod of each Deployment and job, by the name of what makes it."""
        jobs = {name: each["spec"]["jobTemplate"] for name, each in self.of_kind("CronJob").items()}
        return {name: each["spec"]["template"] for name, each in (self.deployments | jobs).items()}

    def ours(self) -> Iterator[tuple[Process, Document, Document]]:
        """Each process of the code with its Deployment and its container; one that has none is for the first law."""
        for process in OURS:
            if process.name in self.deployments:
                deployment = self.deployments[process.name]
                yield process, deployment, deployment["spec"]["template"]["spec"]["containers"][0]

    def containers(self) -> Iterator[tuple[str, Document]]:
        """Every container and every one that runs before it, under the name of its pod."""
        for name, pod in self.pods.items():
            for each in (*pod["spec"].get("initContainers", ()), *pod["spec"]["containers"]):
                yield f"{name}/{each['name']}", each

    def config(self, name: str) -> dict[str, str]:
        """The settings of a ConfigMap, by the name it has before its content is added."""
        found: list[dict[str, str]] = [
            each["data"] for full, each in self.of_kind("ConfigMap").items() if full.rpartition("-")[0] == name
        ]
        return found[0] if found else {}


def named(document: Document) -> str:
    name: str = document["metadata"]["name"]
    return name


def selects(selector: Document, labels: Document) -> bool:
    """Whether a label selector takes these labels; an empty one takes all."""
    told = selector.get("matchExpressions", ())
    assert all(each["operator"] == "In" for each in told)
    exact = all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
    return exact and all(labels.get(each["key"]) in each["values"] for each in told)
