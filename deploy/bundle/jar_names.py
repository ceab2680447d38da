"""What each of Kafka's jars is called in Maven's repository, and its licence: a jar often does not say so itself."""

import re
from dataclasses import dataclass

APACHE, MIT = "Apache-2.0", "MIT"

# Group and licence by the beginning of the file name; the longest beginning wins. From each artifact's POM.
_GROUPS = {
    "HdrHistogram": ("org.hdrhistogram", "BSD-2-Clause"),
    "argparse4j": ("net.sourceforge.argparse4j", MIT),
    "caffeine": ("com.github.ben-manes.caffeine", APACHE),
    "commons-beanutils": ("commons-beanutils", APACHE),
    "commons-collections": ("commons-collections", APACHE),
    "commons-digester": ("commons-digester", APACHE),
    "commons-logging": ("commons-logging", APACHE),
    "commons-validator": ("commons-validator", APACHE),
    "hash4j": ("com.dynatrace.hash4j", APACHE),
    "jackson-dataformat": ("com.fasterxml.jackson.dataformat", APACHE),
    "jackson-datatype": ("com.fasterxml.jackson.datatype", APACHE),
    "jackson": ("com.fasterxml.jackson.core", APACHE),
    "jopt-simple": ("net.sf.jopt-simple", MIT),
    "jose4j": ("org.bitbucket.b_c", APACHE),
    "jspecify": ("org.jspecify", APACHE),
    "kafka": ("org.apache.kafka", APACHE),
    "log4j": ("org.apache.logging.log4j", APACHE),
    "lz4-java": ("at.yawk.lz4", APACHE),
    "metrics-core": ("com.yammer.metrics", APACHE),
    "pcollections": ("org.pcollections", MIT),
    "re2j": ("com.google.re2j", "BSD-3-Clause"),
    "scala-logging": ("com.typesafe.scala-logging", APACHE),
    "scala": ("org.scala-lang", APACHE),
    "slf4j": ("org.slf4j", MIT),
    "snakeyaml": ("org.yaml", APACHE),
    "snappy-java": ("org.xerial.snappy", APACHE),
    "zstd-jni": ("com.github.luben", "BSD-2-Clause"),
}


@dataclass(frozen=True, slots=True)
class JarName:
    """The coordinates of a jar, and its licence by SPDX."""

    group: str
    artifact: str
    version: str
    licence: str


def name_of(file: str) -> JarName:
    """Read the coordinates off a file name; raises LookupError for a jar nobody has entered above."""
    parts = re.fullmatch(r"(.+?)-(\d[\w.-]*)\.jar", file)
    beginnings = [beginning for beginning in _GROUPS if file.startswith(beginning)]
    if parts is None or not beginnings:
        raise LookupError(f"deploy/bundle/jar_names.py 里没有 {file} 的出处和许可")
    group, licence = _GROUPS[max(beginnings, key=len)]
    return JarName(group, parts[1], parts[2], licence)
