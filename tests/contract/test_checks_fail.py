"""A check nobody saw fail proves nothing: each is run over a copy of the tree with one deliberate violation in it."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
BINARIES = Path(sys.executable).parent
COPIED = ("deploy", "services", "shared", "tests", "docs")
FILES = ("pyproject.toml", ".importlinter", "docker-compose.yml", "README.md", "README.zh-CN.md", "CONTRIBUTING.md")
LIMIT_SECONDS = 120

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider")
LINT_IMPORTS = (str(BINARIES / "lint-imports"), "--no-cache")
CHECK_SCHEMA = (str(BINARIES / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")
HADOLINT = (str(BINARIES / "hadolint"), "deploy/Dockerfile")
RUFF = (str(BINARIES / "ruff"), "check", "--no-cache", "-q")


class Violation(NamedTuple):
    """What is planted, and the command that must then fail, saying why."""

    plant: Callable[[Path], object]
    command: tuple[str, ...]
    told: str


def adds(name: str, text: str) -> Callable[[Path], object]:
    """A file more, or more in a file."""

    def plant(tree: Path) -> None:
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(text)

    return plant


def replaces(name: str, old: str, new: str) -> Callable[[Path], object]:
    """Other words in a file."""

    def plant(tree: Path) -> None:
        text = (tree / name).read_text("utf-8")
        assert old in text, f"{name} no longer says {old!r}"
        (tree / name).write_text(text.replace(old, new, 1), "utf-8")

    return plant


def contract(name: str) -> tuple[str, ...]:
    return (*PYTEST, f"tests/contract/{name}")


VISITS_DOMAIN = "services/visits/domain/visit.py"
VIOLATIONS = {
    "a service imports another": Violation(
        adds("services/visits/use_cases/ports.py", "\nimport services.scoring.domain.card\n"),
        LINT_IMPORTS,
        "No service imports another BROKEN",
    ),
    "the domain does I/O": Violation(adds(VISITS_DOMAIN, "\nimport asyncio\n"), LINT_IMPORTS, "do no I/O BROKEN"),
    "a use case knows the store": Violation(
        adds("services/visits/use_cases/log_visit.py", "\nimport pymongo\n"), LINT_IMPORTS, "name no technology BROKEN"
    ),
    "a use case knows the wire": Violation(
        adds("services/visits/use_cases/log_visit.py", "\nimport shared.web.problem\n"), LINT_IMPORTS, "BROKEN"
    ),
    "the api knows an adapter": Violation(
        adds("services/visits/api/visits.py", "\nimport services.visits.adapters.mongo\n"), LINT_IMPORTS, "BROKEN"
    ),
    "what ships imports what tests": Violation(
        adds("services/visits/bootstrap.py", "\nimport shared.testing.clock\n"), LINT_IMPORTS, "BROKEN"
    ),
    "a service knows who runs it": Violation(
        adds("services/visits/settings.py", "\nimport deploy.local.settings\n"), LINT_IMPORTS, "BROKEN"
    ),
    "Faust outside scoring": Violation(
        adds("services/visits/bootstrap.py", "\nimport faust\n"), LINT_IMPORTS, "Faust runs in scoring alone BROKEN"
    ),
    "what ships keeps its things in memory": Violation(
        adds("services/visits/bootstrap.py", "\nimport services.visits.adapters.in_memory\n"),
        LINT_IMPORTS,
        "keeps its things in memory BROKEN",
    ),
    "a room the import law does not know": Violation(
        adds("services/visits/cellar/__init__.py", '"""Dark."""\n'), LINT_IMPORTS, "BROKEN"
    ),
    "a folder of shared the import law does not know": Violation(
        adds("shared/attic/__init__.py", '"""Dusty."""\n'), LINT_IMPORTS, "BROKEN"
    ),
    "a room nobody knows": Violation(
        adds("services/visits/cellar/__init__.py", ""), contract("test_rooms.py"), "has_every_room_and_no_other"
    ),
    "a service the import law does not know": Violation(
        adds("services/weather/__init__.py", ""), contract("test_rooms.py"), "weather"
    ),
    "a name that says nothing": Violation(
        adds("shared/kernel/utils.py", ""), contract("test_rooms.py"), "name_that_says_nothing"
    ),
    "a use case under another name": Violation(
        adds(
            "services/visits/use_cases/store_visit.py",
            '"""Store a visit."""\n\n\ndef keep_visit() -> None:\n    pass\n',
        ),
        contract("test_names.py"),
        "visits-store_visit",
    ),
    "an event under another name": Violation(
        replaces("shared/events/visits.py", "xianfeng.visits.visit.logged.v1", "xianfeng.visits.visit.noted.v1"),
        contract("test_names.py"),
        "visit.noted",
    ),
    "a day called an instant": Violation(
        replaces("shared/events/members.py", "    go_live_on: date", "    go_live_at: date"),
        contract("test_names.py"),
        "GoLiveSet.go_live_at",
    ),
    "a refusal without a way out": Violation(
        replaces("services/visits/domain/refusals.py", "，请核对编号，或稍后重试", ""),
        contract("test_names.py"),
        "visits-UnknownBranch",
    ),
    "a file too long": Violation(
        adds("shared/kernel/ids.py", "#\n" * 300), contract("test_rooms.py"), "hold_in_the_head"
    ),
    "a word not in the glossary": Violation(
        adds(VISITS_DOMAIN, "\n\nclass Teapot:\n    pass\n"), contract("test_glossary.py"), "a row for `teapot`"
    ),
    "a quotation the report does not have": Violation(
        replaces("docs/glossary.md", "要求周调研走访1次，解决问题不少于3条", "要求周调研走访2次"),
        contract("test_glossary.py"),
        "the_reports_word_for_word",
    ),
    "a setting without a word": Violation(
        replaces("shared/telemetry/settings.py", 'told("ISSUER"', 'told("EMITTER"'),
        contract("test_documented.py"),
        "XIANFENG_EMITTER",
    ),
    "a metric without a word": Violation(
        adds("shared/telemetry/metrics.py", '\nTEA = Counter("xianfeng_tea", "Cups of tea.")\n'),
        contract("test_documented.py"),
        "xianfeng_tea",
    ),
    "an interface changed in silence": Violation(
        replaces("services/visits/api/visits.py", 'summary="登记走访"', 'summary="记录走访"'),
        contract("test_openapi.py"),
        "visits.json",
    ),
    "a schema changed in silence": Violation(
        replaces("shared/events/visits.py", "    visit_id: str\n", "    visit_id: str\n    mood: str\n"),
        contract("events/test_schemas.py"),
        "test_committed_schemas_are_up_to_date",
    ),
    "an example that is no fact": Violation(
        replaces("shared/events/visits.py", "    visit_id: str\n", "    visit_id: int\n"),
        contract("events/test_examples.py"),
        "visits.visit.logged.v1/synced-at-once]",
    ),
    "an unguarded route": Violation(
        adds(
            "services/visits/api/visits.py",
            '\n\n@router.get("/all")\nasync def get_all() -> None:\n    """所有走访。"""\n',
        ),
        contract("test_openapi.py"),
        "names no roles",
    ),
    "the environment read anywhere": Violation(
        adds(VISITS_DOMAIN, '\nimport os\n\nHOME = os.environ["HOME"]\n'),
        (*RUFF, VISITS_DOMAIN),
        "the environment is read in settings alone",
    ),
    "a clock of one's own": Violation(
        adds(VISITS_DOMAIN, "\nfrom datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n"),
        (*RUFF, VISITS_DOMAIN),
        "time comes from shared.kernel.clock",
    ),
    "a compose file that is none": Violation(
        replaces("docker-compose.yml", "stop_grace_period: 25s", "grace_period: 25s"),
        CHECK_SCHEMA,
        "'grace_period' does not match",
    ),
    "an image of whatever version there is": Violation(
        replaces("deploy/Dockerfile", "FROM python:3.11-slim-bookworm AS base", "FROM python AS base"),
        HADOLINT,
        "DL3006",
    ),
    "a mock": Violation(
        adds("tests/unit/visits/conftest.py", "\nfrom unittest.mock import Mock\n"),
        (*RUFF, "tests/unit/visits/conftest.py"),
        "fakes, never mocks",
    ),
}

CHECKS = (
    "test_rooms.py",
    "test_names.py",
    "test_glossary.py",
    "test_documented.py",
    "test_openapi.py",
    "events/test_schemas.py",
    "events/test_examples.py",
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """All that the checks look at."""
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".*cache"))
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(command: tuple[str, ...], tree: Path) -> tuple[int, str]:
    done = subprocess.run(
        command, cwd=tree, capture_output=True, text=True, check=False, timeout=LIMIT_SECONDS, encoding="utf-8"
    )
    return done.returncode, " ".join((done.stdout + done.stderr).split())


@pytest.mark.slow
@pytest.mark.parametrize("what", VIOLATIONS)
def test_a_deliberate_violation_is_seen(what: str, tree: Path) -> None:
    plant, command, told = VIOLATIONS[what]
    plant(tree)
    code, output = run(command, tree)

    assert code != 0
    assert told in output


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS)
def test_without_one_a_check_passes_over_the_copy(check: str, tree: Path) -> None:
    code, output = run(contract(check), tree)

    assert code == 0, output


@pytest.mark.slow
@pytest.mark.parametrize("command", [CHECK_SCHEMA, HADOLINT], ids=["check-jsonschema", "hadolint"])
def test_without_one_what_docker_reads_passes(command: tuple[str, ...], tree: Path) -> None:
    code, output = run(command, tree)

    assert code == 0, output


@pytest.mark.slow
def test_without_one_the_import_law_holds_in_the_copy(tree: Path) -> None:
    code, output = run(LINT_IMPORTS, tree)

    assert code == 0, output
