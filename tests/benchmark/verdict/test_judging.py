"""The verdict: its words where the truth is known, and every form it comes in."""

import re
import shutil
import subprocess

import matplotlib
import numpy as np
import pandas as pd
import pytest

from ganbats_sampler.benchmark import judge
from tests.benchmark.verdict.runs import lose, make_runs

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def words_of(verdict):
    return " ".join(verdict.summary)


def first_sentence(verdict):
    """What is concluded of the first finding, which stands below its title."""
    lines = str(verdict).splitlines()
    return lines[lines.index("RIDGE: F1") + 1].strip()


class TestWords:
    def test_a_sampler_better_than_all_that_is_free(self):
        effects = {"class_weights": 0.02, "tuned_threshold": 0.02, "smote": 0.06, "jitter": 0.0}
        verdict = judge(make_runs(effects))
        assert verdict.find().winners() == ["smote"]
        assert "by both tests: smote before ridge: F1." in verdict.summary[0]
        assert first_sentence(verdict) == "Worth its cost beside all that is free: smote."
        told = next(line for line in str(verdict).splitlines() if "every free arm too" in line)
        for free in ("class_weights", "tuned_threshold"):
            gain = re.search(
                rf"{free}: gain \+(0\.\d+), p = 0\.00\d, better/alike/worse 1\.00", told
            )
            assert float(gain[1]) == pytest.approx(0.04, abs=0.002)

    def test_class_weights_as_good_as_a_sampler_are_named(self):
        verdict = judge(make_runs({"class_weights": 0.05, "tuned_threshold": 0, "smote": 0.0501}))
        assert verdict.find().winners() == []
        assert "smote is not needed: class_weights is as good (smote beside it: gain" in str(
            verdict
        )
        assert first_sentence(verdict).startswith("What helps costs nothing: class_weights;")
        assert words_of(verdict).startswith("No sampler is established to be better than everyth")

    def test_class_weights_better_than_a_sampler_are_named(self):
        verdict = judge(make_runs({"class_weights": 0.08, "tuned_threshold": 0, "smote": 0.04}))
        assert "smote is not needed: class_weights is better (smote beside it: gain -0.0" in str(
            verdict
        )

    def test_what_is_not_established_is_not_called_alike(self):
        runs = make_runs({"class_weights": 0.035, "smote": 0.04}, noise=0.02, seed=3)
        verdict = judge(runs)
        assert [c.word for c in verdict.find().comparisons if c.arm == "smote"] == ["helps"]
        assert "smote is not established to be better than what is free (class_weights:" in str(
            verdict
        )

    def test_without_other_free_arms_a_sampler_is_not_said_to_be_needed(self):
        verdict = judge(make_runs({"smote": 0.05}))
        assert verdict.find().winners() == []
        assert "Beside smote no free arm ran but doing nothing" in str(verdict)

    def test_where_doing_nothing_is_best_it_is_said(self):
        verdict = judge(make_runs({"class_weights": 0.0, "smote": -0.05}))
        assert verdict.find().is_nothing_best()
        assert "Doing nothing is best, for every arm harms or is alike: ridge: F1." in words_of(
            verdict
        )
        assert first_sentence(verdict).startswith("Doing nothing is best here")
        assert "smote harms: 0." in str(verdict)
        assert "on 12 of 12 no arm gains more than 0.01" in str(verdict)

    def test_an_oracle_that_helps_does_not_make_something_better_than_nothing(self):
        verdict = judge(make_runs({"smote": -0.05, "oracle": 0.1}))
        assert verdict.find().is_nothing_best()
        assert "oracle) gain +0.1" in str(verdict)

    def test_noise_is_not_established_and_nothing_is_not_best(self):
        verdict = judge(make_runs({"smote": 1e-9}, noise=0.05))
        assert not verdict.find().is_nothing_best()
        assert "No arm is established to help: ridge: F1." in words_of(verdict)
        assert "Not established, either way: smote (gain" in str(verdict)

    def test_one_task_says_nothing(self):
        verdict = judge(make_runs({"smote": 0.3, "oracle": 0.4}, n_tasks=1))
        assert first_sentence(verdict) == "There are too few tasks to say anything."
        assert "under 6: smote (1)." in str(verdict)
        assert not verdict.find().is_nothing_best() and "ranks" not in verdict.plot()

    def test_by_task_both_ways_are_named(self):
        runs = make_runs({"smote": 0.1}, n_tasks=20)
        worse = (runs["arm"] == "smote") & (runs["task"] == "task 07")
        runs.loc[worse, "f1"] -= 0.15
        verdict = judge(runs)
        assert re.search(
            r"By task it gains on .* and 14 more and loses on task 07 \(-0\.0", str(verdict)
        )
        assert "on 1 of 20 no arm gains more than 0.01 over doing nothing: task 07" in str(verdict)

    def test_every_help_and_harm_stands_beside_its_tests_and_cost(self):
        text = str(judge(make_runs({"smote": 0.05, "cgan": -0.05})))
        for line in text.splitlines():
            if re.match(r"  \w+ (helps|harms): ", line):
                assert re.search(r"p [=<] 0\.\d+, better/alike/worse [\d./]+; 3 s a run", line)
        assert "  smote helps: " in text and "  cgan harms: " in text

    def test_a_leaking_protocol_is_said_first(self):
        verdict = judge(make_runs({"smote": 0.5}).assign(protocol="before-split"))
        assert "mean nothing for new data" in verdict.summary[0]
        assert str(verdict).startswith(verdict.summary[0]) and len(verdict.summary) == 1
        assert "helps" not in str(verdict) and "Means: none 0." in str(verdict)
        html = verdict._repr_html_()
        assert html.startswith('<p class="warning">Over-sampled before the split')
        assert 'class="warning"' not in judge(make_runs({"smote": 0.5}))._repr_html_()


