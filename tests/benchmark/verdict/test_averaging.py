"""From runs to numbers: what is averaged, paired and counted."""

import numpy as np
import pandas as pd
import pytest

from ganbats_sampler.benchmark import (
    average_seeds,
    gap_closed,
    pair_arms,
    tabulate_gains,
    tabulate_scores,
)
from ganbats_sampler.benchmark.verdict.averaging import count_runs
from ganbats_sampler.benchmark.verdict.runs import check_results
from tests.benchmark.verdict.runs import lose, make_runs


def small(score="f1"):
    """Two tasks of two seeds, so that every mean is seen at a glance."""
    values = {
        ("a", "none"): [0.1, 0.5],
        ("a", "warp"): [0.2, 0.4],
        ("a", "oracle"): [0.5, 0.7],
        ("b", "none"): [0.6, 0.8],
        ("b", "warp"): [0.9, 0.9],
        ("b", "oracle"): [0.8, 0.6],
    }
    rows = [
        {"task": task, "arm": arm, "seed": seed, score: value}
        for (task, arm), both in values.items()
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


def test_seeds_are_averaged_within_a_task():
    means = average_seeds(tabulate_scores(small(), "f1", "ridge"))
    expected = {"none": [0.3, 0.7], "oracle": [0.6, 0.7], "warp": [0.3, 0.9]}
    pd.testing.assert_frame_equal(
        means, pd.DataFrame(expected, index=["a", "b"]), check_names=False
    )


def test_a_pair_is_on_the_same_splits():
    runs = lose(small(), [2])  # the arm's first seed on the first task
    pairs = pair_arms(tabulate_scores(runs, "f1", "ridge"), "f1", "warp")
    assert pairs["seeds"].tolist() == [1, 2]
    np.testing.assert_allclose(pairs["baseline"], [0.5, 0.7])  # not .3, the mean of both seeds
    np.testing.assert_allclose(pairs["gain"], [-0.1, 0.2])


def test_only_tasks_that_both_have_are_compared():
    runs = lose(small(), [2, 3])
    table = tabulate_scores(runs, "f1", "ridge")
    assert pair_arms(table, "f1", "warp").index.tolist() == ["b"]
    assert pair_arms(table, "f1", "nobody").empty
    gains = tabulate_gains(table, "f1")
    assert list(gains) == ["oracle", "warp"] and gains.index.tolist() == ["a", "b"]
    assert np.isnan(gains.loc["a", "warp"]) and gains.loc["b", "warp"] == pytest.approx(0.2)


def test_of_brier_less_is_better():
    table = tabulate_scores(small("brier"), "brier", "ridge")
    np.testing.assert_allclose(pair_arms(table, "brier", "warp")["gain"], [0, -0.2])


def test_equal_scores_have_no_gain_whatever_their_rounding():
    runs = small()
    runs.loc[runs["arm"] == "none", "f1"] = [0.1, 0.2, 0.3, 0.4]
    runs.loc[runs["arm"] == "warp", "f1"] = [0.15, 0.15, 0.4, 0.3]
    gains = pair_arms(tabulate_scores(runs, "f1", "ridge"), "f1", "warp")["gain"]
    assert gains.tolist() == [0, 0]


class TestGap:
    def test_is_pooled_over_tasks_where_real_series_help(self):
        runs = make_runs({"warp": 0.1, "oracle": 0.4}, noise=0)
        # on one task the oracle's gain is smaller than the margin, and the ratio 200
        at = (runs["task"] == "task 03") & (runs["arm"] == "oracle")
        runs.loc[at, "f1"] = (
            runs.loc[(runs["task"] == "task 03") & (runs["arm"] == "none"), "f1"].to_numpy()
            + 0.0005
        )
        table = tabulate_scores(runs, "f1", "ridge")
        found = gap_closed(table, "f1", "warp")
        assert found.pooled == pytest.approx(0.25) and len(found.by_task) == 11
        assert gap_closed(table, "f1", "oracle").pooled == pytest.approx(1)
        everywhere = gap_closed(table, "f1", "warp", margin=0).by_task
        assert everywhere["task 03"] == pytest.approx(200)

    def test_is_a_ratio_of_means_not_a_mean_of_ratios(self):
        runs = small()
        runs.loc[runs["task"] == "b", "f1"] = [0.6, 0.6, 0.65, 0.65, 0.62, 0.62]
        found = gap_closed(tabulate_scores(runs, "f1", "ridge"), "f1", "warp")
        np.testing.assert_allclose(found.by_task, [0, 2.5])
        assert found.pooled == pytest.approx(0.05 / 0.32)

    @pytest.mark.parametrize("score", ["f1", "brier"])
    def test_whichever_way_the_score_counts(self, score):
        runs = make_runs({"warp": 0.1, "oracle": 0.2, "worse": -0.2}, score=score, noise=0)
        table = tabulate_scores(runs, score, "ridge")
        assert gap_closed(table, score, "warp").pooled == pytest.approx(0.5)
        assert gap_closed(table, score, "worse").pooled == pytest.approx(-1)

    def test_without_an_oracle_there_is_none(self):
        table = tabulate_scores(make_runs({"warp": 0.1}), "f1", "ridge")
        found = gap_closed(table, "f1", "warp")
        assert np.isnan(found.pooled) and found.by_task.empty


def test_what_became_of_the_runs_is_counted():
    runs = lose(lose(small(), [2]), [3], "skipped", "too few")
    runs.loc[8, "f1"] = np.nan  # it went well, and has no such score
    counts = count_runs(runs, "f1", "ridge")
    assert counts.loc["warp"].tolist() == [2, 1, 1, 1, (1 + 4 + 1 + 1) / 2]
    assert counts.loc["none"].tolist() == [4, 0, 0, 0, (2 + 3) / 2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.drop(columns="seed"), r"no columns \['seed'\]"),
        (lambda r: r.drop(columns="f1"), "have no score"),
        (
            lambda r: pd.concat([r, r.assign(protocol="before-split")]),
            r"mix protocols: \['before-split', 'honest'\].*results\['protocol'\] == 'before-split'",
        ),
        (lambda r: pd.concat([r, r.assign(amount="balance")]), "mix amounts"),
        (lambda r: r.assign(status="fine"), r"status \['fine'\]"),
        (lambda r: pd.concat([r, r.iloc[:2]]), "2 runs are there twice, first .*'seed': 0"),
        (lambda r: r[r["arm"] != "none"], 'No run of the arm "none" went well'),
        (lambda r: lose(r, r["arm"] == "none"), 'No run of the arm "none" went well'),
    ],
)
def test_what_cannot_be_compared_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        check_results(change(small()))


def test_an_unknown_score_or_classifier_is_refused():
    with pytest.raises(ValueError, match=r"no score 'brier'; the results have \['f1'\]"):
        tabulate_scores(small(), "brier", "ridge")
    with pytest.raises(ValueError, match=r"no classifier 'forest'; the results have \['ridge'\]"):
        tabulate_scores(small(), "f1", "forest")
