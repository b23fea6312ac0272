"""The axes, labels and colours of a verdict's pictures."""

import numpy as np
import pandas as pd
import pytest

from ganbats_sampler.benchmark import judge
from ganbats_sampler.benchmark.verdict import pictures
from ganbats_sampler.benchmark.verdict.pictures import plot_gains
from tests.benchmark.verdict.runs import lose, make_runs
from tests.conftest import needs_aeon


def ranks_of(effects, score="f1", **options):
    return judge(make_runs(effects, score=score, **options)).plot(score, "ridge").get("ranks")


EFFECTS = {"class_weights": 0.02, "smote": 0.05, "cgan": -0.05, "oracle": 0.1}


@needs_aeon
class TestRanks:
    @pytest.mark.parametrize("score", ["f1", "brier"])
    def test_the_best_method_is_on_the_right(self, score):
        ax = ranks_of(EFFECTS, score)
        labels = {text.get_text(): text for text in ax.texts}
        assert {"none", "class_weights", "smote", "cgan"} <= set(labels)
        assert "oracle" not in labels and {"1.0000", "4.0000"} <= set(labels)
        # the best stands on the right of the worst
        assert labels["smote"].get_position()[0] > labels["cgan"].get_position()[0]
        assert labels["none"].get_color() == labels["class_weights"].get_color() == "#0072b2"
        assert labels["smote"].get_color() != "#0072b2"
        assert "12 tasks" in ax.get_title()

    def test_methods_equal_to_no_resampling_are_joined_without_a_warning(self):
        ax = ranks_of({"tuned_threshold": 0.0, "smote": 0.05, "cgan": -0.05})
        assert len([line for line in ax.lines if line.get_linewidth() == 2.5]) == 1

    def test_a_method_without_every_task_is_not_ranked(self):
        runs = make_runs(EFFECTS, n_tasks=10)
        runs = lose(runs, (runs["method"] == "cgan") & (runs["task"] < "task 03"))
        ax = judge(runs).plot()["ranks"]
        labels = {text.get_text() for text in ax.texts}
        assert {"class_weights", "none", "smote"} <= labels and "cgan" not in labels
        assert "10 tasks" in ax.get_title()

    @pytest.mark.parametrize(
        ("effects", "n_tasks"),
        [
            ({"smote": 0.1, "oracle": 0.1}, 12),  # two methods
            ({"smote": 0.1, "cgan": 0.1}, 5),  # five tasks
            ({"tuned_threshold": 0.0, "class_weights": 0.0}, 12),  # all equal
        ],
    )
    def test_no_ranks_with_few_methods_few_tasks_or_equal_scores(self, effects, n_tasks):
        assert ranks_of(effects, n_tasks=n_tasks) is None

    def test_no_ranks_without_aeon(self, monkeypatch):
        monkeypatch.setattr(pictures, "find_spec", lambda name: None)
        assert ranks_of({"smote": 0.1, "cgan": 0.1, "wgan": 0.2}) is None


class TestGains:
    gains = pd.DataFrame({"smote": [0.1, -0.05], "gan": [np.nan, 0.02]}, index=["a", "b"])

    def test_every_task_and_method_has_a_cell(self):
        ax = plot_gains(self.gains)
        shown = ax.images[0].get_array()
        np.testing.assert_allclose(shown.filled(np.nan), self.gains)
        assert [text.get_text() for text in ax.texts] == ["+0.10", "-0.05", "+0.02"]
        assert [label.get_text() for label in ax.get_xticklabels()] == ["smote", "gan"]
        assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]

    def test_no_gain_is_white_and_the_colours_are_symmetric(self):
        image = plot_gains(self.gains).images[0]
        assert image.get_clim() == (-0.1, 0.1)
        assert image.cmap(image.norm(0.0))[:3] == pytest.approx((1, 1, 1), abs=0.02)
        assert plot_gains(0 * self.gains).images[0].get_clim() == (-1, 1)

    def test_many_cells_have_no_numbers(self):
        many = pd.DataFrame(np.zeros((31, 2)), columns=["a", "b"])
        assert len(plot_gains(many).texts) == 0
