"""Print the lowest supported versions as a constraints file for pip.

pip has no option that installs the lowest versions. PyTorch stays at the version of
``constraints.txt``, because older builds are large and are not available everywhere.

Usage: python .ci/lowest.py [EXTRA ...] > lowest.txt
"""

import re
import sys
from pathlib import Path

import tomllib

ROOT = Path(__file__).parents[1]
PINNED = ("torch",)


def lower_bounds(requirements):
    """Return a dict of the lower bound of each requirement, by name."""
    bounds = {}
    for requirement in requirements:
        found = re.match(r"([\w.-]+)(?:\[.*?\])?[^;]*?>=\s*([\w.]+)", requirement)
        if not found:
            raise SystemExit(f"{requirement!r} has no lower bound: add one, such as >=1.0")
        name, version = found.groups()
        bounds[name] = max(bounds.get(name, version), version, key=as_numbers)
    return bounds


def as_numbers(version):
    """Return the parts of a version as numbers, so that 1.10 is above 1.9."""
    return [int(part) for part in re.findall(r"\d+", version)]


def constraints(extras=()):
    """Return the lines of the constraints file of the package and some of its extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    requirements = list(project["dependencies"])
    for extra in extras:
        requirements += project["optional-dependencies"][extra]
    own = project["name"] + "["
    bounds = lower_bounds(one for one in requirements if not one.startswith(own))
    pins = re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "constraints.txt").read_text(), re.M)
    bounds.update((name, version) for name, version in pins if name in PINNED)
    return [f"{name}=={version}" for name, version in sorted(bounds.items())]


if __name__ == "__main__":
    print("\n".join(constraints(sys.argv[1:])))
