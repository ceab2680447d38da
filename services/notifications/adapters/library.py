"""The regulation library in YAML files, one a version; and the words people read."""

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
    one another or a file is not named after what it holds.
    """
    found = []
    for file in sorted(folder.glob("*.yaml")):
        regulation = read_regulation(yaml.safe_load(file.read_text(encoding="utf-8")))
        regulation.refuse_name(file.stem)
        found.append(regulation)
    return Library(tuple(found))


def read_templates(file: Path = TEMPLATES / "obligations.yaml") -> Wording:
    """What people read about obligations; raises pydantic.ValidationError when a state has no words."""
    return read_wording(yaml.safe_load(file.read_text(encoding="utf-8")))
