"""What is known of Faust from outside."""

from faust.exceptions import ConsumerNotStarted

from services.scoring.worker.faust_app import assigned_to


class StartingApp:
    """An application whose consumer thread does not run yet."""

    @property
    def consumer(self) -> "StartingApp":
        return self

    def assignment(self) -> set[object]:
        raise ConsumerNotStarted


def test_an_application_that_still_starts_reads_nothing() -> None:
    assert assigned_to(StartingApp()) == frozenset()
