"""Comparisons of methods with a baseline, on runs with known effects."""

import numpy as np
import pandas as pd
import pytest

from ganbats_sampler.benchmark import compare_methods
from ganbats_sampler.benchmark.results import check_runs
from ganbats_sampler.benchmark.verdict.comparison import (
    choose_word,
    gap_closed,
    pair_methods,
    tabulate_scores,
)
from ganbats_sampler.benchmark.verdict.statistics import Posterior
from tests.benchmark.verdict.runs import lose, make_runs

EFFECTS = {"better": 0.05, "equal": 0.0, "slight": 0.003, "worse": -0.05, "oracle": 0.1}


def small(score="f1"):
    """Make two tasks with two seeds, whose means are easy to compute by hand."""
    values = {
        ("a", "none"): [0.1, 0.5],
        ("a", "warp"): [0.2, 0.4],
        ("a", "oracle"): [0.5, 0.7],
        ("b", "none"): [0.6, 0.8],
        ("b", "warp"): [0.9, 0.9],
        ("b", "oracle"): [0.8, 0.6],
    }
    rows = [
        {"task": task, "method": method, "seed": seed, score: value}
        for (task, method), both in values.items()
        for seed, value in enumerate(both)
    ]
    return pd.DataFrame(rows).assign(
        protocol="honest",
        amount="double",
        classifier="ridge",
        status="ok",
        reason="",
        resample_seconds=1.0,
        fit_seconds=[1.0, 2.0, 4.0] * 4,
    )


class TestPairs:
    def test_seeds_are_averaged_within_a_task(self):
        pairs = pair_methods(tabulate_scores(small(), "f1", "ridge"), "f1", "warp")
        np.testing.assert_allclose(pairs["mean"], [0.3, 0.9])
        np.testing.assert_allclose(pairs["baseline"], [0.3, 0.7])

    def test_only_seeds_that_both_methods_have_are_averaged(self):
        runs = lose(small(), [2])  # the method's first seed on the first task
        pairs = pair_methods(tabulate_scores(runs, "f1", "ridge"), "f1", "warp")
        assert pairs["seeds"].tolist() == [1, 2]
        np.testing.assert_allclose(pairs["baseline"], [0.5, 0.7])  # not .3, the mean of both seeds
        np.testing.assert_allclose(pairs["gain"], [-0.1, 0.2])

    def test_only_tasks_that_both_methods_have_are_compared(self):
        table = tabulate_scores(lose(small(), [2, 3]), "f1", "ridge")
        assert pair_methods(table, "f1", "warp").index.tolist() == ["b"]
        assert pair_methods(table, "f1", "nobody").empty

    def test_a_smaller_brier_score_is_better(self):
        table = tabulate_scores(small("brier"), "brier", "ridge")
        np.testing.assert_allclose(pair_methods(table, "brier", "warp")["gain"], [0, -0.2])

    def test_rounding_errors_are_not_gains(self):
        runs = small()
        runs.loc[runs["method"] == "none", "f1"] = [0.1, 0.2, 0.3, 0.4]
        runs.loc[runs["method"] == "warp", "f1"] = [0.15, 0.15, 0.4, 0.3]
        gains = pair_methods(tabulate_scores(runs, "f1", "ridge"), "f1", "warp")["gain"]
        assert gains.tolist() == [0, 0]


class TestGap:
    def test_it_is_pooled_over_tasks_where_the_oracle_helps(self):
        runs = make_runs({"warp": 0.1, "oracle": 0.4}, noise=0)
        # on one task, the oracle gains less than the margin, and the ratio is 200
        at = (runs["task"] == "task 03") & (runs["method"] == "oracle")
        nothing = (runs["task"] == "task 03") & (runs["method"] == "none")
        runs.loc[at, "f1"] = runs.loc[nothing, "f1"].to_numpy() + 0.0005
        table = tabulate_scores(runs, "f1", "ridge")
        assert gap_closed(table, "f1", "warp") == (pytest.approx(0.25), 11)
        assert gap_closed(table, "f1", "oracle")[0] == pytest.approx(1)

    def test_it_is_a_ratio_of_means(self):
        runs = small()
        runs.loc[runs["task"] == "b", "f1"] = [0.6, 0.6, 0.65, 0.65, 0.62, 0.62]
        found = gap_closed(tabulate_scores(runs, "f1", "ridge"), "f1", "warp")
        assert found == (pytest.approx(0.05 / 0.32), 2)

    @pytest.mark.parametrize("score", ["f1", "brier"])
    def test_its_sign_does_not_depend_on_the_direction_of_the_score(self, score):
        runs = make_runs({"warp": 0.1, "oracle": 0.2, "worse": -0.2}, score=score, noise=0)
        table = tabulate_scores(runs, score, "ridge")
        assert gap_closed(table, score, "warp")[0] == pytest.approx(0.5)
        assert gap_closed(table, score, "worse")[0] == pytest.approx(-1)

    def test_it_is_nan_without_an_oracle(self):
        share, n_tasks = gap_closed(
            tabulate_scores(make_runs({"warp": 0.1}), "f1", "ridge"), "f1", "warp"
        )
        assert np.isnan(share) and n_tasks == 0


