"""docs/scale.md says what the model says, and the model's deployments are those of deploy/kubernetes."""

import re
from pathlib import Path
from typing import Any

import yaml

from shared.events.catalogue import PARTITIONS as OF_THE_CATALOGUE
from tests.bench.scale import (
    NO_PROCESS,
    kafka_bytes_a_year,
    mongo_bytes_a_year,
    parts,
    rebuild_seconds,
    years_until_full,
)
from tests.bench.scale_costs import GIB, GIVEN, PARTITIONS, SIZES, TIB
from tests.bench.scale_page import PAGE, page, tables

KUBERNETES = Path(__file__).parents[3] / "deploy" / "kubernetes"
COUNTY, PROVINCE = GIVEN["county"], GIVEN["province"]


def stores() -> dict[str, Any]:
    """The province's stores by kind and name."""
    read = yaml.safe_load_all((KUBERNETES / "overlays" / "province" / "stores.yaml").read_text("utf-8"))
    return {f"{each['kind']} {each['metadata']['name']}": each for each in read}


def patched(overlay: str) -> dict[str, Any]:
    """What an overlay puts where: a target's kind and name and the path in it."""
    read = yaml.safe_load((KUBERNETES / "overlays" / overlay / "kustomization.yaml").read_text("utf-8"))
    return {
        f"{patch['target']['kind']} {patch['target'].get('name', '')} {change['path']}": change["value"]
        for patch in read["patches"]
        if "patch" in patch
        for change in yaml.safe_load(patch["patch"])
    }


def size(text: str) -> float:
    """Bytes of `100Gi`, `2Ti`, `4g`."""
    return int(re.sub(r"\D", "", text)) * (TIB if "Ti" in text else GIB)


def test_the_page_is_up_to_date() -> None:
    assert page(PAGE.read_text("utf-8")) == PAGE.read_text("utf-8"), "python -m tests.bench.scale_page"


def test_every_table_stands_on_the_page() -> None:
    assert re.findall(r"<!-- table (\w+) -->", PAGE.read_text("utf-8")) == list(tables())


def test_what_the_page_says_in_short_is_what_the_model_says() -> None:
    county, province = SIZES[1], SIZES[2]
    mongo, kafka = years_until_full(province)
    [identity] = [each for each in parts(province.peak, province) if each.name == "identity api"]
    [lanes] = [each for each in parts(2 * province.peak, province) if each.name == "notifications, lanes of a topic"]
    a_year = (kafka_bytes_a_year(province) + sum(mongo_bytes_a_year(province))) / 1e12
    said = (
        f"a peak keeps them {identity.busy(identity.least):.0%}".replace("%", " %"),
        f"about {(kafka_bytes_a_year(county) + sum(mongo_bytes_a_year(county))) / 1e9:.0f} GB on disk",
        f"2 TiB after {kafka:.1f} years, of MongoDB's 4 TiB after {mongo:.1f}",
        f"some {a_year:.1f} TB a year and copy",
        f"rebuild takes {rebuild_seconds(province) / 3600:.0f} hours",
        f"lanes at {lanes.busy(1):.0%}".replace("%", " %"),
    )
    text = PAGE.read_text("utf-8")

    assert [each for each in said if each not in text] == []


def test_partitions_are_those_of_the_catalogue() -> None:
    assert PARTITIONS == OF_THE_CATALOGUE


def test_the_provinces_replicas_are_those_of_its_overlay() -> None:
    given = patched("province")

    assert (
        given["HorizontalPodAutoscaler  /spec/minReplicas"],
        given["HorizontalPodAutoscaler  /spec/maxReplicas"],
    ) == PROVINCE.apis
    assert given["HorizontalPodAutoscaler identity-api /spec/minReplicas"] == PROVINCE.identities
    assert given["Deployment  /spec/replicas"] == PROVINCE.workers
    assert given["Deployment scoring-worker /spec/replicas"] == PROVINCE.folds
    assert given["Deployment envoy /spec/replicas"] == PROVINCE.gateways
    memory = given["Deployment scoring-worker /spec/template/spec/containers/0/resources/limits/memory"]
    assert size(memory) == PROVINCE.fold_memory


def test_what_runs_before_anything_grows_bears_the_peak() -> None:
    short = [
        (size.name, part.name, part.least, part.needed)
        for size in SIZES[:3]
        for part in parts(size.peak, size)
        if part.name not in NO_PROCESS and (part.needed is None or part.least < part.needed)
    ]

    assert short == []


def test_the_provinces_stores_are_those_of_its_overlay() -> None:
    kafka, mongo = stores()["KafkaNodePool node"]["spec"], stores()["MongoDBCommunity mongo"]["spec"]
    mongod = mongo["statefulSet"]["spec"]
    [server] = [each for each in mongod["template"]["spec"]["containers"] if each["name"] == "mongod"]

    assert kafka["replicas"] == mongo["members"] == PROVINCE.copies
    assert size(kafka["storage"]["volumes"][0]["size"]) == PROVINCE.kafka_disk
    assert size(kafka["jvmOptions"]["-Xmx"]) == PROVINCE.heap
    assert float(kafka["resources"]["requests"]["cpu"]) == PROVINCE.broker_cores
    assert float(server["resources"]["requests"]["cpu"]) == PROVINCE.mongod_cores
    assert mongo["additionalMongodConfig"]["storage.wiredTiger.engineConfig.cacheSizeGB"] * GIB == PROVINCE.cache
    data = mongod["volumeClaimTemplates"][0]["spec"]["resources"]["requests"]["storage"]
    assert size(data) == PROVINCE.mongo_disk


def test_the_countys_disks_are_those_of_its_overlay() -> None:
    sizes = {name.split()[0]: size(value) for name, value in patched("county").items()}

    assert sizes == {"KafkaNodePool": COUNTY.kafka_disk, "MongoDBCommunity": COUNTY.mongo_disk}
