"""The same rooms in every service, and no others (docs/architecture.md): what stands where, under which names."""

import configparser
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("identity", "members", "visits", "duties", "scoring", "notifications")
ROOMS = frozenset({"domain", "use_cases", "adapters", "api"})
WORKER = "worker"
DATA = frozenset({"rules", "regulations", "templates", "procedures"})
FILES = frozenset({"__init__.py", "__main__.py", "bootstrap.py", "settings.py", "README.md", "pyproject.toml"})
SHARED = frozenset({"kernel", "events", "telemetry", "kafka", "mongo", "web", "recovery", "testing"})
TESTS = frozenset({"unit", "contract", "integration", "stories", "bench"})
FORBIDDEN = frozenset({"utils", "helpers", "common", "misc", "base", "manager", "core", "lib", "service", "models"})
ALLOWED = frozenset({ROOT / "shared" / "events" / "base.py"})
LONGEST = 300


def folders(place: Path) -> Iterator[Path]:
    return (path for path in place.iterdir() if path.is_dir() and path.name[0] not in "._")


def services() -> list[Path]:
    return sorted(folders(ROOT / "services"))


def code() -> Iterator[Path]:
    for name in ("deploy", "services", "shared", "tests"):
        yield from (ROOT / name).rglob("*.py")


def names(paths: Iterator[Path]) -> set[str]:
    return {path.name for path in paths}


@pytest.fixture(params=services(), ids=lambda path: path.name)
def service(request: pytest.FixtureRequest) -> Path:
    place: Path = request.param
    return place


def test_every_service_is_one_of_the_platforms() -> None:
    assert names(folders(ROOT / "services")) <= set(SERVICES)


def test_a_service_has_every_room_and_no_other(service: Path) -> None:
    found = names(folders(service))

    assert found - DATA - {WORKER} == ROOMS


def test_a_service_has_every_file_and_no_other(service: Path) -> None:
    files = {path.name for path in service.iterdir() if path.is_file()}

    assert files == FILES


def test_rooms_hold_python_alone(service: Path) -> None:
    strange = [path for room in ROOMS | {WORKER} for path in (service / room).rglob("*") if path.suffix != ".py"]

    assert [path for path in strange if path.is_file() and "__pycache__" not in path.parts] == []


def test_data_is_what_the_organisation_department_can_read(service: Path) -> None:
    strange = [path for name in DATA for path in (service / name).rglob("*") if path.is_file()]

    assert [path for path in strange if path.suffix not in {".yaml", ".md"}] == []


def test_ports_stand_in_one_place(service: Path) -> None:
    assert (service / "use_cases" / "ports.py").is_file()


def test_shared_admits_only_its_rooms() -> None:
    assert names(folders(ROOT / "shared")) == SHARED


def test_tests_are_of_known_kinds() -> None:
    assert names(folders(ROOT / "tests")) <= TESTS


def test_unit_tests_stand_where_their_service_does() -> None:
    assert names(folders(ROOT / "tests" / "unit")) <= {*SERVICES, "shared", "deploy", "demo"}


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path for path in code() if path.stem in FORBIDDEN and path not in ALLOWED] == []


def test_no_folder_has_a_name_that_says_nothing() -> None:
    assert [path for path in code() if FORBIDDEN & set(path.relative_to(ROOT).parts[:-1])] == []


def test_no_file_is_longer_than_one_can_hold_in_the_head() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in code()}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_folder_of_code_is_a_package() -> None:
    places = {path.parent for path in code() if ROOT / "tests" not in path.parents}

    assert [place for place in places if not (place / "__init__.py").is_file()] == []


def test_the_import_law_knows_every_service() -> None:
    law = configparser.ConfigParser()
    law.read(ROOT / ".importlinter", encoding="utf-8")
    listed = law["importlinter:contract:rooms"]["containers"].split()

    assert listed == [f"services.{path.name}" for path in services()]


def test_refusals_stand_in_one_place(service: Path) -> None:
    refusals = service / "domain" / "refusals.py"

    assert refusals.is_file()
