import numpy as np
import pytest

from ganbats_sampler.benchmark import Task
from ganbats_sampler.benchmark.ablation import ABLATION, measure_form
from ganbats_sampler.benchmark.paper import (
    TABLES_3_AND_4,
    PaperSet,
    paper_arms,
    run_table_2,
    run_tables_3_and_4,
    table_2,
    tables_3_and_4,
)


@pytest.fixture
def waves_task():
    rng = np.random.default_rng(0)
    y = rng.random(240) < 0.5
    phase = rng.normal(size=(240, 1, 1))
    X = np.sin(np.linspace(0, 6, 24) * np.where(y, 2, 1)[:, None, None] + phase)
    return Task("waves", X, y, np.repeat(np.arange(12), 20), n_minority=30)


def test_arms_are_the_papers_and_smote():
    arms = {arm.name: arm for arm in paper_arms("nasa-battery")}
    assert set(TABLES_3_AND_4["ecg"]) | {"smote"} == set(arms)
    for form, parts in ABLATION.items():
        parameters = arms[form].sampler.get_params()
        assert parameters["batch_size"] == 32 and parameters["recipe"] == "paper"
        assert {name: parameters[name] for name in parts} == parts


def test_a_form_is_measured_beside_floor_and_class_mean(waves_task):
    row = measure_form(waves_task, "ecg-mit", "attention", 0, max_epochs=2)
    assert row["updates"] == 2 and row["form"] == "attention"
    assert row["prd_nearest_floor"] < row["prd_nearest"]  # two updates make no waves
    assert row["dtw_nearest_floor"] < row["dtw_random_floor"]
    assert row["prd_random_class_mean"] < row["prd_random_floor"]  # what PRD rewards
    again = measure_form(waves_task, "ecg-mit", "attention", 0, max_epochs=2)
    assert {**again, "seconds": 0} == {**row, "seconds": 0}


def test_a_net_that_diverged_has_no_figures(waves_task):
    row = measure_form(waves_task, "ecg-mit", "attention", 0, lr=1e30)
    assert "diverged" in row["failure"] and "prd_nearest" not in row


def test_too_few_series_to_hold_out(waves_task):
    task = Task("few", waves_task.X, waves_task.y, waves_task.groups, n_minority=50)
    with pytest.raises(ValueError, match="few: .* are left .* the floors need 20"):
        measure_form(task, "ecg-mit", "both", 0)


@pytest.fixture
def in_a_moment(monkeypatch):
    """Two epochs are enough to see that everything runs."""
    from ganbats_sampler.samplers import ganbats

    for preset in ganbats.PRESETS.values():
        monkeypatch.setitem(preset, "max_epochs", 2)


def test_table_2(waves_task, in_a_moment, tmp_path):
    sets = {"ecg": PaperSet(waves_task, "ecg-mit", 30)}
    path = tmp_path / "table_2.csv"
    runs = run_table_2(sets, [0, 1], results=path, verbose=False)
    assert len(runs) == 8
    before = path.read_text()
    assert run_table_2(sets, [0, 1], results=path, verbose=False).equals(runs)
    assert path.read_text() == before  # nothing was run again
    table = table_2(runs)
    assert table["form"].tolist() == list(ABLATION) and (table["seeds"] == 2).all()
    of_both = runs[runs["form"] == "both"]
    ratios = of_both["prd_nearest"] / of_both["prd_nearest_floor"]
    expected = f"{ratios.mean():.2f} ({ratios.min():.2f} to {ratios.max():.2f})"
    assert table.set_index("form").loc["both", "prd, nearest / floor"] == expected
    assert table.set_index("form").loc["both", "paper: DTW"] == 9.45


def test_tables_3_and_4(waves_task, in_a_moment, monkeypatch, tmp_path):
    from ganbats_sampler.benchmark import paper

    quick = [arm for arm in paper_arms("ecg-mit") if arm.name in ("smote", "neither")]
    monkeypatch.setattr(paper, "paper_arms", lambda preset: quick)
    monkeypatch.setattr(paper, "CLASSIFIERS", ("forest",))
    monkeypatch.setattr(paper, "N_MINORITY", 10)
    sets = {"ecg": PaperSet(waves_task, "ecg-mit", 30)}
    runs = run_tables_3_and_4(sets, [0, 1], results=tmp_path / "runs.csv", verbose=False)
    assert set(runs["protocol"]) == {"honest", "before-split"}
    table = tables_3_and_4(runs, "forest").set_index("arm")
    assert set(table.index) >= {"none", "class_weights", "smote", "neither"}
    assert table.loc["neither", "paper"] == 82.3 and table.loc["smote", "paper"] == ""
    of_none = runs[(runs["arm"] == "none") & (runs["protocol"] == "honest")]["accuracy"] * 100
    assert table.loc["none", "honest"].startswith(f"{of_none.mean():.1f} (")
