"""The scripts of the paper's tables, on a small task."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.utils import Bunch

from ganbats_sampler import GANBATSSampler
from ganbats_sampler.benchmark import Task, read_results
from ganbats_sampler.benchmark.methods import make_methods
from ganbats_sampler.benchmark.results import ResultsFile
from ganbats_sampler.samplers import PRESETS

SCRIPTS = Path(__file__).parents[1] / "examples" / "paper"
sys.path.insert(0, str(SCRIPTS))
try:
    import figures_8_and_9
    import paper_sets
    import table_2
    import tables_3_and_4
    from paper_sets import ABLATION, FORM_NAMES, PaperSet
finally:
    sys.path.remove(str(SCRIPTS))


@pytest.fixture
def waves_task():
    rng = np.random.default_rng(0)
    y = rng.random(240) < 0.5
    phase = rng.normal(size=(240, 1, 1))
    X = np.sin(np.linspace(0, 6, 24) * np.where(y, 2, 1)[:, None, None] + phase)
    return Task("MIT-BIH, waves", X, y, np.repeat(np.arange(12), 20), n_minority=30)


def test_the_batteries_and_recordings_are_named(waves_task, monkeypatch):
    asked = {}

    def load(name, folder, **options):
        asked[name] = options
        target = np.where(waves_task.y, "24C-2A" if name == "nasa_battery" else "outer", "other")
        return Bunch(data=waves_task.X, target=target, groups=waves_task.groups)

    monkeypatch.setattr(paper_sets, "load_or_fetch", load)
    monkeypatch.setattr(paper_sets, "load_tasks", lambda *_: [waves_task])
    paper_sets.load_single_classes({})
    assert len(asked["nasa_battery"]["batteries"]) == 15  # of 34, so that rows do not depend
    assert len(asked["cwru"]["recordings"]) == 11  # on which others are in the folder


def form(name, **parameters):
    return GANBATSSampler.from_preset("ecg-mit", **ABLATION[name], **parameters)


def test_the_methods_are_the_papers_and_smote():
    methods = tables_3_and_4.paper_methods("nasa-battery", one_network=False)
    forms = {m.name: m.sampler.get_params() for m in methods if not isinstance(m, str)}
    names = {m for m in methods if isinstance(m, str)} | set(forms)
    assert set(tables_3_and_4.PAPER["ecg"]) | {"smote"} == names
    more = tables_3_and_4.paper_methods("nasa-battery", one_network=True)
    assert len(more) == len(methods) + 1
    assert more[-1].name == "both, conditional" and more[-1].sampler.conditional
    for method in make_methods(more):
        if "on_failure" in getattr(method.sampler, "get_params", dict)():
            assert method.sampler.on_failure == "warn"
    for name, parts in ABLATION.items():
        assert forms[name]["batch_size"] == 32 and forms[name]["recipe"] == "paper"
        assert {part: forms[name][part] for part in parts} == parts


def test_a_form_is_measured_with_reference_and_class_mean(waves_task):
    row = table_2.measure_form(waves_task, form("attention", max_epochs=2), 0)
    assert row["updates"] == 2
    assert row["prd_nearest_reference"] < row["prd_nearest"]  # two updates make no waves
    assert row["dtw_nearest_reference"] < row["dtw_random_reference"]
    assert row["prd_random_class_mean"] < row["prd_random_reference"]  # what PRD rewards
    again = table_2.measure_form(waves_task, form("attention", max_epochs=2), 0)
    assert {**again, "seconds": 0} == {**row, "seconds": 0}


def test_a_net_that_diverged_has_no_figures(waves_task):
    row = table_2.measure_form(waves_task, form("attention", lr=1e30), 0)
    assert "diverged" in row["failure"] and "prd_nearest" not in row


def test_too_few_series_to_hold_out(waves_task):
    task = Task("few", waves_task.X, waves_task.y, waves_task.groups, n_minority=50)
    with pytest.raises(ValueError, match="few: .* are left .* the references need 20"):
        table_2.measure_form(task, form("both"), 0)


@pytest.fixture
def in_a_moment(monkeypatch):
    """Two epochs of small networks are enough to see that everything runs."""
    for preset in PRESETS.values():
        monkeypatch.setitem(preset, "max_epochs", 2)
        monkeypatch.setitem(preset, "hidden_size", 8)


def test_table_2(waves_task, in_a_moment, tmp_path):
    sets = {"ecg": PaperSet(waves_task, "ecg-mit", 30)}
    path = tmp_path / "table_2.csv"
    runs = table_2.run(sets, [0, 1], path)
    assert len(runs) == 8
    before = path.read_text()
    assert table_2.run(sets, [0, 1], path).equals(runs)
    assert path.read_text() == before  # nothing was run again
    table = table_2.lay_out(runs).set_index("form")
    assert (
        table.index.tolist() == [FORM_NAMES[form] for form in ABLATION]
        and table["failed networks"].str.match("[012] of 2").all()
    )
    of_both = runs[runs["form"] == "both"]
    ratios = of_both["prd_nearest"] / of_both["prd_nearest_reference"]
    expected = f"{ratios.mean():.2f} ({ratios.min():.2f} to {ratios.max():.2f})"
    assert table.loc["both parts", "PRD, nearest"] == expected
    assert table.loc["both parts", "paper: DTW"] == 9.45


@pytest.mark.parametrize(
    "change",
    [
        lambda of: of._replace(preset="nasa-battery"),
        lambda of: of._replace(n_table_2=28),
        lambda of: of._replace(task=Task("waves", of.task.X + 1, of.task.y, of.task.groups)),
    ],
)
def test_rows_of_another_preset_size_or_data_set_are_not_reused(
    waves_task, in_a_moment, tmp_path, monkeypatch, change
):
    monkeypatch.setattr(table_2, "ABLATION", {"attention": ABLATION["attention"]})
    first = PaperSet(waves_task, "ecg-mit", 30)
    path = tmp_path / "table_2.csv"
    for sets in ({"ecg": first}, {"ecg": change(first)}):
        alone = table_2.run(sets, [0])
        found = table_2.run(sets, [0], path)
        timed = ["seconds"]
        assert found.drop(columns=timed).equals(alone.drop(columns=timed))
    assert len(path.read_text().splitlines()) == 1 + 2


def test_tables_3_and_4(waves_task, in_a_moment, monkeypatch, tmp_path):
    methods = tables_3_and_4.paper_methods("ecg-mit", one_network=True)
    neither = next(m for m in methods if "neither" in str(m))
    monkeypatch.setattr(tables_3_and_4, "paper_methods", lambda *_: ["smote", neither])
    monkeypatch.setattr(tables_3_and_4, "CLASSIFIERS", ("knn",))
    monkeypatch.setattr(tables_3_and_4, "N_MINORITY", 10)
    sets = {"ecg": PaperSet(waves_task, "ecg-mit", 30)}
    runs = tables_3_and_4.run(sets, [0, 1], tmp_path / "runs.csv", verbose=False)
    assert set(runs["protocol"]) == {"honest", "before-split"}
    table = tables_3_and_4.lay_out(runs, "knn").set_index("method")
    assert set(table.index) >= {"none", "SMOTE", "GANBATS, neither part"}
    assert "class_weights" not in table.index  # skipped: the nearest neighbour has none
    neither, smote = table.loc["GANBATS, neither part"], table.loc["SMOTE"]
    assert neither["paper"] == 82.3 and smote["paper"] == ""
    assert neither["failed networks"].endswith(" of 4") and smote["failed networks"] == ""
    of_none = runs[(runs["method"] == "none") & (runs["protocol"] == "honest")]["accuracy"] * 100
    assert table.loc["none", "honest: accuracy"].startswith(f"{of_none.mean():.1f} (")


def test_one_network_runs_honestly_on_one_class_against_the_rest(waves_task, monkeypatch):
    of_all = Task("CWRU, faults", waves_task.X, waves_task.y, waves_task.groups)
    ran = set()

    def compare(tasks, methods, *_, protocol, **__):
        if "both, conditional" in {getattr(method, "name", "") for method in methods}:
            ran.add((tasks[0].name, protocol))
        return pd.DataFrame()

    monkeypatch.setattr(tables_3_and_4, "compare_samplers", compare)
    sets = {
        name: PaperSet(task, "ecg-mit")
        for name, task in zip("ab", (waves_task, of_all), strict=True)
    }
    tables_3_and_4.run(sets, [0])
    assert ran == {("MIT-BIH, waves", "honest")}


def test_what_figure_9_is_said_to_show():
    steps = np.arange(40)
    falling = [
        {"generator_loss": 5 - 0.1 * i + (-1) ** i * 0.9**i, "discriminator_loss": 0.1 * i}
        for i in steps
    ]
    found = table_2.measure_losses(falling)
    assert found["generator_loss_change"] == pytest.approx(-3, abs=0.1)
    assert found["generator_loss_swing_ratio"] < 1
    assert found["discriminator_loss_change"] == pytest.approx(3)
    assert found["discriminator_loss_swing_ratio"] == pytest.approx(1)
    assert table_2.measure_losses(falling[:7]) == {}
    runs = pd.DataFrame([{"task": "ecg", "form": "both", **found}])
    row = table_2.lay_out_losses(runs).iloc[0]
    assert row["generator: decreases and swings less"] == "1 of 1"
    assert row["discriminator: decreases and swings less"] == "0 of 1"


def test_the_claims_of_table_2_are_counted_by_seed():
    values = {"neither": [4, 4, 4], "Bi-LSTM": [3, 5, 3], "attention": [5, 5, 5], "both": [1, 9, 2]}
    runs = pd.DataFrame(
        {"task": "ecg", "form": form, "seed": seed}
        | {f"{metric}_{pairing}": x for metric in ("prd", "dtw") for pairing in table_2.PAIRINGS}
        for form, of_form in values.items()
        for seed, x in enumerate(of_form)
    )
    row = table_2.lay_out_claims(runs).iloc[0].drop(["task", "measure"])
    assert row.tolist() == ["2 of 3", "0 of 3", "2 of 3", "2 of 3"]


@pytest.mark.parametrize(
    ("task", "best"),
    [("MIT-BIH, V", "1 of 3"), ("CWRU, outer", "0 of 3")],  # GANBATS; WGAN-GP
)
def test_the_claims_of_tables_3_and_4_are_counted_by_seed(task, best):
    orders = {
        "as in the paper": {"neither": 0.5, "attention": 0.6, "Bi-LSTM": 0.6, "both": 0.9}
        | {"wgan_gp": 0.8},
        "all level": dict.fromkeys(ABLATION, 0.9),
        "attention before the Bi-LSTM": {
            "neither": 0.5,
            "attention": 0.7,
            "Bi-LSTM": 0.6,
            "both": 0.8,
            "wgan_gp": 0.7,
        },
    }
    others = {"cgan": 0.9, "dcgan": 0.9, "wgan": 0.9, "wgan_gp": 0.9, "none": 0.8}
    runs = pd.DataFrame(
        {"task": task, "classifier": "knn", "protocol": "honest", "status": "ok"}
        | {"method": method, "seed": seed, "accuracy": x, "balanced_accuracy": 1 - x}
        for seed, of_seed in enumerate(orders.values())
        for method, x in {**others, **of_seed}.items()
    )
    (row,) = tables_3_and_4.lay_out_claims(runs).to_dict("records")
    assert row["order of the four forms"] == "1 of 3"
    assert row["the paper's best GAN is best"] == best
    assert row["GANBATS helps"] == "0 of 3"


DATA = Path(__file__).parents[1] / "docs" / "data" / "paper"


def read_table(name):
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


def test_the_tables_of_the_documentation_are_those_of_its_runs():
    file = ResultsFile(DATA / "table_2.csv", table_2.COLUMNS, table_2.KEY, ("failure",))
    file.read()
    runs = file.frame()
    assert table_2.lay_out(runs).astype(str).equals(read_table("table_2_ratios"))
    assert table_2.lay_out_claims(runs).equals(read_table("table_2_claims"))
    assert table_2.lay_out_losses(runs).equals(read_table("figure_9_losses"))
    runs = read_results(DATA / "tables_3_and_4.csv")
    by_seed = runs.sort_values("seed", kind="stable")  # as the script runs them
    for rows in (runs, by_seed):
        assert tables_3_and_4.lay_out_claims(rows).equals(read_table("tables_3_and_4_claims"))
    for name, of_kind in tables_3_and_4.by_kind(runs).items():
        for classifier in tables_3_and_4.CLASSIFIERS:
            expected = tables_3_and_4.lay_out(of_kind, classifier)
            assert expected.astype(str).equals(read_table(f"{name}_{classifier}"))


@pytest.fixture(scope="module")
def page():
    """Return the paper's page, on one line."""
    return " ".join((DATA.parents[1] / "paper.rst").read_text().split())


