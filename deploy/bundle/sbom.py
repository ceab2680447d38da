"""The list of parts (SBOM) in CycloneDX JSON: wheels and the programs inside them, jars, and the images by name."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import License
from cyclonedx.output.json import JsonV1Dot7
from packageurl import PackageURL
from packaging.metadata import RawMetadata, parse_email
from packaging.utils import canonicalize_name, parse_wheel_filename

from deploy.bundle.images import OURS
from deploy.bundle.jar_names import name_of
from deploy.bundle.programs import Program

# A licence field longer than this holds the whole text; the classifiers then name it in a word.
_LONGEST_NAME = 80
_CLASSIFIER = "License :: OSI Approved :: "

Digests = Mapping[Path, str]
"""The sha256 of each file."""


def write_sbom(name: str, version: str, moment: datetime, components: Iterable[Component]) -> str:
    """Write the list for this version of the platform; the same parts give the same text."""
    platform = Component(
        name=name,
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref=f"{name}@{version}",
        licenses=[_licence("Apache-2.0")],
    )
    parts = list(components)
    bom = Bom(
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, " ".join([name, version, *sorted(map(_identity, parts))])),
        metadata=BomMetaData(component=platform, timestamp=moment),
        components=parts,
    )
    bom.register_dependency(platform, parts)
    return JsonV1Dot7(bom).output_as_string(indent=1) + "\n"


def _identity(part: Component) -> str:
    return " ".join([str(part.bom_ref), *(each.content for each in part.hashes)])


def wheel_components(digests: Digests, programs: Iterable[Program]) -> Iterator[Component]:
    """Describe each wheel by what it says of itself, and the programs it carries as parts of it."""
    carried = list(programs)
    for wheel, digest in digests.items():
        name, version, _, _ = parse_wheel_filename(wheel.name)
        said = metadata_of(wheel)
        yield Component(
            name=name,
            version=str(version),
            description=said.get("summary"),
            bom_ref=wheel.name,
            purl=PackageURL("pypi", None, name, str(version), {"file_name": wheel.name}),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
            licenses=[_licence(each) for each in licences_of(said)],
            components=[_program(each) for each in carried if canonicalize_name(each.wheel) == name],
        )


def _program(program: Program) -> Component:
    return Component(
        name=program.name,
        version=program.version,
        type=ComponentType.APPLICATION,
        bom_ref=f"{program.name}@{program.version}",
        purl=PackageURL("generic", None, program.name, program.version),
        licenses=[_licence(program.licence)],
    )


def jar_components(digests: Digests) -> Iterator[Component]:
    """Describe each jar by its coordinates in Maven's repository."""
    for jar, digest in digests.items():
        name = name_of(jar.name)
        yield Component(
            group=name.group,
            name=name.artifact,
            version=name.version,
            bom_ref=jar.name,
            purl=PackageURL("maven", name.group, name.artifact, name.version),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
            licenses=[_licence(name.licence)],
        )


def image_components(images: Iterable[str]) -> Iterator[Component]:
    """Name each image of others as something from outside: the bundle says which, it does not carry them."""
    for image in images:
        if not image.startswith(OURS):
            path, _, tag = image.partition(":")
            namespace, _, name = path.rpartition("/")
            yield Component(
                name=path,
                version=tag,
                type=ComponentType.CONTAINER,
                bom_ref=image,
                is_external=True,
                purl=PackageURL("docker", namespace or "library", name, tag),
            )


def metadata_of(wheel: Path) -> RawMetadata:
    """Read what a wheel says of itself."""
    with ZipFile(wheel) as packed:
        (place,) = (name for name in packed.namelist() if name.endswith(".dist-info/METADATA") and name.count("/") == 1)
        said, _ = parse_email(packed.read(place))
    return said


def licences_of(said: RawMetadata) -> list[str]:
    """Name the licences: the SPDX expression, else a field that is no whole text, else the classifiers."""
    for given in (said.get("license_expression"), said.get("license")):
        if given and given != "UNKNOWN" and len(given) <= _LONGEST_NAME and "\n" not in given:
            return [given]
    return [each.removeprefix(_CLASSIFIER) for each in said.get("classifiers", []) if each.startswith(_CLASSIFIER)]


def _licence(name: str) -> License:
    return LicenseFactory().make_from_string(name)
