"""The regulation library in YAML files, one a version; and the words people read."""

from functools import lru_cache
from pathlib import Path

import yaml

from services.notifications.domain.regulation import Library, read_regulation
from services.notifications.domain.wording import Wording, read_wording

_SERVICE = Path(__file__).parent.parent
REGULATIONS = _SERVICE / "regulations"
TEMPLATES = _SERVICE / "templates"


def read_library(folder: Path = REGULATIONS) -> Library:
    """All versions of all regulations.

    Raises pydantic.ValidationError for a file that says what no regulation can say, UnusableLibrary when two contradict
    one another or a file is not named after what it holds. Texts that did not change are read once a process.
    """
    return _library(tuple((file.stem, file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.yaml"))))


@lru_cache(maxsize=4)
def _library(texts: tuple[tuple[str, str], ...]) -> Library:
    found = []
    for name, text in texts:
        regulation = read_regulation(yaml.safe_load(text))
        regulation.refuse_name(name)
        found.append(regulation)
    return Library(tuple(found))


def read_templates(file: Path = TEMPLATES / "obligations.yaml") -> Wording:
    """What people read about obligations; raises pydantic.ValidationError when a state has no words.

    A text that did not change is read once a process.
    """
    return _wording(file.read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _wording(text: str) -> Wording:
    return read_wording(yaml.safe_load(text))
