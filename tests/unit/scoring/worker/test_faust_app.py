"""What is known of Faust from outside."""

from faust.exceptions import ConsumerNotStarted

from services.scoring.worker.faust_app import _credentials, assigned_to
from shared.kafka.connection import Broker


class StartingApp:
    """An application whose consumer thread does not run yet."""

    @property
    def consumer(self) -> "StartingApp":
        return self

    def assignment(self) -> set[object]:
        raise ConsumerNotStarted


def test_an_application_that_still_starts_reads_nothing() -> None:
    assert assigned_to(StartingApp()) == frozenset()


def test_the_broker_is_asked_as_its_address_says() -> None:
    addresses = ("one:9092", "tls://one:9093", "scram://a:b@one:9092", "scram+tls://a:b@one:9093")
    asked = [_credentials(Broker.at(address)) for address in addresses]

    assert asked[0] is None
    assert [each.protocol.value for each in asked[1:]] == ["SSL", "SASL_PLAINTEXT", "SASL_SSL"]
