"""What is published: the metadata, the links, and both archives."""

import re
import runpy
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from importlib.metadata import PackageNotFoundError, PathDistribution, version
from pathlib import Path

import pytest
import yaml

import ganbats_sampler

tomllib = pytest.importorskip("tomllib", reason="tomllib needs Python 3.11")
ROOT = Path(__file__).parents[1]
REPOSITORY = "https://github.com/ganbats-sampler/ganbats-sampler"
RAW = REPOSITORY.replace("github.com", "raw.githubusercontent.com")


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def citation():
    return yaml.safe_load((ROOT / "CITATION.cff").read_text())


class TestCitation:
    def test_required_keys(self, citation):
        assert {"cff-version", "message", "title", "authors"} <= set(citation)
        assert citation["type"] == "software"

    def test_same_as_the_package(self, citation, project):
        assert citation["version"] == ganbats_sampler.__version__
        assert citation["license"] == project["license"]
        assert citation["repository-code"] == project["urls"]["Source"] == REPOSITORY

    def test_the_paper(self, citation):
        (paper,) = citation["references"]
        names = [author["family-names"] for author in paper["authors"]]
        assert names == ["Liu", "Qiao", "Yuan", "Yuan", "Liu"]
        assert (paper["year"], paper["volume"], paper["issue"]) == (2023, 17, 6)
        assert paper["title"] in " ".join((ROOT / "README.md").read_text().split())


def links(path):
    """Return the targets of the links and images of a Markdown page."""
    return re.findall(r"\]\(([^)\s]+)\)|^\[[^]]+\]: (\S+)", path.read_text(), re.M)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_work_on_a_package_index(page):
    targets = [inline or reference for inline, reference in links(ROOT / page)]
    assert targets
    for target in targets:
        assert target.startswith(("https://", "#")), target


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_into_the_repository_name_a_file(page):
    pattern = rf"\(({REPOSITORY}/blob|{RAW})/main/([^)#]+)"
    for _, path in re.findall(pattern, (ROOT / page).read_text()):
        assert (ROOT / path).is_file(), path


def test_images_are_raw_files():
    images = re.findall(r"!\[[^]]*\]\(([^)]+)\)", (ROOT / "README.md").read_text())
    assert images
    for image in images:
        assert image.startswith(RAW), image


def test_every_version_of_the_changelog_is_a_link():
    text = (ROOT / "CHANGELOG.md").read_text()
    headings = re.findall(r"^## (.+)$", text, re.M)
    assert headings
    for heading in headings:
        (number,) = re.findall(r"^\[([\d.]+)\]", heading)
        assert re.search(rf"^\[{re.escape(number)}\]: {REPOSITORY}/", text, re.M), number


def test_the_workflow_runs_what_ci_runs(project):
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())["jobs"]
    commands = {step.get("run") for job in jobs.values() for step in job["steps"]}
    checks = re.findall(r"^make .+$", (ROOT / ".ci" / "run").read_text(), re.M)
    assert checks and set(checks) <= commands
    versions = jobs["test"]["strategy"]["matrix"]["python-version"]
    named = [line for line in project["classifiers"] if line[-1].isdigit() and "3." in line]
    assert [line.rpartition(" ")[2] for line in named] == versions


class TestLowestVersions:
    @pytest.fixture
    def lowest(self):
        return runpy.run_path(str(ROOT / ".ci" / "lowest.py"))

    def test_one_for_each_dependency(self, lowest, project):
        lines = lowest["constraints"]()
        assert len(lines) == len(project["dependencies"])
        assert "imbalanced-learn==0.14" in lines
        pins = (ROOT / "constraints.txt").read_text().splitlines()
        assert [line for line in lines if line.startswith("torch==")] == [
            line for line in pins if line.startswith("torch==")
        ]

    def test_the_highest_of_several_bounds(self, lowest):
        bounds = lowest["lower_bounds"](["a>=1.9", "a[b]<2,>=1.10; python_version>'3'", "c >= 2"])
        assert bounds == {"a": "1.10", "c": "2"}

    def test_no_bound_is_an_error(self, lowest):
        with pytest.raises(SystemExit, match="'a<2' has no lower bound: add one"):
            lowest["lower_bounds"](["a<2"])


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """Build the wheel and the source archive from a copy, so that nothing stale gets in."""
    pytest.importorskip("build", reason='pip install "ganbats-sampler[release]"')
    source, built = (tmp_path_factory.mktemp(name) for name in ("source", "dist"))
    ignored = shutil.ignore_patterns(".*", "*.egg-info", "build", "dist", "docs", "__pycache__")
    shutil.copytree(ROOT, source, ignore=ignored, dirs_exist_ok=True)
    # Without isolation, nothing is downloaded.
    run("-m", "build", "--no-isolation", "--outdir", built, source)
    (wheel,), (sdist,) = built.glob("*.whl"), built.glob("*.tar.gz")
    return wheel, sdist


