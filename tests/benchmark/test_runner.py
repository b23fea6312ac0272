import json
import subprocess
import sys
import warnings
from dataclasses import replace

import joblib
import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import SMOTE
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import LinearSVC

from ganbats_sampler.benchmark import BASELINES, Method, compare_samplers, read_results
from ganbats_sampler.benchmark.protocols import before_split
from ganbats_sampler.benchmark.results import COLUMNS
from ganbats_sampler.benchmark.scores import SCORES, score
from tests.conftest import needs_stratified_groups

QUIET = {"verbose": False}
KEY = ["method", "classifier", "seed"]


class Broken(SMOTE):
    """A sampler that fails."""

    def _fit_resample(self, X, y):
        raise RuntimeError("no luck\ntoday")


class OfSeries(ClassifierMixin, BaseEstimator):
    """A classifier of series in three dimensions, without probabilities."""

    def fit(self, X, y):
        assert X.shape[1:] == (2, 20)
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        return np.zeros(len(X), dtype=bool)


def same(left, right):
    timed = ["resample_seconds", "fit_seconds", "predict_seconds", "peak_mb"]
    pd.testing.assert_frame_equal(left.drop(columns=timed), right.drop(columns=timed))


@needs_stratified_groups
def test_a_row_for_every_task_seed_method_and_classifier(bumps):
    runs = compare_samplers([bumps], ["jitter"], ["ridge", "knn"], [0, 1], **QUIET)
    assert list(runs.columns) == COLUMNS
    assert runs[KEY].drop_duplicates().shape[0] == len(runs) == 5 * 2 * 2
    assert set(runs["method"]) == {*BASELINES, "jitter"}
    ok = runs[runs["status"] == "ok"]
    assert ok[list(SCORES)].notna().all(axis=None)
    assert (ok["n_minority"] == 10).all() and (ok["n_test"] == 200).all()
    added = ok.groupby("method")["n_synthetic"].unique().map(list).to_dict()
    assert added["jitter"] == added["oracle"] == [40] and added["none"] == [0]
    skipped = runs[runs["status"] == "skipped"]
    assert set(zip(skipped["method"], skipped["classifier"], strict=True)) == {
        ("class_weights", "knn")
    }


def test_class_weights_and_a_tuned_threshold_raise_balanced_accuracy(bumps):
    runs = compare_samplers([bumps], [], ["ridge"], [0, 2], **QUIET)
    by_method = runs.set_index(["seed", "method"])["average_precision"].unstack()
    assert np.allclose(by_method["none"], by_method["tuned_threshold"])  # the same order of series
    assert not np.allclose(by_method["none"], by_method["class_weights"])
    balanced = runs.groupby("method")["balanced_accuracy"].mean()
    assert balanced["tuned_threshold"] > balanced["none"] + 0.02
    assert balanced["class_weights"] > balanced["none"] + 0.02


def test_the_row_of_a_failed_method_has_the_error(bumps):
    runs = compare_samplers([bumps], {"broken": Broken()}, ["knn"], [0], **QUIET)
    broken = runs.set_index("method").loc["broken"]
    assert broken["status"] == "failed" and "no luck" in broken["reason"]
    assert np.isnan(broken["f1"])
    assert runs.set_index("method").loc["none", "status"] == "ok"


def test_the_same_call_resumes_a_benchmark(bumps, tmp_path, monkeypatch):
    path = tmp_path / "runs" / "results.csv"
    whole = compare_samplers([bumps], ["jitter", "smote"], ["knn", "ridge"], [0], **QUIET)
    compare_samplers([bumps], ["jitter"], ["knn"], [0], results=path, **QUIET)
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]) + lines[-1][:20])  # killed while it wrote the last row
    assert len(read_results(path)) == len(lines) - 2

    ran = []
    from ganbats_sampler.benchmark import runner

    monkeypatch.setattr(runner, "run", lambda job, run=runner.run: ran.append(job) or run(job))
    again = compare_samplers(
        [bumps], ["jitter", "smote"], ["knn", "ridge"], [0], results=path, **QUIET
    )
    same(again, whole)
    asked = {job.method.name: [key["classifier"] for key in job.keys] for job in ran}
    assert asked["none"] == ["ridge"]  # the file has the row of "knn"
    assert asked["jitter"] == ["knn", "ridge"] and asked["smote"] == ["knn", "ridge"]

    ran.clear()
    same(
        compare_samplers([bumps], ["jitter"], ["knn"], [0], results=path, **QUIET),
        whole[(whole["classifier"] == "knn") & (whole["method"] != "smote")].reset_index(drop=True),
    )
    assert ran == []


