"""The verdict: its conclusions where the truth is known, and every form it comes in."""

import re
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from ganbats_sampler.benchmark import compare_methods, judge
from tests.benchmark.verdict.runs import lose, make_runs


def conclusion(verdict):
    """The first sentence on the first finding, which follows its title."""
    lines = str(verdict).splitlines()
    return lines[lines.index("RIDGE: F1") + 1]


class TestConclusions:
    @pytest.mark.parametrize(
        ("effects", "winners", "begins", "summary"),
        [
            (
                {"class_weights": 0.02, "tuned_threshold": 0.02, "smote": 0.06, "jitter": 0.0},
                ["smote"],
                "Worth the cost, for better than doing nothing, class_weights, tuned_threshold: ",
                "Better than all that is free, by both tests: smote with ridge: F1.",
            ),
            (
                {"class_weights": 0.05, "tuned_threshold": 0, "smote": 0.0501},
                [],
                "At no cost helps class_weights; no sampler is established to beat that.",
                "Class weights or a tuned threshold help, and no sampler",
            ),
            (
                {"smote": 0.05},
                [],
                "Help, but not established to beat all that is free: smote.",
                "No sampler is established to be better than everything that is free",
            ),
            (
                {"class_weights": 0.0, "smote": -0.05, "oracle": 0.1},
                [],
                "Doing nothing is best: every method that was tested harms or is alike.",
                "Doing nothing is best: every method harms or is alike: ridge: F1.",
            ),
        ],
    )
    def test_where_the_truth_is_known(self, effects, winners, begins, summary):
        verdict = judge(make_runs(effects))
        assert verdict.find().winners() == winners
        assert conclusion(verdict).startswith(begins)
        assert any(sentence.startswith(summary) for sentence in verdict.summary)

    def test_noise_is_not_established_and_nothing_is_not_best(self):
        verdict = judge(make_runs({"smote": 1e-9}, noise=0.05))
        assert not verdict.find().is_nothing_best()
        assert conclusion(verdict) == "No method is established to help."
        assert "No method is established to help: ridge: F1." in verdict.summary

    def test_few_tasks_say_nothing(self):
        verdict = judge(make_runs({"smote": 0.3, "oracle": 0.4}, n_tasks=5))
        assert conclusion(verdict) == "There are too few tasks to test; 6 are needed."
        assert "There are too few tasks to test, fewer than 6: ridge: F1." in verdict.summary
        assert not verdict.find().is_nothing_best() and "ranks" not in verdict.plot()

    def test_tasks_where_nothing_helps_and_the_oracle_are_mentioned(self):
        runs = make_runs({"smote": 0.1, "oracle": 0.2}, n_tasks=20)
        runs.loc[(runs["method"] == "smote") & (runs["task"] == "task 07"), "f1"] -= 0.15
        text = str(judge(runs))
        assert "On 1 of 20 tasks no method gains more than 0.01" in text
        assert re.search(r"\(the oracle\) gain \+0\.2\d* over the 20 tasks", text)

    def test_free_methods_are_compared_with_only_where_a_sampler_helps(self):
        effects = {"class_weights": 0.02, "tuned_threshold": 0.0}
        assert list(judge(make_runs({**effects, "smote": 0.06})).find().beside) == [*effects]
        assert list(judge(make_runs({**effects, "smote": -0.06})).find().beside) == []

    def test_nothing_follows_from_a_protocol_that_leaks(self):
        verdict = judge(make_runs({"smote": 0.5}).assign(protocol="before-split"))
        assert len(verdict.summary) == 1 and "mean nothing for new data" in verdict.summary[0]
        assert str(verdict).startswith(verdict.summary[0]) and "worth" not in str(verdict)
        html = verdict._repr_html_()
        assert html.startswith('<p class="warning">Over-sampled before the split')
        assert 'class="warning"' not in judge(make_runs({"smote": 0.5}))._repr_html_()

    def test_series_that_replaced_those_of_a_gan_are_counted(self):
        runs = make_runs({"gan": 0.1, "smote": 0.1}, n_tasks=6).astype({"reason": object})
        is_gan = runs["method"] == "gan"
        runs.loc[is_gan & (runs["task"] == "task 01"), "reason"] = "fell back: it collapsed"
        runs.loc[is_gan & (runs["task"] == "task 02"), "reason"] = "failed the checks: off"
        told = judge(runs).summary[-2:]
        assert told == [
            "gan: 3 of 18 runs failed the checks.",
            "gan: 3 of 18 runs fell back.",
        ]


def test_every_method_can_be_compared_with_any_other():
    verdict = judge(make_runs({"smote": 0.05, "ganbats": 0.0}), against=["smote"])
    assert verdict.to_frame().loc[("ridge", "f1", "smote", "ganbats"), "word"] == "harms"
    assert "Beside smote" in verdict._repr_html_()


def test_the_order_of_rows_does_not_matter():
    runs = make_runs({"smote": 0.05, "cgan": -0.02, "class_weights": 0.03, "oracle": 0.1})
    assert str(judge(runs)) == str(judge(runs.sample(frac=1, random_state=1)))