def run(*arguments, python=sys.executable):
    """Run Python, and show what it printed if it fails."""
    done = subprocess.run([python, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
class TestArchives:
    def test_twine_and_check_wheel_contents(self, archives):
        wheel, sdist = archives
        run("-m", "twine", "check", "--strict", wheel, sdist)
        run("-m", "check_wheel_contents", wheel)

    def test_contents_of_the_wheel(self, archives):
        names = zipfile.ZipFile(archives[0]).namelist()
        assert "ganbats_sampler/py.typed" in names
        tops = {name.split("/")[0] for name in names}
        metadata = f"ganbats_sampler-{ganbats_sampler.__version__}.dist-info"
        assert tops == {"ganbats_sampler", metadata}
        modules = {str(path.relative_to(ROOT)) for path in ROOT.glob("ganbats_sampler/**/*.py")}
        assert modules == {name for name in names if name.endswith(".py")}

    def test_contents_of_the_source_archive(self, archives):
        with tarfile.open(archives[1]) as archive:
            names = {name.partition("/")[2] for name in archive.getnames()}
        assert {"LICENSE", "README.md", "CHANGELOG.md", "CITATION.cff", "pyproject.toml"} <= names
        assert not {name.split("/")[0] for name in names} & {"tests", "examples", "docs"}

    def test_extras_resolve(self, archives):
        folder = f"ganbats_sampler-{ganbats_sampler.__version__}.dist-info/"
        distribution = PathDistribution(zipfile.Path(archives[0], folder))
        extras = distribution.metadata.get_all("Provides-Extra")
        assert {"all", "benchmark", "data", "plot", "test"} <= set(extras)
        for extra in extras:
            requirements = requirements_of(extra, distribution.requires)
            assert requirements, extra
            for requirement in requirements:
                if requirement.name == "ganbats-sampler":
                    assert requirement.extras <= set(extras), requirement
                    continue
                try:
                    installed = version(requirement.name)
                except PackageNotFoundError:  # of an extra that is not installed here
                    continue
                assert requirement.specifier.contains(installed, prereleases=True), requirement

    def test_the_wheel_works_in_an_empty_environment(self, archives, tmp_path):
        venv.create(tmp_path / "venv", symlinks=True)
        scheme = {"base": str(tmp_path / "venv"), "platbase": str(tmp_path / "venv")}
        python = Path(sysconfig.get_path("scripts", "venv", scheme)) / "python"
        packages = Path(sysconfig.get_path("purelib", "venv", scheme))
        # The dependencies are those of this environment: PyTorch alone is hundreds of megabytes.
        # A path in a .pth file does not bring in the .pth files there, nor an editable install.
        (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
        install = ("-m", "pip", "--python", python, "install", "--no-deps", "--no-index")
        run(*install, archives[0])
        assert str(packages) in run("-I", "-c", SMALL, python=python)
        assert "benchmark" in run("-I", "-m", "ganbats_sampler", "--help", python=python)


#: Over-sample eight waves to twelve, with imbalanced-learn's SMOTE and with our default.
SMALL = """
import numpy as np
import ganbats_sampler
from ganbats_sampler import HerdedSampler
from ganbats_sampler.samplers import get_sampler

X = np.sin(np.linspace(0, 9, 20) + np.random.default_rng(0).normal(size=(20, 1)))
y = np.repeat(["normal", "abnormal"], [12, 8])
for sampler in (get_sampler("smote", random_state=0), HerdedSampler(random_state=0)):
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    assert X_resampled.shape == (24, 20) and np.isfinite(X_resampled).all()
    assert (y_resampled == "abnormal").sum() == 12
print(ganbats_sampler.__file__)
"""


def requirements_of(extra, requires):
    """Return the requirements that an extra adds."""
    from packaging.requirements import Requirement

    parsed = [Requirement(line) for line in requires]
    return [one for one in parsed if one.marker and f'extra == "{extra}"' in str(one.marker)]
