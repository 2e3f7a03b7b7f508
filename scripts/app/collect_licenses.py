"""Copies the licences of all that was packed into the folder ``licenses`` of the program."""

import argparse
import importlib.metadata
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).parent
WORDS = ("license", "licence", "copying", "notice", "thirdparty", "third-party", "authors")
"""How names of files begin or contain what a licence asks to be passed on."""
NOT_PACKED = (
    "pip",
    "setuptools",
    "wheel",
    "altgraph",
    "pyinstaller-hooks-contrib",
    "openvino-telemetry",
    "huggingface-hub",
)
"""Installed to build, or by something that can do without."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path, help="the folder that was packed")
    parser.add_argument("--project", type=Path, required=True, help="the project's own licence")
    arguments = parser.parse_args()
    target = arguments.program / "licenses"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(HERE / "licenses", target)
    shutil.copyfile(arguments.project, target / "PIA-Edge.txt")
    shutil.copyfile(Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", target / "Python.txt")
    bare = [
        name
        for name in packages()
        if not copy_of_package(name, target / name) and not copy_of_apache(name, arguments.project, target / name)
    ]
    foreign = copy_of_system(arguments.program / "_internal", target / "system")
    print(f"licences of {len(packages())} packages and {foreign} packages of the system")
    # Qt for Python names its licence and ships no text; ours stands above.
    unexplained = set(bare) - {"PySide6_Essentials", "pyside6_essentials", "shiboken6", "pia_edge", "pia-edge"}
    if unexplained:
        print(f"collect_licenses: no licence text of {', '.join(sorted(unexplained))}; add one to {HERE / 'licenses'}")
    return 1 if unexplained else 0


def packages() -> list[str]:
    return sorted(
        found.name
        for found in importlib.metadata.distributions()
        if found.name.lower().replace("_", "-") not in NOT_PACKED
    )


def copy_of_package(name: str, target: Path) -> bool:
    """Copy what a package says of its licence; return whether it says anything."""
    found = importlib.metadata.distribution(name)
    count = 0
    for file in found.files or ():
        if any(word in file.name.lower() for word in WORDS) and file.suffix not in (".py", ".pyc", ".pyi", ".h"):
            place = target / f"{count:02}-{file.name}" if (target / file.name).exists() else target / file.name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(found.locate_file(file), place)
            count += 1
    return count > 0


def copy_of_apache(name: str, text: Path, target: Path) -> bool:
    """Copy the Apache License, which is the project's own, for a package that names it and ships no text."""
    stated = importlib.metadata.metadata(name)
    words = [
        *stated.get_all("License", []),
        *stated.get_all("License-Expression", []),
        *stated.get_all("Classifier", []),
    ]
    if not any("apache" in word.lower() for word in words):
        return False
    target.mkdir()
    shutil.copyfile(text, target / "Apache-2.0.txt")
    return True


def copy_of_system(internal: Path, target: Path) -> int:
    """Copy the licences of libraries that came from packages of a Debian-like system; return how many packages."""
    if sys.platform != "linux" or shutil.which("dpkg-query") is None:
        return 0
    owners: dict[str, str] = {}
    for library in sorted(internal.glob("*.so*")):
        for folder in ("/lib", "/usr/lib"):
            for place in Path(folder).glob(f"*-linux-gnu/{library.name}"):
                owners.update(dict.fromkeys(owner_of(place) | owner_of(place.resolve()), ""))
    target.mkdir()
    for name in owners:
        stated = Path("/usr/share/doc") / name / "copyright"
        if stated.exists():
            shutil.copyfile(stated, target / f"{name}.txt")
        owners[name] = asked("dpkg-query", "-W", "-f=${Version}", name)
    lines = [f"{name} {version}\n" for name, version in sorted(owners.items())]
    (target / "packages.txt").write_text("".join(lines), encoding="utf-8")
    return len(owners)


def owner_of(file: Path) -> set[str]:
    return {line.split(":")[0] for line in asked("dpkg-query", "-S", str(file)).splitlines() if ":" in line}


def asked(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