def total(counts):
    """Add up "a of b"."""
    held, of = counts.str.split(" of ", expand=True).astype(int).sum()
    return f"{held} of {of}"


def test_the_counts_in_the_statements_are_those_of_the_runs(page):
    claims = read_table("table_2_claims").set_index("task")
    assert f"The value is lower in {total(claims['Bi-LSTM alone: lower'])} comparisons" in page
    assert f"- Lower in {total(claims['attention alone: lower'])} comparisons." in page
    lowest = claims["both parts: lowest of four"]
    where = {"bearings": lowest.index == "CWRU, outer", "others": lowest.index != "CWRU, outer"}
    assert f"neither part in {total(claims['both parts: lower'])}." in page
    assert f"four forms in {total(lowest[where['others']])} on beats and batteries" in page
    assert f"but in {total(lowest[where['bearings']])} on bearings" in page
    losses = read_table("figure_9_losses")
    both = losses[losses["form"] == "both parts"]
    counts = total(both["discriminator: decreases and swings less"])
    assert f"the discriminator's loss decreases and oscillates less in {counts} runs" in page
    claims = tables_3_and_4.by_kind(read_table("tables_3_and_4_claims"))["tables_3_and_4"]
    by_protocol = dict(list(claims.groupby("protocol")))
    for column, words in (
        ("order of the four forms", "It appears in"),
        ("the paper's best GAN is best", "This holds in"),
    ):
        honest, before = (total(by_protocol[name][column]) for name in ("honest", "before-split"))
        sentence = f"{words} {honest} runs under the honest protocol, and in {before} before"
        assert sentence in page
    helps = total(by_protocol["honest"]["GANBATS helps"])
    assert f"higher than with no resampling in {helps} runs under the honest protocol" in page