@pytest.mark.parametrize("score", ["f1", "brier"])
def test_conclusions_match_known_effects(score):
    effects = EFFECTS if score == "f1" else {m: e / 5 for m, e in EFFECTS.items()}
    runs = make_runs(effects, score=score, noise=0.0003, n_tasks=20)
    found = compare_methods(runs, score, "ridge")
    assert found["word"].to_dict() == {
        "oracle": "helps",
        "better": "helps",
        "slight": "alike",
        "equal": "alike",
        "worse": "harms",
    }
    better = found.loc["better"]
    assert better[["wins", "ties", "losses"]].tolist() == [20, 0, 0]
    assert found.loc["worse", ["wins", "ties", "losses"]].tolist() == [0, 0, 20]
    assert better["gain"] == pytest.approx(effects["better"], abs=0.001)
    assert better["gap_closed"] == pytest.approx(0.5, abs=0.02) and better["n_gap_tasks"] == 20
    sign = 1 if score == "f1" else -1
    assert better["mean"] - better["baseline_mean"] == pytest.approx(sign * better["gain"])
    # significant, but too small to matter
    assert found.loc["slight", "p_holm"] < 0.05 and found.loc["slight", "gain"] > 0


def test_an_equal_method_has_only_ties_and_is_ignored_by_holm():
    alone = compare_methods(make_runs({"better": 0.05}, n_tasks=6), "f1", "ridge")
    runs = make_runs({"better": 0.05, "equal": 0.0}, n_tasks=6)
    beside = compare_methods(runs, "f1", "ridge")
    assert beside.loc["equal", ["gain", "wins", "ties", "losses"]].tolist() == [0, 0, 6, 0]
    assert beside.loc["equal", ["p_value", "p_holm"]].isna().all()
    assert alone.loc["better", "p_holm"] == beside.loc["better", "p_holm"]


def test_holms_correction_leaves_out_the_oracle():
    runs = make_runs({"better": 0.05, "worse": -0.05, "oracle": 0.1}, n_tasks=8)
    found = compare_methods(runs, "f1", "ridge")
    np.testing.assert_allclose(found["p_value"], 2 / 2**8)
    expected = {"oracle": 2 / 2**8, "better": 4 / 2**8, "worse": 4 / 2**8}
    assert found["p_holm"].to_dict() == pytest.approx(expected)


@pytest.mark.parametrize(("n_tasks", "word"), [(1, "too few tasks"), (5, "too few tasks")])
def test_fewer_than_six_tasks_are_not_tested(n_tasks, word):
    found = compare_methods(make_runs({"better": 0.3}, n_tasks=n_tasks), "f1", "ridge")
    assert found.loc["better", "word"] == word and np.isnan(found.loc["better", "p_holm"])
    assert found.loc["better", "gain"] == pytest.approx(0.3, abs=0.01)


def test_failed_runs_are_counted_and_left_out():
    runs = make_runs({"better": 0.05, "other": 0.05})
    runs.loc[(runs["method"] == "other") & (runs["task"] == "task 05"), "f1"] = np.nan
    is_better = runs["method"] == "better"
    runs = lose(runs, is_better & (runs["task"] == "task 00"))
    runs = lose(runs, is_better & (runs["task"] == "task 01") & (runs["seed"] > 0), "skipped")
    found = compare_methods(runs, "f1", "ridge")
    columns = ["n_tasks", "n_pairs", "ok", "failed", "skipped", "undefined"]
    assert found.loc["better", columns].tolist() == [11, 31, 31, 3, 2, 0]
    assert found.loc["other", columns].tolist() == [11, 33, 36, 0, 0, 3]
    assert found.loc["better", "word"] == "helps"


def test_a_method_without_runs_is_last_and_ignored_by_holm():
    runs = make_runs({"better": 0.05, "never": 0.05})
    found = compare_methods(lose(runs, runs["method"] == "never", "skipped"), "f1", "ridge")
    assert found.index.tolist() == ["better", "never"]
    assert found.loc["never", ["word", "n_tasks", "skipped"]].tolist() == ["too few tasks", 0, 36]
    assert found.loc["better", "p_holm"] == found.loc["better", "p_value"]


