"""The engine's ceiling: an agent that takes batches, reads the same envelopes and does nothing with them."""

from typing import Any

from shared.events.codec import decode
from tests.bench.stand_in import application, facts_of, message_of, run

_BATCH, _WITHIN_SECONDS = 1000, 0.02


def build(bootstrap: str, group: str, folder: str) -> Any:
    """The application."""
    app = application(bootstrap, group, folder)

    async def parse(stream: Any) -> None:
        async for events in stream.take_events(_BATCH, within=_WITHIN_SECONDS):
            for event in events:
                decode(message_of(event))

    app.agent(facts_of(app), concurrency=1, name="parse")(parse)
    return app


if __name__ == "__main__":
    run(build)
