"""The list of parts and the list of images: whole, valid, and the same text for the same parts."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.metadata import parse_email

from deploy.bundle.images import named_images
from deploy.bundle.jar_names import JarName, name_of
from deploy.bundle.programs import Program
from deploy.bundle.sbom import image_components, jar_components, licences_of, wheel_components, write_sbom
from deploy.local.jars import read_checksums
from deploy.local.settings import ROOT

MOMENT = datetime(2026, 11, 30, 8, tzinfo=UTC)
DIGEST = "0123456789abcdef" * 4


def a_wheel(folder: Path, said: str) -> Path:
    wheel = folder / "fast_db-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr(
            "fast_db-1.0.dist-info/METADATA", f"Metadata-Version: 2.4\nName: fast-db\nVersion: 1.0\n{said}\n"
        )
    return wheel


def sbom(folder: Path) -> str:
    wheels = {a_wheel(folder, "Summary: A database\nLicense-Expression: MIT OR Apache-2.0"): DIGEST}
    carried = [Program("mongod", "fast-db", "6.0.5", "SSPL-1.0")]
    parts = [
        *wheel_components(wheels, carried),
        *jar_components({Path("kafka_2.13-4.3.1.jar"): DIGEST}),
        *image_components(["mongo:8.0", "xianfeng/visits:local"]),
    ]
    return write_sbom("xianfeng", "0.1.0-abc", MOMENT, parts)


def parts(folder: Path) -> dict[str, Any]:
    return {part["name"]: part for part in json.loads(sbom(folder))["components"]}


def test_the_list_of_parts_is_valid_cyclonedx(tmp_path: Path) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_7).validate_str(sbom(tmp_path)) is None


def test_the_same_parts_give_the_same_list(tmp_path: Path) -> None:
    assert sbom(tmp_path) == sbom(tmp_path)


def test_a_wheel_is_listed_with_digest_licence_and_the_program_it_carries(tmp_path: Path) -> None:
    wheel = parts(tmp_path)["fast-db"]

    assert wheel["purl"].startswith("pkg:pypi/fast-db@1.0")
    assert wheel["hashes"] == [{"alg": "SHA-256", "content": DIGEST}]
    assert wheel["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    [mongod] = wheel["components"]
    assert (mongod["name"], mongod["version"]) == ("mongod", "6.0.5")
    assert mongod["licenses"] == [{"license": {"id": "SSPL-1.0"}}]


def test_a_jar_is_listed_by_its_coordinates(tmp_path: Path) -> None:
    jar = parts(tmp_path)["kafka_2.13"]

    assert jar["purl"] == "pkg:maven/org.apache.kafka/kafka_2.13@4.3.1"
    assert jar["licenses"] == [{"license": {"id": "Apache-2.0"}}]


def test_an_image_of_others_is_named_as_something_from_outside_and_ours_are_not(tmp_path: Path) -> None:
    listed = parts(tmp_path)

    assert (listed["mongo"]["purl"], listed["mongo"]["isExternal"]) == ("pkg:docker/library/mongo@8.0", True)
    assert not [name for name in listed if name.startswith("xianfeng/")]


@pytest.mark.parametrize(
    ("said", "licences"),
    [
        ("License-Expression: MIT\nLicense: something else", ["MIT"]),
        ("License: BSD-3-Clause", ["BSD-3-Clause"]),
        (
            "License: The whole text\n        of a licence\nClassifier: License :: OSI Approved :: BSD License",
            ["BSD License"],
        ),
        ("License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License", ["MIT License"]),
        ("Summary: says nothing", []),
    ],
)
def test_a_licence_is_what_the_wheel_says_in_a_word(said: str, licences: list[str]) -> None:
    metadata, _ = parse_email(f"Metadata-Version: 2.1\nName: x\nVersion: 1\n{said}\n")

    assert licences_of(metadata) == licences


def test_every_jar_of_the_stack_has_coordinates_and_a_licence() -> None:
    assert all(name_of(jar).group and name_of(jar).licence for jar in read_checksums())


def test_the_longest_beginning_names_a_jar() -> None:
    assert name_of("scala-logging_2.13-3.9.6.jar") == JarName(
        "com.typesafe.scala-logging", "scala-logging_2.13", "3.9.6", "Apache-2.0"
    )
    assert name_of("zstd-jni-1.5.6-10.jar").version == "1.5.6-10"


def test_a_jar_nobody_entered_is_refused() -> None:
    with pytest.raises(LookupError, match=r"stranger-1\.0\.jar"):
        name_of("stranger-1.0.jar")


def test_images_are_found_wherever_they_are_named_and_listed_once() -> None:
    pod = {"spec": {"initContainers": [{"image": "b:1"}], "containers": [{"image": "a:2"}, {"image": "b:1"}]}}

    assert named_images([pod, {"x-ours": {"image": "c:3"}}, None]) == ["a:2", "b:1", "c:3"]


def test_the_images_of_compose_are_all_listed_each_with_its_tag() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    images = named_images([yaml.safe_load(text)])

    assert {"apache/kafka", "mongo", "envoyproxy/envoy", "prom/prometheus", "xianfeng/visits"} <= {
        image.partition(":")[0] for image in images
    }
    assert [image for image in images if ":" not in image] == []