def test_a_mean_of_doing_nothing_is_over_all_tasks():
    runs = make_runs({"smote": 0.05, "oracle": 0.2}, n_tasks=8).assign(protocol="before-split")
    runs = runs[(runs["arm"] != "oracle") | (runs["task"] < "task 03")]
    mean = runs.loc[runs["arm"] == "none", "f1"].mean()
    verdict = judge(runs, scores=["f1"])
    assert verdict.describe(verdict.findings[0])[0].startswith(f"Means: none {mean:.3f}, ")


def test_series_that_stood_in_for_a_gan_are_told_of():
    runs = make_runs({"gan": 0.1, "smote": 0.1}, n_tasks=6).astype({"reason": object})
    is_gan = runs["arm"] == "gan"
    runs.loc[is_gan & (runs["task"] == "task 01"), "reason"] = "fell back: it collapsed"
    runs.loc[is_gan & (runs["task"] == "task 02"), "reason"] = "did not pass the watch: off"
    told = " ".join(judge(runs).summary)
    n = runs["seed"].nunique()
    assert f"Of gan, {n} of {6 * n} runs are not its generator's" in told
    assert f"Of gan, {n} of {6 * n} runs are of a generator that did not pass the watch" in told
    assert "Of smote" not in told


def test_the_free_arms_are_tested_only_where_a_sampler_helps():
    helped = judge(make_runs({"class_weights": 0.05, "smote": 0.05}))
    assert list(helped.find().beside_free) == ["class_weights"]
    assert judge(make_runs({"class_weights": 0.05, "smote": 0.0})).find().beside_free == {}


def test_other_baselines_are_told():
    verdict = judge(make_runs({"smote": 0.05, "ganbats": 0.0}), against=["smote"])
    word = verdict.to_frame().loc[("ridge", "f1", "smote", "ganbats"), "word"]
    assert word == "harms" and "Beside smote" in verdict._repr_html_()


