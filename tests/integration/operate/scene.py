"""A watched platform and those who work on it, for tests that cause trouble."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day

import httpx

from deploy.local.settings import ROOT
from deploy.local.stack import Stack
from shared.kernel.access import Role
from shared.kernel.clock import at_local_time
from shared.kernel.ids import new_id
from shared.testing.access import a_caller
from tests.people import token
from tests.seeding import TOWNSHIP, Seed

MONDAY = date(2026, 3, 2)
SEED = Seed.of(4, MONDAY)
TUESDAY = at_local_time(MONDAY + timedelta(days=1), time_of_day(9))
_CREATED = 201


@dataclass(frozen=True)
class Scene:
    """The platform as its people, its operators and the world around it see it."""

    stack: Stack

    @contextmanager
    def people(self) -> Iterator[httpx.Client]:
        """Somebody who may read and enter visits, at the api itself."""
        headers = {"Authorization": f"Bearer {token(self.stack, a_caller(Role.ORGANISER, TOWNSHIP))}"}
        with httpx.Client(base_url=self.stack.urls["visits-api"], headers=headers, timeout=20, trust_env=False) as api:
            yield api

    def enter_a_visit(self) -> str:
        """A fact for the outbox of visits; gives the visit's id."""
        id_ = new_id()
        form = {
            "id": id_,
            "cadre_id": SEED.cadres[0],
            "branch_id": SEED.branches[0],
            "occurred_at": TUESDAY.isoformat(),
        }
        with self.people() as api:
            answer = api.post("/api/visits/visits", json=form)
        assert answer.status_code == _CREATED, answer.text
        return id_

    @contextmanager
    def readers(self, count: int) -> Iterator[None]:
        """So many who ask for the list of visits again and again, whatever they are answered."""

        def ask() -> None:
            with self.people() as api:
                api.get("/api/visits/visits")

        with again_and_again(ask, count):
            yield

    def turn_clock(self, now: datetime) -> None:
        """Steer the business clock without waiting for what follows: some of it cannot happen now."""
        draft = self.stack.folder.path / "clock.draft"
        draft.write_text(now.isoformat(), encoding="ascii")
        draft.replace(self.stack.folder.path / "clock")

    def tool(self, module: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A command of an operator, as `make` runs it."""
        command = [sys.executable, "-m", module, *arguments]
        environment = {**self.stack.settings.inherited, **self.stack.environment()}
        return subprocess.run(
            command, check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
        )


@contextmanager
def again_and_again(act: Callable[[], None], count: int = 1, pause_seconds: float = 0.1) -> Iterator[None]:
    """So many threads that act until the block ends."""
    over = threading.Event()

    def work() -> None:
        while not over.is_set():
            act()
            over.wait(pause_seconds)

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
