"""Where the broker is and as whom it is asked, in one setting."""

import ssl
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from kafka import KafkaConsumer

from shared.kafka.connection import Broker, reached
from shared.telemetry.settings import UnusableSetting
from tests.certificates import a_certificate

BY_TLS = ("tls://", "scram+tls://visits:secret@")


def test_a_broker_without_a_user_asks_for_no_password() -> None:
    assert reached("127.0.0.1:18101") == {"bootstrap_servers": "127.0.0.1:18101"}


def test_a_user_signs_in_at_every_server() -> None:
    assert Broker.at("scram://visits:p%40ss@one:9092,two:9092") == Broker("one:9092,two:9092", "visits", "p@ss")
    assert reached("scram://visits:secret@one:9092") == {
        "bootstrap_servers": "one:9092",
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "visits",
        "sasl_plain_password": "secret",
    }


def test_a_broker_is_reached_by_tls_with_a_user_or_without(tmp_path: Path) -> None:
    authority = a_certificate(tmp_path).certificate
    plain, signing_in = (reached(f"{each}one:9093?ca={authority}") for each in BY_TLS)

    assert (plain["security_protocol"], signing_in["security_protocol"]) == ("SSL", "SASL_SSL")
    assert (plain["bootstrap_servers"], signing_in["sasl_plain_password"]) == ("one:9093", "secret")
    for each in (plain, signing_in):
        assert each["ssl_context"].verify_mode is ssl.CERT_REQUIRED
        assert each["ssl_context"].check_hostname
        assert authority.read_text() in map(
            ssl.DER_cert_to_PEM_cert, each["ssl_context"].get_ca_certs(binary_form=True)
        )


def test_an_authority_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableSetting, match="cannot be read"):
        reached(f"tls://one:9093?ca={tmp_path}/none.pem")


def test_both_clients_know_these_arguments() -> None:
    told = set(reached("scram+tls://visits:secret@one:9092"))

    assert told <= set(KafkaConsumer.DEFAULT_CONFIG)
    assert told <= set(AIOKafkaConsumer.__init__.__kwdefaults__ or ())


@pytest.mark.parametrize(
    "address",
    [
        "scram://one:9092",
        "scram://visits@one:9092",
        "scram://visits:secret@",
        "scram+tls://visits@one:9092",
        "tls://visits:secret@one:9092",
        "scram://visits:secret@one:9092?ca=/ca.pem",
        "kafka://visits:secret@one:9092",
    ],
)
def test_an_address_that_leaves_something_out_is_refused_without_being_repeated(address: str) -> None:
    with pytest.raises(UnusableSetting) as refused:
        reached(address)

    assert "secret" not in str(refused.value)
