"""`make bundle`: pack the committed code with all it needs into `dist`; `python -m deploy.bundle --to FOLDER`."""

import json
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from deploy.bundle.archive import Content, digest_of, pack, unpack
from deploy.bundle.checkout import Checkout, NotACheckout
from deploy.bundle.images import read_images
from deploy.bundle.programs import Program, read_programs
from deploy.bundle.sbom import image_components, jar_components, wheel_components, write_sbom
from deploy.bundle.wheels import GLIBC_MINOR, PYTHONS, WheelRefused, collect, fetch_with_pip, read_pins
from deploy.local.jars import CHECKSUMS, JarRefused, fetch_with_jgo, get_jars, read_checksums
from deploy.local.settings import ROOT, SettingRefused, Settings
from deploy.local.setup_environment import BUNDLE, BUNDLED

INSIDE = BUNDLE.name
REFUSALS = (NotACheckout, WheelRefused, JarRefused, SettingRefused)
app = typer.Typer(add_completion=False, help="先锋亮绩：离线安装包")


@app.command()
def bundle(
    to: Annotated[Path, typer.Option(help="the folder the archive is written into")] = ROOT / "dist",
) -> None:
    """Write the archive and say where it is."""
    code = Checkout.at(ROOT)
    if code.has_changes():
        print(f"注意：未提交的修改不在包内，打包的是提交 {code.commit[:12]}。", flush=True)
    settings = Settings.from_environment()
    source = code.archive()
    with tempfile.TemporaryDirectory(prefix="xf-bundle-") as folder:
        committed = Path(folder)
        unpack(source, committed)
        print("收集安装包（首次需下载约 180 MB）…", flush=True)
        wheels = collect(pins_of(committed), settings.cache_dir / "wheels", fetch_with_pip)
        print("收集 Kafka 的 jar …", flush=True)
        checksums = read_checksums(committed / CHECKSUMS.relative_to(ROOT))
        images = read_images(committed)
    jars = get_jars(settings.cache_dir, checksums, partial(fetch_with_jgo, environment=settings.inherited))
    added = contents(code, wheels, [jars / name for name in sorted(checksums)], images, read_programs())
    print("写入归档 …", flush=True)
    name = f"xianfeng-{code.name}-linux-x86_64"
    target = to / f"{name}.tar"
    digest = pack(target, name, source, added, int(code.moment.timestamp()))
    print(f"离线安装包：{target}（{target.stat().st_size // 2**20} MB）")
    print(f"sha256：{digest}")
    print("用法：docs/operations/offline.md")


def pins_of(root: Path) -> dict[str, str]:
    """What is installed offline: the pins of the local stack, and the pip that installs them."""
    requirements = root / "requirements"
    own = read_pins((requirements / f"{BUNDLED}.txt").read_text(encoding="utf-8"))
    return {**own, "pip": read_pins((requirements / "dev.txt").read_text(encoding="utf-8"))["pip"]}


def contents(
    code: Checkout, wheels: list[Path], jars: list[Path], images: list[str], programs: list[Program]
) -> dict[str, Content]:
    """Say what lies beside the code in the archive, by its path."""
    parts = [
        *wheel_components({wheel: digest_of(wheel) for wheel in wheels}, programs),
        *jar_components({jar: digest_of(jar) for jar in jars}),
        *image_components(images),
    ]
    return {
        **{f"{INSIDE}/wheels/{wheel.name}": wheel for wheel in wheels},
        **{f"{INSIDE}/jars/{jar.name}": jar for jar in jars},
        f"{INSIDE}/images.txt": "".join(f"{image}\n" for image in images).encode(),
        f"{INSIDE}/manifest.json": (json.dumps(manifest(code, programs), indent=1) + "\n").encode(),
        f"{INSIDE}/sbom.cdx.json": write_sbom("xianfeng", code.name, code.moment, parts).encode(),
    }


def manifest(code: Checkout, programs: list[Program]) -> dict[str, object]:
    """Say what the bundle was made of and for; `setup_environment.py` holds a machine against it."""
    return {
        "version": code.version,
        "commit": code.commit,
        "system": "Linux",
        "machine": "x86_64",
        "glibc": f"2.{GLIBC_MINOR}",
        "pythons": [f"{major}.{minor}" for major, minor in PYTHONS],
        "programs": [{"name": each.name, "version": each.version, "wheel": each.wheel} for each in programs],
    }


def main() -> None:
    """Run the command; a refusal is a sentence, not a traceback."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except REFUSALS as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