def test_the_counts_of_all_classes_are_those_of_the_runs(page):
    claims = tables_3_and_4.by_kind(read_table("tables_3_and_4_claims"))["all_classes"]
    honest, before = (claims[claims["protocol"] == name] for name in ("honest", "before-split"))
    order, best = "order of the four forms", "the paper's best GAN is best"
    words = (
        f"in {total(honest[order])} runs under the honest protocol, and in {total(before[order])}"
    )
    assert f"*order* appears {words} before the split" in page
    assert f"*best* GAN is best in {total(honest[best])} and {total(before[best])}." in page


def test_further_counts_in_the_statements_are_those_of_the_runs(page):
    table_2_runs = pd.read_csv(DATA / "table_2.csv").pivot(index=["task", "seed"], columns="form")
    swings = table_2_runs["generator_loss_swing_ratio"]
    pairs = [swings[pair].dropna() for pair in (["Bi-LSTM", "neither"], ["both", "attention"])]
    alone, added = (f"{(of.iloc[:, 0] < of.iloc[:, 1]).sum()} of {len(of)}" for of in pairs)
    assert f"in {alone} pairs of runs without attention, and in {added} with" in page
    rise = table_2_runs["generator_loss_change"]
    assert (rise[["attention", "both"]] > 0).all(axis=None)
    others = rise[["neither", "Bi-LSTM"]]
    without = f"{(others > 0).sum(axis=None)} of {others.notna().sum(axis=None)}"
    assert f"all 30 runs with attention, and in {without} without" in page
    runs = tables_3_and_4.by_kind(read_results(DATA / "tables_3_and_4.csv"))["tables_3_and_4"]
    scores = runs[runs["status"] == "ok"].pivot(
        index=["protocol", "task", "classifier", "seed"],
        columns="method",
        values=["accuracy", "balanced_accuracy"],
    )
    accuracy, balanced = scores["accuracy"], scores.loc["honest", "balanced_accuracy"]
    level = accuracy[list(tables_3_and_4.GANS)].nunique(axis=1) == 1
    honest, before = level.loc["honest"].sum(), level.loc["before-split"].sum()
    assert f"In {honest} and {before} further runs, all five are equal" in page
    wgan, dcgan = (accuracy.loc["honest", name] for name in ("wgan", "dcgan"))
    words = f"better in {(wgan > dcgan).sum()} of 30 runs and equal in {(wgan == dcgan).sum()}."
    assert words in page
    equal = (balanced["both"] == balanced["none"]).sum()
    assert f"30 runs under the honest protocol, and equal in {equal}." in page


