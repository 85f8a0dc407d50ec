"""Resolve pyproject.toml into requirements.txt and requirements-dev.txt: every package, pinned exactly.

The pins say nothing of where a package came from, and carry no local version ("+cpu"), so that they
hold on any index.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by `make lock` from pyproject.toml ({extra}); install it with `make {target}`.\n"


def resolve(*requirements: str, constraints: Path | None = None) -> dict[str, str]:
    """Ask pip which versions it would install for the requirements: {name: version}."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
        command += ["--report", str(report), *requirements]
        if constraints is not None:
            command += ["-c", str(constraints)]
        subprocess.run(command, cwd=ROOT, check=True)
        found = [item["metadata"] for item in json.loads(report.read_text())["install"]]
    return {one["name"]: one["version"].partition("+")[0] for one in found if one["name"] != project()["name"]}


def project() -> dict[str, str]:
    """The [project] table."""
    table: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return table


def write(path: Path, versions: dict[str, str], *, extra: str, target: str) -> None:
    """Write the pins, in the order of their names."""
    pins = [f"{name}=={versions[name]}\n" for name in sorted(versions, key=str.lower)]
    path.write_text(HEADER.format(extra=extra, target=target) + "".join(pins))


def main() -> None:
    """Resolve everything first, so that the two files agree."""
    builder = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]
    everything = resolve(".[dev]", *builder)
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        write(pins, everything, extra="all", target="lock")
        needed = resolve(".", *builder, constraints=pins)
    tools = {name: version for name, version in everything.items() if name not in needed}
    write(ROOT / "requirements.txt", needed, extra="dependencies", target="install")
    write(ROOT / "requirements-dev.txt", tools, extra="the extra dev", target="install-dev")


if __name__ == "__main__":
    main()
