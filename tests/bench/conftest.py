"""How many facts the benches of the fold pour: all of them, unless somebody develops a bench."""

import pytest

from tests.bench.standing import FACTS


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--facts", type=int, default=FACTS, help="how many facts the benches of the fold pour")


@pytest.fixture(scope="session")
def size(pytestconfig: pytest.Config) -> int:
    """How many facts: `--facts`; read with a default, because who runs all tests never told pytest of the option."""
    return int(pytestconfig.getoption("--facts", FACTS))