def test_all_scores_and_classifiers_or_those_chosen():
    runs = pd.concat(
        make_runs({"smote": 0.05}, classifier=name).assign(brier=0.1, accuracy=0.9)
        for name in ("ridge", "forest")
    )
    every = [(f.classifier, f.score) for f in judge(runs).findings]
    assert every == [(c, s) for c in ("forest", "ridge") for s in ("f1", "brier")]
    chosen = judge(runs, scores=["brier"], classifiers=["ridge"])
    assert [(f.classifier, f.score) for f in chosen.findings] == [("ridge", "brier")]
    with pytest.raises(ValueError, match=r"no finding on \('f1', None\)"):
        chosen.find("f1")
    with pytest.raises(ValueError, match="no score 'roc_auc'"):
        judge(runs, scores=["roc_auc"])


def test_one_name_may_stand_alone():
    runs = make_runs({"smote": 0.05, "jitter": 0.04})
    assert str(judge(runs, scores="f1", classifiers="ridge", against="smote")) == str(
        judge(runs, scores=["f1"], classifiers=["ridge"], against=["smote"])
    )


@pytest.mark.parametrize("wrong", ["runs.csv", None, [1], {"task": []}])
def test_what_is_no_table_of_runs_says_what_to_pass(wrong):
    for use in (judge, lambda runs: compare_methods(runs, "f1", "ridge")):
        with pytest.raises(TypeError, match=r"pass the DataFrame .* read_results\(path\)"):
            use(wrong)


def test_mixtures_are_refused():
    runs = make_runs({"smote": 0.05})
    with pytest.raises(ValueError, match="mix amounts"):
        judge(pd.concat([runs, runs.assign(amount="balance")]))


@pytest.fixture(scope="module")
def verdict():
    effects = {"class_weights": 0.05, "<b>gan</b>": 0.03, "cgan": -0.04, "oracle": 0.1}
    runs = make_runs(effects, n_tasks=8).replace({"task 00": "a & b <i>"})
    gone = (runs["method"] == "<b>gan</b>") & (runs["task"] == "task 01")
    runs = lose(runs, gone, reason="RuntimeError: <script>")
    runs = lose(runs, (runs["method"] == "oracle") & (runs["seed"] == 2), "skipped", np.nan)
    return judge(runs)


class TestForms:
    def test_text(self, verdict):
        text = str(verdict)
        assert repr(verdict) == text and "3 failed, 8 were skipped." in text
        assert re.search(r"failed +<b>gan</b> +ridge +RuntimeError: <script> +3 +1", text)
        assert re.search(r"skipped +oracle +ridge +8 +8", text)

    def test_every_comparison_is_a_row_with_its_tests(self, verdict):
        row = next(line for line in str(verdict).splitlines() if line.startswith("cgan"))
        cells = r"harms +8 +0\.\d{3} \(0\.\d{3}\) +-0\.0\d{2} +0 / 0 / 8 +0\.\d{3} +0\.00 / "
        assert re.search(cells + r"0\.00 / 1\.00 +-\d+% \(8\) +3 \(1\)$", row)

    def test_a_frame_has_a_row_for_each_method_and_baseline(self, verdict):
        frame = verdict.to_frame()
        assert set(frame.index.get_level_values("baseline")) == {"none", "class_weights"}
        assert len(frame) == 8
        row = frame.loc[("ridge", "f1", "none", "<b>gan</b>")]
        assert row[["n_tasks", "wins", "failed", "word"]].tolist() == [7, 7, 3, "helps"]
        assert row[["p_better", "p_equivalent", "p_worse"]].sum() == pytest.approx(1)

    def test_pictures(self, verdict):
        axes = verdict.plot("f1", "ridge")
        assert set(axes) == {"gains", "ranks"}
        assert all(ax.has_data() for ax in axes.values())

    def test_html_escapes_names(self, verdict):
        html = verdict._repr_html_()
        assert "&lt;b&gt;gan&lt;/b&gt;" in html and "<b>gan" not in html
        assert "<i>" not in html and "<script" not in html
        assert html.count("<table") == 3  # two baselines, and the runs that were lost

    def test_a_page_needs_nothing_else(self, verdict, tmp_path):
        page = verdict.save(tmp_path / "verdict.html").read_text(encoding="utf-8")
        assert page.count("data:image/png;base64,") == 2 and "Judged with ganbats-sampler" in page
        assert not re.findall(r'(?:src|href)="(?!data:)', page) and "://" not in page
        assert page.index("No sampler is established") < page.index("<table")

    def test_a_page_that_cannot_be_written_leaves_the_one_before(self, verdict, tmp_path):
        path = verdict.save(tmp_path / "verdict.html")
        before = path.read_bytes()
        with pytest.MonkeyPatch.context() as patch, pytest.raises(OSError, match="cannot be"):
            patch.setattr("os.fsync", lambda _: path.joinpath("below").read_bytes())
            verdict.save(path)
        assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
        with pytest.raises(ValueError, match="suffix '.pdf' is not supported"):
            verdict.save(tmp_path / "verdict.pdf")

    def test_a_browser_shows_it_without_a_complaint(self, verdict, tmp_path):
        browser = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
        if browser is None:
            pytest.skip("no Chromium here")
        path = verdict.save(tmp_path / "verdict.html")
        run = subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--enable-logging=stderr",
                f"--user-data-dir={tmp_path / 'profile'}",
                "--window-size=360,800",
                "--dump-dom",
                path.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.stdout.count("<table") == 3 and run.stdout.count("<img") == 2
        assert "&lt;b&gt;gan&lt;/b&gt;" in run.stdout
        assert "CONSOLE" not in run.stderr