def test_any_method_can_be_the_baseline():
    runs = make_runs({"smote": 0.05, "ganbats": 0.02})
    found = compare_methods(runs, "f1", "ridge", baseline="smote")
    assert found["word"].to_dict() == {"none": "harms", "ganbats": "harms"}
    assert found[["seconds", "baseline_seconds"]].loc["none"].tolist() == [1, 3]
    with pytest.raises(ValueError, match=r"no method 'adasyn' .* \['ganbats', 'none', 'smote'\]"):
        compare_methods(runs, "f1", "ridge", baseline="adasyn")


def test_the_order_of_rows_and_other_classifiers_do_not_matter():
    runs = make_runs(EFFECTS)
    both = pd.concat([runs, make_runs({"better": -0.05}, classifier="forest", seed=1)])
    expected = compare_methods(runs, "f1", "ridge")
    found = compare_methods(both.sample(frac=1, random_state=0), "f1", "ridge")
    pd.testing.assert_frame_equal(found, expected)


def test_the_rope_decides_which_differences_matter():
    runs = make_runs({"slight": 0.005}, noise=0.0005)
    assert compare_methods(runs, "f1", "ridge").loc["slight", "word"] == "alike"
    assert compare_methods(runs, "f1", "ridge", rope=0.001).loc["slight", "word"] == "helps"


@pytest.mark.parametrize(
    ("n_tasks", "gain", "p_holm", "posterior", "word"),
    [
        (6, 0.1, 0.049, (0.95, 0.05, 0), "helps"),
        (5, 0.1, 0.049, (0.95, 0.05, 0), "too few tasks"),
        (6, 0.1, 0.05, (0.95, 0.05, 0), "not established"),
        (6, 0.1, 0.049, (0.94, 0.06, 0), "not established"),
        (6, -0.1, 0.049, (0.95, 0.05, 0), "not established"),
        (6, -0.1, 0.049, (0, 0.05, 0.95), "harms"),
        (6, -0.1, 0.05, (0, 0.05, 0.95), "not established"),
        (6, -0.1, 0.049, (0, 0.06, 0.94), "not established"),
        (6, 0.1, 0.049, (0, 0.05, 0.95), "not established"),
        (6, 0.1, 0.001, (0.05, 0.95, 0), "alike"),
        (6, 0.1, 0.9, (0, 0.95, 0.05), "alike"),
        (6, 0.1, 0.9, (0.06, 0.94, 0), "not established"),
    ],
)
def test_each_rule_of_a_conclusion(n_tasks, gain, p_holm, posterior, word):
    assert choose_word(n_tasks, gain, p_holm, Posterior(*posterior)) == word


@pytest.mark.slow
def test_noise_rarely_helps_or_harms():
    effects = dict.fromkeys("abcd", 1e-9)
    words = [
        word
        for seed in range(10)
        for word in compare_methods(
            make_runs(effects, noise=0.05, seed=seed, n_seeds=1), "f1", "ridge"
        )["word"]
    ]
    assert len(words) == 40 and sum(word in ("helps", "harms") for word in words) <= 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.drop(columns="seed"), r"no columns \['seed'\]"),
        (lambda r: r.drop(columns="f1"), "have no score"),
        (lambda r: pd.concat([r, r.assign(protocol="before-split")]), "mix protocols"),
        (lambda r: pd.concat([r, r.assign(amount="balance")]), "mix amounts"),
        (lambda r: r.assign(status="fine"), r"status \['fine'\]"),
        (lambda r: pd.concat([r, r.iloc[:2]]), "2 runs occur twice, the first is .*'seed': 0"),
        (lambda r: r[r["method"] != "none"], 'No run of the method "none" is ok'),
        (lambda r: lose(r, r["method"] == "none"), 'No run of the method "none" is ok'),
    ],
)
def test_tables_that_cannot_be_judged_raise_an_error(change, message):
    with pytest.raises(ValueError, match=message):
        check_runs(change(small()))


def test_an_unknown_score_or_classifier_raises_an_error():
    with pytest.raises(ValueError, match=r"no score 'brier' to judge; the results have \['f1'\]"):
        compare_methods(small(), "brier", "ridge")
    with pytest.raises(ValueError, match="no score 'accuracy' to judge"):
        compare_methods(small().assign(accuracy=0.9), "accuracy", "ridge")
    with pytest.raises(ValueError, match=r"no classifier 'forest'; the results have \['ridge'\]"):
        compare_methods(small(), "f1", "forest")
