"""Whoever the catalogue names as a consumer puts every hand-written example through its own worker."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from shared.events.catalogue import CATALOGUE
from shared.testing.examples import Example, examples

CONTRACT = Path(__file__).parents[1]
CONSUMERS = sorted({consumer for entry in CATALOGUE.values() for consumer in entry.consumers})


def put_through(module: ModuleType) -> Iterator[Example]:
    """The examples a module's tests are given one by one."""
    for name, test in vars(module).items():
        if name.startswith("test_"):
            given = (mark.args[1] for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize")
            yield from (value for values in given for value in values if isinstance(value, Example))


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_a_consumer_has_a_test_of_the_examples(consumer: str) -> None:
    assert (CONTRACT / consumer / "test_examples.py").is_file(), f"{consumer} reads facts: put the examples through it"


@pytest.mark.parametrize("consumer", CONSUMERS)
def test_no_example_of_what_it_reads_is_left_out(consumer: str) -> None:
    module = import_module(f"tests.contract.{consumer}.test_examples")
    tried = {example.name for example in put_through(module)}
    meant = {example.name for example in examples(readable=True) if consumer in CATALOGUE[example.type].consumers}

    assert sorted(meant - tried) == []
    assert meant