def test_figures_8_and_9(waves_task, in_a_moment, monkeypatch):
    get = figures_8_and_9.get_sampler
    monkeypatch.setattr(
        figures_8_and_9, "get_sampler", lambda name: get(name, max_epochs=2, hidden_size=8)
    )
    of = PaperSet(waves_task, "ecg-mit", 30)
    trained = {"ecg": {name: figures_8_and_9.train(of, name, 0) for name in figures_8_and_9.GANS}}
    for found in trained["ecg"].values():
        assert found["generated"].shape == (50, 1, 24) and len(found["history"]) == 2
        assert len(found["real"]) == 30
    figures = figures_8_and_9.draw(trained)
    assert [len(figure.axes) for figure in figures.values()] == [6, 5, 1]
    assert figures["figure_8"].axes[0].get_title() == "ecg, real"
    assert len(figures["convergence"].axes[0].get_lines()) == 6


def test_the_picture_of_tables_3_and_4():
    runs = read_results(DATA / "tables_3_and_4.csv")
    figure = tables_3_and_4.draw(tables_3_and_4.by_kind(runs)["tables_3_and_4"])
    assert len(figure.axes) == 6 and figure.axes[0].get_title() == "MIT-BIH, V; cnn"
    marks = {line.get_label(): line.get_ydata() for line in figure.axes[0].get_lines()}
    assert list(marks["paper"][1:]) == [92.3, 95.2, 94.2, 95.6, 82.3, 93.3, 91.9, 98.7]
    is_last = (runs["method"] == "both") & (runs["classifier"] == "cnn")
    is_last &= (runs["task"] == "MIT-BIH, V") & (runs["protocol"] == "honest")
    expected = 100 * runs.loc[is_last, "balanced_accuracy"].mean()
    assert marks["honest: balanced accuracy"][-1] == pytest.approx(expected)
