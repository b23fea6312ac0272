"""Pictures over tasks: what is on the axes."""

import sys

import matplotlib
import numpy as np
import pandas as pd
import pytest

from ganbats_sampler.benchmark import plot_critical_difference, plot_gains, tabulate_scores
from ganbats_sampler.benchmark.verdict.pictures import rankable_means
from tests.benchmark.verdict.runs import lose, make_runs

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def table_of(effects, score="f1", **options):
    return tabulate_scores(make_runs(effects, score=score, **options), score, "ridge")


EFFECTS = {"class_weights": 0.02, "smote": 0.05, "cgan": -0.05, "oracle": 0.1}


class TestRanks:
    @pytest.mark.parametrize("score", ["f1", "brier"])
    def test_the_best_has_rank_one_whichever_way_the_score_counts(self, score):
        ax = plot_critical_difference(table_of(EFFECTS, score), score)
        labels = {text.get_text(): text for text in ax.texts}
        assert {"none", "class_weights", "smote", "cgan"} <= set(labels)
        assert "oracle" not in labels and {"1.0000", "4.0000"} <= set(labels)
        # the best stands on the right of the worst
        assert labels["smote"].get_position()[0] > labels["cgan"].get_position()[0]
        assert labels["none"].get_color() == labels["class_weights"].get_color() == "#0072b2"
        assert labels["smote"].get_color() != "#0072b2"
        assert "12 tasks" in ax.get_title()

    def test_arms_equal_to_nothing_are_joined_and_no_warning(self):
        effects = {"tuned_threshold": 0.0, "smote": 0.05, "cgan": -0.05}
        ax = plot_critical_difference(table_of(effects), "f1")
        bars = [line for line in ax.lines if line.get_linewidth() == 2.5]
        assert len(bars) == 1

    def test_only_what_all_have_is_ranked(self):
        runs = make_runs(EFFECTS, n_tasks=10)
        runs = lose(runs, (runs["arm"] == "smote") & runs["task"].isin(["task 00", "task 01"]))
        runs = lose(runs, (runs["arm"] == "cgan") & (runs["task"] < "task 03"))
        means = rankable_means(tabulate_scores(runs, "f1", "ridge"))
        assert list(means) == ["class_weights", "none", "smote"]  # cgan has 70% of the tasks
        assert means.index.tolist() == [f"task {task:02}" for task in range(2, 10)]

    @pytest.mark.parametrize(
        ("effects", "n_tasks", "message"),
        [
            ({"smote": 0.1, "oracle": 0.1}, 12, "2 arms have 12 tasks in common"),
            ({"smote": 0.1, "cgan": 0.1}, 5, "3 arms have 5 tasks in common"),
            ({"tuned_threshold": 0.0, "class_weights": 0.0}, 12, "equal on every task"),
        ],
    )
    def test_what_cannot_be_ranked_is_said(self, effects, n_tasks, message):
        with pytest.raises(ValueError, match=message):
            plot_critical_difference(table_of(effects, n_tasks=n_tasks), "f1")

    def test_without_aeon_it_says_what_to_install(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "aeon.visualisation", None)
        with pytest.raises(ImportError, match=r'pip install "ganbats-sampler\[benchmark\]"'):
            plot_critical_difference(table_of(EFFECTS), "f1")


class TestGains:
    gains = pd.DataFrame({"smote": [0.1, -0.05], "gan": [np.nan, 0.02]}, index=["a", "b"])

    def test_every_task_and_arm_has_its_cell(self):
        ax = plot_gains(self.gains)
        shown = ax.images[0].get_array()
        np.testing.assert_allclose(shown.filled(np.nan), self.gains)
        assert [text.get_text() for text in ax.texts] == ["+0.10", "-0.05", "+0.02"]
        assert [label.get_text() for label in ax.get_xticklabels()] == ["smote", "gan"]
        assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]

    def test_nothing_is_white_and_both_sides_reach_as_far(self):
        image = plot_gains(self.gains).images[0]
        assert image.get_clim() == (-0.1, 0.1)
        assert image.cmap(image.norm(0.0))[:3] == pytest.approx((1, 1, 1), abs=0.02)
        assert plot_gains(0 * self.gains).images[0].get_clim() == (-1, 1)
        assert plot_gains(self.gains, limit=0.5).images[0].get_clim() == (-0.5, 0.5)

    def test_it_draws_where_it_is_told(self):
        ax = plt.subplots()[1]
        assert plot_gains(self.gains, ax=ax) is ax

    def test_many_cells_have_no_numbers(self):
        many = pd.DataFrame(np.zeros((31, 2)), columns=["a", "b"])
        assert len(plot_gains(many).texts) == 0