def test_a_line_cut_inside_a_character_is_dropped(bumps, tmp_path):
    path = tmp_path / "results.csv"
    task = replace(bumps, name="Rätsch")
    compare_samplers([task], [], ["knn"], [0], results=path, **QUIET)
    content = path.read_bytes()
    path.write_bytes(content + "Rä".encode()[:2])
    assert len(read_results(path)) == 4
    compare_samplers([task], ["jitter"], ["knn"], [0], results=path, **QUIET)
    assert path.read_bytes().startswith(content) and len(read_results(path)) == 5


def test_different_series_or_entities_are_another_run(bumps, tmp_path):
    path = tmp_path / "results.csv"
    for task in (bumps, replace(bumps, X=bumps.X + 1), replace(bumps, groups=bumps.groups[::-1])):
        compare_samplers([task], [], ["knn"], [0], results=path, **QUIET)
    assert len(read_results(path)) == 3 * 4


def test_blanks_in_a_name_are_collapsed(bumps):
    runs = compare_samplers([replace(bumps, name="bumps  two\n")], [], ["knn"], [0], **QUIET)
    assert len(runs) == 4 and set(runs["task"]) == {"bumps two"}


class TestOwnClassifiers:
    def test_they_are_cloned_and_seeded_and_receive_flat_rows_and_weights(self, bumps):
        own = {
            "trees": RandomForestClassifier(30),
            "svm": make_pipeline(StandardScaler(), LinearSVC()),
            "neighbour": KNeighborsClassifier(1),
        }
        both = [*own.items(), "knn"]
        runs = compare_samplers([bumps], ["jitter"], both, [0], **QUIET).set_index(KEY[:2])
        assert set(runs.index.get_level_values("classifier")) == {*own, "knn"}
        assert not hasattr(own["trees"], "estimators_")
        assert runs.loc[("class_weights", "trees"), "status"] == "ok"
        assert runs.loc[("class_weights", "svm"), "status"] == "ok"
        assert runs.loc[("class_weights", "neighbour"), "status"] == "skipped"
        same_one = runs.loc[("jitter", "neighbour"), "f1"], runs.loc[("jitter", "knn"), "f1"]
        assert same_one[0] == same_one[1]
        # a support vector machine decides and ranks, but has no probabilities
        svm = runs.loc[("none", "svm")]
        assert np.isnan(svm["brier"]) and svm["average_precision"] > 0.5
        again = compare_samplers([bumps], ["jitter"], own, [0], **QUIET).set_index(KEY[:2])
        assert again.loc[("none", "trees"), "roc_auc"] == runs.loc[("none", "trees"), "roc_auc"]

    def test_classifiers_of_other_libraries_receive_series(self, bumps):
        runs = compare_samplers([bumps], [], {"mine": OfSeries()}, [0], **QUIET)
        assert runs.loc[0, ["method", "reason"]].tolist() == ["none", ""]
        assert runs.loc[0, "balanced_accuracy"] == 0.5
        assert runs["average_precision"].isna().all()

    def test_different_parameters_are_another_run(self, bumps, tmp_path):
        path = tmp_path / "results.csv"
        for k in (1, 3):
            own = {"mine": KNeighborsClassifier(k)}
            assert len(compare_samplers([bumps], [], own, [0], results=path, **QUIET)) == 4
        assert len(read_results(path)) == 8

    @pytest.mark.parametrize(
        "wrong",
        [[KNeighborsClassifier()], KNeighborsClassifier(), {"a": KNeighborsClassifier}]
        + [[("a", "ridge")], 3],
    )
    def test_other_objects_raise_an_error(self, bumps, wrong):
        with pytest.raises(TypeError, match="name"):
            compare_samplers([bumps], [], wrong, [0], **QUIET)


def test_objects_that_cannot_be_pickled_raise_an_error(bumps):
    own = {"mine": make_pipeline(FunctionTransformer(lambda X: X), LogisticRegression())}
    with pytest.raises(ValueError, match="defined with def in a module"):
        compare_samplers([bumps], [], own, [0], **QUIET)


def test_repeated_seeds_and_classifiers_run_once(bumps):
    assert len(compare_samplers([bumps], [], ["knn", "knn"], [0, 0], **QUIET)) == 4


@pytest.mark.parametrize("on_failure", ["fallback", "warn"])
def test_the_reason_says_how_a_network_failed(bumps, on_failure, quick):
    from ganbats_sampler.samplers import GANBATSSampler

    sampler = GANBATSSampler(**quick).set_params(on_failure=on_failure)
    runs = compare_samplers([bumps], {"gan": sampler}, ["knn"], [0], **QUIET).set_index("method")
    note = {"fallback": "fell back: ", "warn": "failed the checks: "}[on_failure]
    assert runs.loc["gan", "status"] == "ok" and runs.loc["gan", "reason"].startswith(note)


def test_a_run_does_not_change_the_warning_filters(bumps):
    with joblib.parallel_config("threading", n_jobs=4):
        compare_samplers([bumps], ["jitter"], ["knn"], [0, 1], **QUIET)
    assert ("ignore", None, Warning, None, 0) not in warnings.filters


