"""Something that goes wrong, and what a watched platform tells of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.integration.operate.hurried import Told, Watch, until
from tests.integration.operate.scene import Scene


@dataclass(frozen=True)
class Trouble:
    """A block that breaks something at its beginning and mends it at its end, and which alerts tell of it."""

    causing: Callable[[Scene], AbstractContextManager[None]]
    pages: Told = frozenset()
    tickets: Told = frozenset()
    follows: frozenset[str] = frozenset()
    """Pages that may come too, because what they say is then true."""

    @property
    def name(self) -> str:
        """What happens, in words."""
        return self.causing.__name__

    @property
    def alerts(self) -> frozenset[str]:
        """The alerts it shows."""
        return frozenset(name for name, _ in self.pages | self.tickets)


def false_pages_of(trouble: Trouble, scene: Scene) -> Told:
    """Cause the trouble until its alerts are told, mend it until they no longer are; gives pages nobody needs.

    Fails when one of its alerts is not told, or does not end.
    """
    watch = Watch(scene.stack)

    def unrest() -> Told:
        return watch.told("page") | watch.coming("page") | _told(trouble, watch)

    until(lambda: not unrest(), lambda: f"before anything happened: {unrest()}")
    seen = set[tuple[str, str]]()
    with trouble.causing(scene):

        def all_told() -> bool:
            seen.update(watch.told("page"))
            return _told(trouble, watch) == trouble.pages | trouble.tickets

        until(all_told, lambda: f"told: {_told(trouble, watch)}, other pages: {seen}")
    until(lambda: not _told(trouble, watch), lambda: f"still told: {_told(trouble, watch)}")
    return frozenset(page for page in seen - trouble.pages if page[0] not in trouble.follows)


def _told(trouble: Trouble, watch: Watch) -> Told:
    """Which of its own alerts are told now."""
    return (trouble.pages & watch.told("page")) | (trouble.tickets & watch.told("ticket"))
