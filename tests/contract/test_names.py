"""Follow the word (docs/architecture.md): file and use case, class and event, ending and type have one name."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pytest
from pydantic import AwareDatetime, BaseModel

from shared.events.base import Event
from shared.events.catalogue import CATALOGUE
from shared.kernel.errors import Conflict, DomainError, Invalid

ROOT = Path(__file__).parents[2]
USE_CASES = sorted(
    path
    for path in (ROOT / "services").glob("*/use_cases/*.py")
    if path.stem not in {"__init__", "ports", "access"} and not path.stem.endswith("_ports")
)
"""Ports too many for one file are split by meaning: `record_ports.py` beside `ports.py`."""
_TELLS_WHAT_TO_DO = re.compile("请|须|应|只能|无需|可以|改用|再试")


def modules(room: str) -> Iterator[ModuleType]:
    """The modules of a room, of every service."""
    for package in sorted((ROOT / "services").glob(f"*/{room}")):
        for found in pkgutil.iter_modules([str(package)]):
            yield importlib.import_module(f"services.{package.parent.name}.{room}.{found.name}")


def classes(room: str) -> Iterator[type[Any]]:
    """The classes that modules of a room define."""
    for module in modules(room):
        yield from (one for _, one in inspect.getmembers(module, inspect.isclass) if one.__module__ == module.__name__)


def functions(path: Path) -> set[str]:
    """The public functions of a file."""
    tree = ast.parse(path.read_text("utf-8"))
    found = (node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {name for name in found if not name.startswith("_")}


@pytest.mark.parametrize("path", USE_CASES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_use_case_has_the_name_of_its_file(path: Path) -> None:
    found = functions(path)
    reads = path.stem.startswith("read_") and any(name.startswith(("read_", "list_")) for name in found)

    assert path.stem in found or reads


@pytest.mark.parametrize("event_type", CATALOGUE)
def test_an_event_is_called_what_its_type_says(event_type: str) -> None:
    _, _, subject, past, _ = event_type.split(".")
    words = "".join(word.capitalize() for name in (subject, past) for word in name.split("_"))

    assert CATALOGUE[event_type].event.__name__ == words


def dated(holder: type[Any]) -> Iterator[tuple[str, Any]]:
    """The fields of a value whose names end like an instant's or a day's."""
    names: Iterator[str]
    if issubclass(holder, BaseModel):
        names = iter(holder.model_fields)
    elif dataclasses.is_dataclass(holder):
        names = (field.name for field in dataclasses.fields(holder))
    else:
        return
    hints = get_type_hints(holder)
    yield from ((name, hints[name]) for name in names if name.endswith(("_at", "_on")))


@pytest.mark.parametrize(
    "holder", [*(entry.event for entry in CATALOGUE.values()), *classes("domain")], ids=lambda holder: holder.__name__
)
def test_an_instant_ends_in_at_and_a_day_in_on(holder: type[Any]) -> None:
    for name, hint in dated(holder):
        told = {hint, *get_args(hint)} - {type(None)}

        wanted = {datetime, AwareDatetime} if name.endswith("_at") else {date}

        assert told & wanted, f"{holder.__name__}.{name}: {hint}"


def refusals() -> list[type[DomainError]]:
    """Every refusal of every service."""
    found = [one for room in ("domain", "api") for one in classes(room) if issubclass(one, DomainError)]
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


@pytest.mark.parametrize("refusal", refusals(), ids=lambda one: f"{one.__module__.split('.')[1]}-{one.__name__}")
def test_a_refusal_tells_what_to_do_and_which_field_is_to_blame(refusal: type[DomainError]) -> None:
    if issubclass(refusal, Invalid | Conflict):
        assert _TELLS_WHAT_TO_DO.search(refusal.detail), refusal.detail
    if issubclass(refusal, Invalid) and refusal.field is None:
        raised = [place for place, words in _raised() if refusal.__name__ in words and "field=" not in words]

        assert raised == []


@cache
def _raised() -> tuple[tuple[str, str], ...]:
    """Everything that is raised anywhere: where, and its words."""
    return tuple(
        (str(path.relative_to(ROOT)), ast.unparse(node.exc))
        for path in (ROOT / "services").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Raise) and node.exc is not None
    )


def test_every_event_is_in_the_catalogue() -> None:
    known = {entry.event for entry in CATALOGUE.values()}
    found = {
        one
        for name in {event_type.split(".")[1] for event_type in CATALOGUE}
        for _, one in inspect.getmembers(importlib.import_module(f"shared.events.{name}"), inspect.isclass)
        if issubclass(one, Event) and hasattr(one, "TYPE")
    }

    assert found == known