def test_different_parameters_of_a_method_are_another_run(bumps, tmp_path):
    path = tmp_path / "results.csv"
    for k in (1, 3):
        methods = [Method("mine", SMOTE(k_neighbors=k))]
        runs = compare_samplers([bumps], methods, ["knn"], [0], results=path, **QUIET)
        assert len(runs) == 5
    assert len(read_results(path)) == 6


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "a,b\n1,2\n3,4", '{"precious": 1}'])
def test_a_file_that_holds_something_else_is_not_changed(bumps, tmp_path, content):
    path = tmp_path / "other.csv"
    path.write_text(content)
    for read in (
        lambda: compare_samplers([bumps], [], ["knn"], [0], results=path, **QUIET),
        lambda: read_results(path),
    ):
        with pytest.raises(ValueError, match="other.csv does not hold results"):
            read()
    assert path.read_text() == content
    with pytest.raises(FileNotFoundError, match="no results"):
        read_results(tmp_path / "none.csv")


def test_tasks_with_several_classes(kinds):
    both = ["ridge", "forest", "knn"]
    runs = compare_samplers([kinds], ["smote", "chosen_by_ap"], both, [0, 1], **QUIET)
    skipped = runs[runs["status"] == "skipped"]
    assert set(skipped["method"]) >= {"tuned_threshold", "chosen_by_ap"}
    assert skipped["reason"].str.contains("is for two classes|would add|has no class w").all()
    ok = runs[runs["status"] == "ok"]
    assert set(ok["method"]) >= {"none", "smote"} and (ok["n_minority"] == 16).all()
    assert (ok.loc[ok["method"] == "smote", "n_synthetic"] == 64).all()
    of_forest = ok[ok["classifier"] == "forest"]
    assert of_forest[list(SCORES)].notna().all(axis=None)
    assert of_forest["balanced_accuracy"].between(0.6, 1).all()
    leaking = compare_samplers(
        [kinds], ["smote"], ["knn"], [0], protocol="before-split", **QUIET
    ).set_index("method")
    assert leaking.loc["smote", "n_test"] == 36 and leaking.loc["smote", "status"] == "ok"


def test_scores_of_several_classes_match_values_computed_by_hand():
    y = np.array(list("aabbcc"))
    right = score(y, y, np.eye(3)[[0, 0, 1, 1, 2, 2]], np.eye(3)[[0, 0, 1, 1, 2, 2]])
    assert {n: v for n, v in right.items() if n != "brier"} == dict.fromkeys(
        [name for name in SCORES if name != "brier"], 1
    )
    assert right["brier"] == 0
    one = np.full((6, 3), 1 / 3)
    found = score(y, np.array(list("aaaacc")), one, one)
    assert found["accuracy"] == pytest.approx(4 / 6)
    assert found["f1"] == pytest.approx((2 / 3 + 0 + 1) / 3) and found["g_mean"] < 0.01
    assert found["average_precision"] == pytest.approx(1 / 3) and found["roc_auc"] == 0.5
    assert found["brier"] == pytest.approx(((2 / 3) ** 2 + 2 / 9) / 2)
    truth, p = np.array([0, 1, 1]), np.array([0.2, 0.7, 0.4])  # two classes, either way
    of_many = SCORES["brier"].of_many(truth, np.stack([1 - p, p], axis=1))
    assert of_many == pytest.approx(SCORES["brier"].function(truth, p))


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_parallel_runs_give_the_same_rows(bumps, backend):
    both = ["knn", ("trees", RandomForestClassifier(10))]
    alone = compare_samplers([bumps], ["jitter"], both, [0, 1], **QUIET)
    with joblib.parallel_config(backend, n_jobs=2):
        together = compare_samplers([bumps], ["jitter"], both, [0, 1], **QUIET)
    same(alone, together)


@pytest.mark.slow
def test_a_dask_cluster_gives_the_same_rows(tmp_path):
    # in another process, because a cluster starts threads and warns
    script = tmp_path / "cluster.py"
    script.write_text(
        """
import json, sys
import joblib, numpy as np
from distributed import Client, LocalCluster
from sklearn.linear_model import LogisticRegression
from ganbats_sampler.benchmark import Task, compare_samplers
from ganbats_sampler.model_selection import resampling_search

if __name__ == "__main__":
    rng = np.random.default_rng(0)
    y = np.arange(300) % 3 == 0
    X = rng.normal(size=(300, 1, 20)) + y[:, None, None] * np.hanning(20)
    task = Task("bumps", X, y, n_minority=10, imbalance=5)
    ask = lambda: compare_samplers([task], [], ["knn"], [0, 1], verbose=False)
    search = resampling_search(LogisticRegression(), ["jitter"], cv=3)
    find = lambda: search.fit(X[:, 0], y).cv_results_["mean_test_score"].tolist()
    alone, found_alone = ask(), find()
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        with Client(cluster) as client:
            with joblib.parallel_config("dask"):
                together, found_together = ask(), find()
            workers = client.run(lambda dask_worker: dask_worker.state.executed_count)
    columns = ["method", "seed", "status", "f1", "average_precision"]
    print(json.dumps({
        "same": alone[columns].equals(together[columns]) and found_alone == found_together,
        "on the cluster": sum(workers.values()),
    }))
"""
    )
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["same"] and found["on the cluster"] > 0


