"""An arm beside a baseline: the word, where the truth is known."""

import math

import numpy as np
import pandas as pd
import pytest

from ganbats_sampler.benchmark import Posterior, compare_arms
from ganbats_sampler.benchmark.verdict.comparison import choose_word
from tests.benchmark.verdict.runs import lose, make_runs

EFFECTS = {"better": 0.05, "equal": 0.0, "slight": 0.003, "worse": -0.05, "oracle": 0.1}


def by_arm(*arguments, **options):
    return {c.arm: c for c in compare_arms(*arguments, **options)}


@pytest.mark.parametrize("score", ["f1", "brier"])
def test_words_where_the_truth_is_known(score):
    effects = EFFECTS if score == "f1" else {arm: e / 5 for arm, e in EFFECTS.items()}
    runs = make_runs(effects, score=score, noise=0.0003, n_tasks=20)
    found = by_arm(runs, score, "ridge")
    assert {arm: c.word for arm, c in found.items()} == {
        "better": "helps",
        "equal": "alike",
        "slight": "alike",
        "worse": "harms",
        "oracle": "helps",
    }
    better, worse = found["better"], found["worse"]
    assert better.outcomes == (20, 0, 0) and worse.outcomes == (0, 0, 20)
    assert better.gain == pytest.approx(effects["better"], abs=0.001)
    assert better.gap_closed == pytest.approx(0.5, abs=0.02) and better.n_gap_tasks == 20
    sign = 1 if score == "f1" else -1
    assert better.mean - better.baseline_mean == pytest.approx(sign * better.gain)
    # it is significant all the same: alike is said of what matters
    assert found["slight"].p_holm < 0.05 and found["slight"].gain > 0


def test_of_an_equal_arm_all_are_ties():
    found = by_arm(make_runs({"equal": 0.0}), "f1", "ridge")["equal"]
    assert (found.gain, found.outcomes, found.word) == (0, (0, 12, 0), "alike")
    assert np.isnan(found.p_value) and np.isnan(found.p_holm)


def test_an_arm_that_is_the_baseline_costs_the_others_nothing():
    """As a tuned threshold is in scores of order: its test would only weaken Holm's correction."""
    alone = by_arm(make_runs({"better": 0.05}, n_tasks=6), "f1", "ridge")["better"]
    beside = by_arm(make_runs({"better": 0.05, "equal": 0.0}, n_tasks=6), "f1", "ridge")["better"]
    assert alone.p_holm == beside.p_holm


def test_holm_is_over_the_arms_and_not_the_oracle():
    runs = make_runs({"better": 0.05, "worse": -0.05, "oracle": 0.1}, n_tasks=8)
    found = by_arm(runs, "f1", "ridge")
    for c in found.values():
        assert c.p_value == pytest.approx(2 / 2**8)
    assert found["better"].p_holm == found["worse"].p_holm == pytest.approx(4 / 2**8)
    assert found["oracle"].p_holm == pytest.approx(2 / 2**8)


@pytest.mark.parametrize(("n_tasks", "word"), [(1, "too few tasks"), (5, "too few tasks")])
def test_too_few_tasks(n_tasks, word):
    found = by_arm(make_runs({"better": 0.3}, n_tasks=n_tasks), "f1", "ridge")["better"]
    assert found.word == word and math.isnan(found.p_holm) and found.n_tasks == n_tasks
    assert found.gain == pytest.approx(0.3, abs=0.01)


def test_six_tasks_are_enough_for_the_first_test():
    found = by_arm(make_runs({"better": 0.3}, n_tasks=6), "f1", "ridge")["better"]
    assert found.p_holm == pytest.approx(2 / 64) and found.word == "helps"


def test_what_failed_is_counted_and_the_rest_compared():
    runs = make_runs({"better": 0.05, "other": 0.05})
    is_better = runs["arm"] == "better"
    runs = lose(runs, is_better & (runs["task"] == "task 00"))
    runs = lose(runs, is_better & (runs["task"] == "task 01") & (runs["seed"] > 0), "skipped")
    found = by_arm(runs, "f1", "ridge")
    assert found["better"].n_tasks == 11 and found["better"].n_pairs == 31
    assert (found["better"].n_failed, found["better"].n_skipped) == (3, 2)
    assert found["better"].word == "helps" and found["other"].n_tasks == 12


def test_an_arm_that_never_ran_is_told_and_in_nobodys_way():
    runs = make_runs({"better": 0.05, "never": 0.05})
    found = by_arm(lose(runs, runs["arm"] == "never", "skipped"), "f1", "ridge")
    never = found["never"]
    assert (never.word, never.n_tasks, never.n_skipped) == ("too few tasks", 0, 36)
    assert found["better"].p_holm == found["better"].p_value  # it is not corrected for
    assert list(found) == ["better", "never"]


def test_any_arm_can_be_the_baseline():
    runs = make_runs({"smote": 0.05, "ganbats": 0.02})
    found = by_arm(runs, "f1", "ridge", baseline="smote")
    assert found["none"].word == found["ganbats"].word == "harms"
    assert found["ganbats"].baseline == "smote" and found["ganbats"].seconds == 3
    assert (found["none"].seconds, found["none"].baseline_seconds) == (1, 3)
    with pytest.raises(ValueError, match=r"no arm 'adasyn' .* \['ganbats', 'none', 'smote'\]"):
        compare_arms(runs, "f1", "ridge", baseline="adasyn")


def test_the_order_of_rows_does_not_matter():
    runs = make_runs(EFFECTS)
    shuffled = runs.sample(frac=1, random_state=0)
    assert str(compare_arms(runs, "f1", "ridge")) == str(compare_arms(shuffled, "f1", "ridge"))


def test_other_classifiers_are_left_out():
    runs = make_runs({"better": 0.05})
    both = pd.concat([runs, make_runs({"better": -0.05}, classifier="forest", seed=1)])
    assert str(compare_arms(both, "f1", "ridge")) == str(compare_arms(runs, "f1", "ridge"))


def test_the_rope_decides_what_matters():
    runs = make_runs({"slight": 0.005}, noise=0.0005)
    assert by_arm(runs, "f1", "ridge")["slight"].word == "alike"
    assert by_arm(runs, "f1", "ridge", rope=0.001)["slight"].word == "helps"


class TestRules:
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
    def test_each(self, n_tasks, gain, p_holm, posterior, word):
        assert choose_word(n_tasks, gain, p_holm, Posterior(*posterior)) == word


def test_pure_noise_is_hardly_ever_called_a_help():
    words = [
        c.word
        for seed in range(10)
        for c in compare_arms(
            make_runs({arm: 1e-9 for arm in "abcd"}, noise=0.05, seed=seed, n_seeds=1),
            "f1",
            "ridge",
        )
    ]
    assert len(words) == 40 and sum(word in ("helps", "harms") for word in words) <= 1
    assert "not established" in words and np.isin("too few tasks", words).sum() == 0
