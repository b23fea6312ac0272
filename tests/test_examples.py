"""The scripts of the benchmarks can be imported, list their methods, and measure what they say."""

import importlib.util
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "examples" / "benchmarks"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_a_benchmark_script_can_be_imported(path, monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    spec = importlib.util.spec_from_file_location(f"benchmarks_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert callable(module.main)
    if hasattr(module, "methods"):
        assert module.methods()
    for name in {other.stem for other in FOLDER.glob("*.py")} & sys.modules.keys():
        monkeypatch.delitem(sys.modules, name)


def test_a_generator_of_a_quarter_of_the_resolution_reads_every_fourth_step(monkeypatch):
    torch = pytest.importorskip("torch")
    monkeypatch.syspath_prepend(FOLDER)
    generators = importlib.import_module("generators")
    generator = generators.QuarterGenerator(n_channels=2, n_timepoints=16, hidden_size=4).eval()
    read = []
    generator.lstm.register_forward_pre_hook(lambda _, args: read.append(args[0].shape[1]))
    assert generator(torch.zeros(3, 16, 1)).shape == (3, 2, 16)
    assert read == [4]
    for name in ("generators", "fidelity"):
        monkeypatch.delitem(sys.modules, name)
