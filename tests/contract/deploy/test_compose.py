"""docker-compose.yml and the Dockerfile say what the code says; every law is seen to be broken once."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from tests.contract.deploy import compose_laws as whole
from tests.contract.deploy import container_laws as each
from tests.contract.deploy.compose_laws import COMPOSE, DOCKERFILE, EXAMPLE, IGNORED, SCRAPED, Law, Written

LAWS: tuple[Law, ...] = (
    whole.every_process_runs_and_nothing_else,
    whole.every_command_exists,
    whole.every_image_holds_its_service,
    whole.every_setting_is_read,
    whole.every_setting_without_a_usable_default_is_given,
    whole.every_process_is_told_the_same,
    whole.the_password_is_asked_for_and_told_to_few,
    whole.addresses_are_those_that_are_served,
    whole.versions_are_those_of_the_local_stack,
    whole.stores_are_set_up_as_in_the_local_stack,
    whole.stopping_takes_as_long,
    each.things_start_in_the_order_of_health,
    each.whatever_is_waited_for_says_whether_it_is_healthy,
    each.ours_may_do_no_more_than_they_need,
    each.what_must_last_is_kept_in_named_volumes,
    each.images_are_small_and_run_as_nobody_special,
    each.nothing_gets_into_an_image_by_accident,
)


class Violation(NamedTuple):
    """What is written instead of what, and what the law then says."""

    law: Law
    file: str
    old: str
    new: str
    told: str


VIOLATIONS = (
    Violation(LAWS[0], COMPOSE, "  visits-worker: {", "  visits-wanderer: {", "visits-worker is missing"),
    Violation(LAWS[0], COMPOSE, "  visits-worker: {", "  visits-wanderer: {", "visits-wanderer is nobody's"),
    Violation(LAWS[0], COMPOSE, "profiles: [demo]", "profiles: []", "demo runs in []"),
    Violation(LAWS[1], COMPOSE, "[services.visits, worker]", "[services.visits, api]", "visits-worker runs"),
    Violation(LAWS[1], COMPOSE, "[shared.kafka.topics]", "[shared.kafka.toppings]", "which there is not"),
    Violation(LAWS[1], COMPOSE, "- deploy.demo\n", "- deploy.local.nothing.there\n", "which there is not"),
    Violation(LAWS[2], COMPOSE, "args: {SERVICE: visits}", "args: {SERVICE: duties}", "visits-api is built of"),
    Violation(LAWS[2], COMPOSE, "{SERVICE: tools}", "{SERVICE: spoons}", "no requirements/spoons.txt"),
    Violation(
        LAWS[2], COMPOSE, "xianfeng/visits:local", "xianfeng/trips:local", "visits-api runs xianfeng/trips:local"
    ),
    Violation(
        LAWS[2], COMPOSE, "pull_policy: never, command: [services.duties", "command: [services.duties", "registry"
    ),
    Violation(LAWS[3], COMPOSE, "XIANFENG_LOG_LEVEL", "XIANFENG_LOUDNESS", "XIANFENG_LOUDNESS, which it does not read"),
    Violation(
        LAWS[3], COMPOSE, "      XIANFENG_AUDIENCE: *audience", "      XIANFENG_TEA: black", "gateway-files is told"
    ),
    Violation(LAWS[3], DOCKERFILE, "XIANFENG_DATA_DIR", "XIANFENG_ATTIC", "XIANFENG_ATTIC, which nobody reads"),
    Violation(LAWS[3], EXAMPLE, "#XIANFENG_DEMO=on\n", "", "differ about XIANFENG_DEMO"),
    Violation(LAWS[4], COMPOSE, "  XIANFENG_KAFKA_BOOTSTRAP: kafka:9092\n", "", "not told XIANFENG_KAFKA_BOOTSTRAP"),
    Violation(LAWS[4], DOCKERFILE, "XIANFENG_HOST=0.0.0.0", "HOST=0.0.0.0", "not told XIANFENG_HOST"),
    Violation(
        LAWS[5], COMPOSE, "\n      <<: *settings\n", "\n      <<: *settings\n      XIANFENG_CLOCK: wall\n", "its own"
    ),
    Violation(
        LAWS[6], COMPOSE, "${XIANFENG_ADMIN_PASSWORD:?", "${XIANFENG_ADMIN_PASSWORD:-secret", "a password of its own"
    ),
    Violation(
        LAWS[6], COMPOSE, "  XIANFENG_LOG_LEVEL:", "  XIANFENG_ADMIN_PASSWORD: x\n  XIANFENG_LOG_LEVEL:", "must not"
    ),
    Violation(LAWS[6], EXAMPLE, "PASSWORD=\n", "PASSWORD=admin\n", "gives a password"),
    Violation(LAWS[7], COMPOSE, "identity-api:8000", "identity-api:18110", "nobody serves http://identity-api:18110"),
    Violation(LAWS[7], COMPOSE, "CLIENT://kafka:9092", "CLIENT://kafka:9094", "Kafka says another address"),
    Violation(LAWS[7], COMPOSE, "      - --worker=http://duties-worker:8000\n", "", "wait for every worker"),
    Violation(LAWS[7], COMPOSE, "http://envoy:8080", "http://envoy:80", "does not find the gateway"),
    Violation(LAWS[7], COMPOSE, ":-8080}:8080", ":-8080}:18080", "the gateway is reached at"),
    Violation(LAWS[7], COMPOSE, "/127.0.0.1/18103", "/127.0.0.1/9901", "asked for its health elsewhere"),
    Violation(LAWS[7], DOCKERFILE, "EXPOSE 8000", "EXPOSE 8001", "speaks of another port"),
    Violation(LAWS[7], SCRAPED, "scoring-worker:8000", "scoring-worker:9000", "nobody scrapes scoring-worker:8000"),
    Violation(LAWS[8], COMPOSE, "apache/kafka:4.3.1", "apache/kafka:4.3.0", "another Kafka"),
    Violation(LAWS[8], COMPOSE, "envoy:v1.40.0", "envoy:v1.39.0", "another Envoy"),
    Violation(LAWS[8], COMPOSE, "mongo:8.0", "mongo:latest", "mongo floats"),
    Violation(LAWS[8], COMPOSE, "grafana/grafana:12.1.1", "grafana/grafana", "grafana floats"),
    Violation(LAWS[8], DOCKERFILE, "python:3.11-slim", "python:3.14-slim", "not resolved for Python 3.14"),
    Violation(LAWS[9], COMPOSE, "LimitSeconds=5", "LimitSeconds=60", "transactionLifetimeLimitSeconds"),
    Violation(LAWS[9], COMPOSE, "      - --slowms=2147483647\n", "", "--slowms"),
    Violation(LAWS[9], COMPOSE, 'CREATE_TOPICS_ENABLE: "false"', 'CREATE_TOPICS_ENABLE: "true"', "KAFKA_AUTO_CREATE"),
    Violation(LAWS[9], COMPOSE, '      KAFKA_NUM_PARTITIONS: "8"\n', "", "KAFKA_NUM_PARTITIONS"),
    Violation(LAWS[9], COMPOSE, "-Xmx256m", "-Xmx1g", "another heap"),
    Violation(LAWS[9], COMPOSE, '_id: "xianfeng"', '_id: "rs0"', "another set"),
    Violation(LAWS[10], COMPOSE, "stop_grace_period: 25s", "stop_grace_period: 5s", "killed after 5s"),
    Violation(LAWS[11], COMPOSE, ", kafka: {condition: service_healthy}", "", "topics does not wait for kafka"),
    Violation(
        LAWS[11], COMPOSE, "topics: {condition: service_completed_successfully}", "mongo: {condition: x}", "topics"
    ),
    Violation(
        LAWS[11], COMPOSE, "identity-api: {condition: service_healthy}}", "mongo: {condition: x}}", "identity-api"
    ),
    Violation(LAWS[11], COMPOSE, "      duties-worker: {condition: service_healthy}\n", "", "wait for duties-worker"),
    Violation(
        LAWS[11], COMPOSE, "envoy: {condition: service_healthy}", "envoy: {condition: service_started}", "started"
    ),
    Violation(LAWS[12], DOCKERFILE, "deploy.containers.ready", "deploy.containers.steady", "the image does not say"),
    Violation(
        LAWS[12], COMPOSE, "  init: true", "  init: true\n  healthcheck: {disable: true}", "another health check"
    ),
    Violation(LAWS[12], COMPOSE, "      test: [CMD, bash", "      tests: [CMD, bash", "kafka does not say"),
    Violation(LAWS[13], COMPOSE, "read_only: true", "read_only: false", "write into its image"),
    Violation(LAWS[13], COMPOSE, "no-new-privileges:true", "seccomp:unconfined", "may gain privileges"),
    Violation(LAWS[13], COMPOSE, "  init: true", "  init: true\n  user: root", "may do everything"),
    Violation(LAWS[13], COMPOSE, "  init: true", '  init: true\n  ports: ["127.0.0.1:8000:8000"]', "past the gateway"),
    Violation(LAWS[13], COMPOSE, "127.0.0.1:3000:3000", "3000:3000", "from everywhere at 3000"),
    Violation(LAWS[14], COMPOSE, '"mongo:/data/db", ', "", "/data/db is lost"),
    Violation(LAWS[14], COMPOSE, "  keys: {}\n", "", "keys, which nobody declares"),
    Violation(LAWS[14], COMPOSE, '["data:/data"]', '["data:/data", "keys:/data/keys"]', "can read the signing keys"),
    Violation(LAWS[14], COMPOSE, "./deploy/grafana:", "./deploy/graphs:", "which there is not"),
    Violation(LAWS[14], COMPOSE, '["data:/data"]', '["other:/data"]', "does not see the clock"),
    Violation(LAWS[15], DOCKERFILE, "USER 10001", "USER root", "service runs as root"),
    Violation(LAWS[15], DOCKERFILE, "COPY requirements/${SERVICE}.txt", "COPY requirements/dev.txt", "of others"),
    Violation(
        LAWS[15], DOCKERFILE, "COPY services/${SERVICE} services/${SERVICE}", "COPY services services", "code of others"
    ),
    Violation(
        LAWS[15], DOCKERFILE, "python -m pip uninstall --yes pip setuptools wheel", "apt-get update", "build tools"
    ),
    Violation(LAWS[15], DOCKERFILE, " --only-binary :all:", "", "compiled"),
    Violation(LAWS[15], DOCKERFILE, 'ENTRYPOINT ["python", "-m"]', "ENTRYPOINT python -m", "a shell stands"),
    Violation(LAWS[15], DOCKERFILE, " AS service", " AS last", "unless another target"),
    Violation(LAWS[16], IGNORED, "*\n!requirements", "!requirements", "everything may get in"),
    Violation(LAWS[16], IGNORED, "!shared\n", "!shared\n!.env\n", ".env gets in"),
    Violation(LAWS[16], IGNORED, "shared/testing\n", "", "shared/testing gets in"),
)


def named(law: Callable[..., object]) -> str:
    return law.__name__


@pytest.mark.parametrize("law", LAWS, ids=named)
def test_the_files_keep_the_law(law: Law) -> None:
    assert list(law(Written.here())) == []


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda each: f"{named(each.law)}: {each.told}")
def test_a_deliberate_violation_is_seen(violation: Violation) -> None:
    written = Written.here().but(violation.file, violation.old, violation.new)

    assert any(violation.told in complaint for complaint in violation.law(written)), list(violation.law(written))


def test_every_law_is_seen_to_be_broken() -> None:
    assert {violation.law for violation in VIOLATIONS} == set(LAWS)