def test_resampling_before_the_split_raises_scores(bumps):
    """The scores are too high, because test series were made from training series."""
    honest, leaking = (
        compare_samplers(
            [bumps], ["random_over_sampler"], ["knn"], [0, 1], protocol=protocol, **QUIET
        )
        .groupby("method")["f1"]
        .mean()["random_over_sampler"]
        for protocol in ("honest", "before-split")
    )
    assert leaking > honest + 0.2


def test_the_leaking_protocol_tests_on_synthetic_series(bumps):
    from ganbats_sampler.benchmark.methods import make_methods

    prepared = before_split(bumps, make_methods(["smote"])[-1], "balance", 0)
    assert len(prepared.y_test) == 30 and prepared.y_test.sum() == 15
    assert prepared.n_minority == 10 and prepared.n_added == 40


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"amount": "lots"}, "amount='lots' was given; choose from"),
        ({"protocol": "leaky"}, "protocol='leaky' was given"),
        ({"classifiers": ["svm"]}, "There is no classifier 'svm'"),
        ({"methods": ["smot"]}, "no method 'smot'"),
    ],
)
def test_unknown_names_raise_an_error(bumps, arguments, message):
    with pytest.raises(ValueError, match=message):
        compare_samplers([bumps], **{"seeds": [0], **QUIET, **arguments})


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"tasks": "GunPoint, 2"}, TypeError, "'GunPoint, 2', which is no Task.*load_tasks"),
        ({"tasks": [np.zeros((4, 1, 3))]}, TypeError, "which is no Task"),
        ({"seeds": 3}, TypeError, "seeds=3 was given; pass a list of whole numbers"),
        ({"seeds": [0.5]}, TypeError, "whole numbers"),
        ({"seeds": [-1]}, ValueError, r"seeds has \[-1\]; they must be 0 or more"),
        ({"classifiers": []}, ValueError, "No classifier was given; choose from"),
        ({"amount": ["double"]}, ValueError, "choose from"),
        ({"n_jobs": 0}, ValueError, "n_jobs"),
    ],
)
def test_wrong_arguments_raise_an_error_before_the_first_run(
    bumps, tmp_path, arguments, error, message
):
    given = {"tasks": [bumps], "methods": [], "classifiers": ["knn"], "seeds": [0], **arguments}
    with pytest.raises(error, match=message):
        compare_samplers(**given, results=tmp_path / "runs.csv", **QUIET)
    assert not list(tmp_path.iterdir())


def test_a_single_task_method_or_classifier_needs_no_list(bumps):
    alone = compare_samplers(bumps, "jitter", "knn", [0], **QUIET)
    same(alone, compare_samplers([bumps], ["jitter"], ["knn"], [0], **QUIET))
    own = compare_samplers(bumps, ("mine", SMOTE()), ("own", KNeighborsClassifier(1)), [0], **QUIET)
    assert set(own["method"]) == {*BASELINES, "mine"} and set(own["classifier"]) == {"own"}


def test_two_tasks_with_the_same_name_raise_an_error(bumps):
    with pytest.raises(ValueError, match="Several tasks have the same name"):
        compare_samplers([bumps, bumps], [], ["knn"], [0], **QUIET)


def test_the_reason_has_the_choice_of_a_search(bumps):
    both = [("logistic", LogisticRegression(C=0.1)), "knn"]
    runs = compare_samplers([bumps], ["chosen", "chosen_by_ap"], both, [1], **QUIET)
    chosen = runs[runs["method"].str.startswith("chosen")]
    assert (chosen["status"] == "ok").all() and (chosen["n_synthetic"] == 0).all()
    assert (
        chosen["reason"].str.match(r"chose (nothing|class weights|HerdedSampler up to \S+)$").all()
    )
    assert not chosen.loc[chosen["classifier"] == "knn", "reason"].str.contains("weights").any()
    # the search predicts with the chosen method, so their scores are equal
    by_method = runs.set_index(["classifier", "method"])["balanced_accuracy"]
    weighed = chosen[chosen["reason"] == "chose class weights"]
    assert len(weighed)
    for row in weighed.itertuples():
        assert row.balanced_accuracy == by_method[row.classifier, "class_weights"]