def test_the_order_of_rows_does_not_matter():
    runs = make_runs({"smote": 0.05, "cgan": -0.02, "class_weights": 0.03, "oracle": 0.1})
    assert str(judge(runs)) == str(judge(runs.sample(frac=1, random_state=1)))


def test_all_scores_and_classifiers_or_those_chosen():
    runs = pd.concat(
        make_runs({"smote": 0.05}, classifier=name).assign(brier=0.1)
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


def test_mixtures_are_refused():
    runs = make_runs({"smote": 0.05})
    with pytest.raises(ValueError, match="mix amounts"):
        judge(pd.concat([runs, runs.assign(amount="balance")]))


@pytest.fixture(scope="module")
def verdict():
    effects = {"class_weights": 0.05, "<b>gan</b>": 0.03, "cgan": -0.04, "oracle": 0.1}
    runs = make_runs(effects, n_tasks=8).replace({"task 00": "a & b <i>"})
    gone = (runs["arm"] == "<b>gan</b>") & (runs["task"] == "task 01")
    runs = lose(runs, gone, reason="RuntimeError: <script>")
    runs = lose(runs, (runs["arm"] == "oracle") & (runs["seed"] == 2), "skipped", np.nan)
    return judge(runs)


class TestForms:
    def test_text(self, verdict):
        text = str(verdict)
        assert repr(verdict) == text
        assert "<b>gan</b> before ridge: 3 runs failed, on task 01: RuntimeError: <script>" in text
        assert "oracle before ridge: 8 runs skipped" in text and "no reason given" in text
        assert "3 failed, 8 were skipped." in text

    def test_a_frame_has_a_row_for_each_arm_and_baseline(self, verdict):
        frame = verdict.to_frame()
        assert set(frame.index.get_level_values("baseline")) == {"none", "class_weights"}
        assert len(frame) == 8
        row = frame.loc[("ridge", "f1", "none", "<b>gan</b>")]
        assert (row["n_tasks"], row["wins"], row["n_failed"], row["word"]) == (7, 7, 3, "helps")
        assert row[["p_better", "p_equivalent", "p_worse"]].sum() == pytest.approx(1)

    @pytest.mark.parametrize("reason", ["", np.nan])
    def test_runs_lost_for_no_reason_are_told(self, reason):
        runs = make_runs({"smote": 0.05}).assign(reason=reason)
        runs.loc[runs["task"] == "task 02", "status"] = "failed"
        assert "none before ridge: 3 runs failed, on task 02: no reason given" in str(judge(runs))

    def test_runs_without_a_score_are_told(self):
        runs = make_runs({"smote": 0.05})
        runs.loc[runs["task"] == "task 02", "f1"] = np.nan
        assert "smote before ridge: 3 runs without F1" in str(judge(runs))

    def test_pictures(self, verdict):
        axes = verdict.plot("f1", "ridge")
        assert set(axes) == {"gains", "ranks"}
        assert all(ax.has_data() for ax in axes.values())

    def test_html_escapes_names(self, verdict):
        html = verdict._repr_html_()
        assert "&lt;b&gt;gan&lt;/b&gt;" in html and "<b>gan" not in html
        assert "a &amp; b &lt;i&gt;" in html and "<i>" not in html and "<script" not in html
        assert html.count("<table>") == 2

    def test_a_page_needs_nothing_else(self, verdict, tmp_path):
        page = verdict.save(tmp_path / "verdict.html").read_text(encoding="utf-8")
        assert page.count("data:image/png;base64,") == 2 and "Judged with ganbats-sampler" in page
        assert not re.findall(r'(?:src|href)="(?!data:)', page) and "://" not in page
        assert page.index("No sampler is established") < page.index("<table>")

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
        assert run.stdout.count("<table>") == 2 and run.stdout.count("<img") == 2
        assert "&lt;b&gt;gan&lt;/b&gt;" in run.stdout
        assert "CONSOLE" not in run.stderr
