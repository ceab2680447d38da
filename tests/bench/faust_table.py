"""The fold as Faust's own guide would have it: an agent, and a table with total, count and points by kind.

Nothing here is exact: no ids, so a fact that comes twice counts twice; nothing is taken back; the table and the offsets
are stored one after the other, so a kill counts twice what lies between.
"""

from typing import Any

from services.scoring.adapters.rule_files import load_generation
from shared.events.codec import decode
from tests.bench.stand_in import application, facts_of, message_of, run


def points_by_kind() -> dict[str, int]:
    """What each kind of fact gives: of all ways it earns something, the sum."""
    found: dict[str, int] = {}
    for book in load_generation().books:
        for kind, ways in book.ways.items():
            found[kind] = found.get(kind, 0) + sum(way.points for way in ways)
    return found


def build(bootstrap: str, group: str, folder: str) -> Any:
    """The application."""
    app = application(bootstrap, group, folder, declares=True)
    points = points_by_kind()
    branches = app.Table("branches", partitions=8)

    async def fold(stream: Any) -> None:
        async for event in stream.events():
            fact = decode(message_of(event))
            worth = points.get(fact.type, 0)
            found = branches.get(fact.key) or {"total": 0, "count": 0, "kinds": {}}
            kinds = {**found["kinds"], fact.type: found["kinds"].get(fact.type, 0) + worth}
            branches[fact.key] = {"total": found["total"] + worth, "count": found["count"] + 1, "kinds": kinds}

    app.agent(facts_of(app), concurrency=1, name="table")(fold)
    return app


if __name__ == "__main__":
    run(build)
