"""Verdicts on runs with known effects, as summary, text, table, HTML and page."""

import re

import numpy as np
import pandas as pd
import pytest

from ganbats_sampler.benchmark import compare_methods, judge
from ganbats_sampler.benchmark.verdict.overview import TEXT_LEGEND
from ganbats_sampler.benchmark.verdict.page import READING, format_table
from ganbats_sampler.benchmark.verdict.wording import conclude
from tests.benchmark.verdict.runs import lose, make_runs
from tests.conftest import needs_aeon


class TestConclusions:
    @pytest.mark.parametrize(
        ("effects", "winners", "conclusion", "summary"),
        [
            (
                {"class_weights": 0.02, "tuned_threshold": 0.02, "smote": 0.06, "jitter": 0.0},
                ["smote"],
                "Better than every free method: smote.",
                "Beats every free method most often: smote, in F1 (ridge).",
            ),
            (
                {"class_weights": 0.05, "tuned_threshold": 0, "smote": 0.0501},
                [],
                "Free methods help: class weights. No sampler is established to be better.",
                "Helps most often: class weights, in F1 (ridge). No sampler is established to beat "
                "every free method.",
            ),
            (
                {"smote": 0.05},
                [],
                "Helps, but is not established to beat every free method: smote.",
                "Helps most often: smote, in F1 (ridge). Class weights and a tuned threshold were "
                "not run; compare with them.",
            ),
            (
                {"class_weights": 0.0, "smote": -0.05, "oracle": 0.1},
                [],
                "Choose no resampling: every tested method harms or makes no practical difference.",
                "Choose no resampling: every tested method harms or makes no practical difference.",
            ),
        ],
    )
    def test_conclusions_match_known_effects(self, effects, winners, conclusion, summary):
        verdict = judge(make_runs(effects))
        assert verdict.find().winners() == winners
        assert conclude(verdict.find()) == conclusion
        assert verdict.summary[0] == summary and len(verdict.summary) == 3

    def test_noise_leads_to_no_conclusion(self):
        verdict = judge(make_runs({"smote": 1e-9}, noise=0.05))
        assert not verdict.find().is_nothing_best()
        assert conclude(verdict.find()) == "No method is established to help."
        assert verdict.summary[0].startswith("No method is established to help, in 1 combination")

    def test_few_tasks_are_not_tested(self):
        verdict = judge(make_runs({"smote": 0.3, "oracle": 0.4}, n_tasks=5))
        assert conclude(verdict.find()) == "Not tested: 5 tasks, and 6 are needed."
        assert verdict.summary[0] == "Not tested: 5 tasks, and 6 are needed."
        for form in (str(verdict), verdict._repr_html_()):
            assert "established" not in form.replace(READING, "").replace(TEXT_LEGEND, "")
            assert "over no resampling. Not tested: 5 tasks, and 6 are needed." in form
        assert not verdict.find().is_nothing_best() and "ranks" not in verdict.plot()

    def test_a_classifier_with_few_tasks_is_listed_as_not_tested(self):
        runs = [make_runs({"smote": 0.3}, classifier="ridge")]
        runs.append(make_runs({"smote": 0.3}, classifier="cnn", n_tasks=2))
        first, _, evidence = judge(pd.concat(runs)).summary
        assert first.startswith("Helps most often: smote, in F1 (ridge).")
        assert evidence.endswith("Not tested, with fewer than 6 tasks: F1 (cnn).")

    def test_the_summary_lists_what_does_not_help_and_what_harms(self):
        runs = make_runs({"smote": 0.05, "cgan": -0.05, "class_weights": 0.0})
        runs = runs.assign(roc_auc=runs["f1"].where(runs["method"] == "cgan", 0.5))
        _, second, third = judge(runs).summary
        assert second == (
            "No method is established to help in ROC AUC (ridge). Established to harm in at least "
            "one score: cgan."
        )
        assert third.startswith("Evidence: 12 tasks, 3 seeds, 1 classifier; 144 runs with")

    def test_details_have_tasks_without_a_gain_and_the_oracle(self):
        runs = make_runs({"smote": 0.1, "oracle": 0.2}, n_tasks=20)
        runs.loc[(runs["method"] == "smote") & (runs["task"] == "task 07"), "f1"] -= 0.15
        text = judge(runs)._repr_html_()
        assert "On 1 of 20 tasks, no method except the oracle gains more than 0.01" in text
        assert re.search(r"The oracle, .* gains \+0\.2\d* over no resampling, on the 20", text)
        runs.loc[runs["method"] == "oracle", "status"] = "skipped"
        assert "The oracle" not in judge(runs)._repr_html_()

    def test_free_methods_are_baselines_only_if_a_sampler_helps(self):
        effects = {"class_weights": 0.02, "tuned_threshold": 0.0}
        assert list(judge(make_runs({**effects, "smote": 0.06})).find().beside) == [*effects]
        assert list(judge(make_runs({**effects, "smote": -0.06})).find().beside) == []

    def test_leaking_runs_lead_to_a_warning_and_no_conclusion(self):
        verdict = judge(make_runs({"smote": 0.5}).assign(protocol="before-split"))
        assert len(verdict.summary) == 1 and "mean nothing for new data" in verdict.summary[0]
        assert str(verdict).startswith(verdict.summary[0]) and "worth" not in str(verdict)
        html = verdict._repr_html_()
        body = html[html.index('<div class="ganbats">') :]
        assert body.startswith('<div class="ganbats"><p class="warning">Over-sampled before the')
        assert "helps" not in body.replace(READING, "").replace("<td>helps</td>", "")
        assert 'class="warning"' not in judge(make_runs({"smote": 0.5}))._repr_html_()

    def test_runs_with_failed_networks_are_counted(self):
        runs = make_runs({"gan": 0.1, "smote": 0.1}, n_tasks=6).astype({"reason": object})
        is_gan = runs["method"] == "gan"
        runs.loc[is_gan & (runs["task"] == "task 01"), "reason"] = "fell back: it collapsed"
        runs.loc[is_gan & (runs["task"] == "task 02"), "reason"] = "failed the checks: off"
        verdict = judge(runs)
        for form in (str(verdict), verdict._repr_html_()):
            assert form.count("a network failed or was not trained in 6 of 18 runs") == 1
        html = verdict._repr_html_()
        assert "gan: in 3 of 18 runs the series of a network that failed the checks were" in html
        assert (
            "gan: in 3 of 18 runs other series replaced those of a network that failed or was not"
            in html
        )


def test_against_adds_a_baseline():
    verdict = judge(make_runs({"smote": 0.05, "ganbats": 0.0}), against=["smote"])
    assert verdict.to_frame().loc[("ridge", "f1", "smote", "ganbats"), "word"] == "harms"
    assert "Compared with smote" in verdict._repr_html_()


def test_the_order_of_rows_does_not_matter():
    runs = make_runs({"smote": 0.05, "cgan": -0.02, "class_weights": 0.03, "oracle": 0.1})
    assert str(judge(runs)) == str(judge(runs.sample(frac=1, random_state=1)))


def test_scores_and_classifiers_can_be_selected():
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


def test_a_single_name_needs_no_list():
    runs = make_runs({"smote": 0.05, "jitter": 0.04})
    assert str(judge(runs, scores="f1", classifiers="ridge", against="smote")) == str(
        judge(runs, scores=["f1"], classifiers=["ridge"], against=["smote"])
    )


@pytest.mark.parametrize("wrong", ["runs.csv", None, [1], {"task": []}])
def test_other_types_raise_an_error_that_names_the_right_one(wrong):
    for use in (judge, lambda runs: compare_methods(runs, "f1", "ridge")):
        with pytest.raises(TypeError, match=r"pass the DataFrame .* read_results\(path\)"):
            use(wrong)


def test_mixed_amounts_raise_an_error():
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
    def test_text_lists_failed_runs_and_their_error(self, verdict):
        text = str(verdict)
        assert repr(verdict) == text and "3 failed and 8 were skipped." in text
        told = "<b>gan</b>: 3 runs raised an error, most often: RuntimeError: <script>"
        assert told in text.splitlines()

    def test_a_table_has_the_tests_of_each_comparison(self, verdict):
        row = format_table(verdict.find().comparisons).loc["cgan"]
        assert row["conclusion"] == "harms" and row["wins / ties / losses"] == "0 / 0 / 8"
        assert row["P(better) / P(alike) / P(worse)"] == "0.00 / 0.00 / 1.00"
        assert re.fullmatch(r"0\.\d{3} \(0\.\d{3}\)", row["mean (baseline)"])
        assert row["seconds (baseline)"] == "3 (1)"

    def test_a_frame_has_a_row_for_each_method_and_baseline(self, verdict):
        frame = verdict.to_frame()
        assert set(frame.index.get_level_values("baseline")) == {"none", "class_weights"}
        assert len(frame) == 8
        row = frame.loc[("ridge", "f1", "none", "<b>gan</b>")]
        assert row[["n_tasks", "wins", "failed", "word"]].tolist() == [7, 7, 3, "helps"]
        assert row[["p_better", "p_equivalent", "p_worse"]].sum() == pytest.approx(1)

    @needs_aeon
    def test_pictures(self, verdict):
        axes = verdict.plot("f1", "ridge")
        assert set(axes) == {"gains", "ranks"}
        assert all(ax.has_data() for ax in axes.values())

    def test_html_escapes_names(self, verdict):
        html = verdict._repr_html_()
        assert "&lt;b&gt;gan&lt;/b&gt;" in html and "<b>gan" not in html
        assert "<i>" not in html and "<script" not in html
        # the overview, two baselines, the tasks, and the runs that were lost
        assert html.count("<table") == 5

    @needs_aeon
    def test_a_page_refers_to_no_other_file(self, verdict, tmp_path):
        page = verdict.save(tmp_path / "verdict.html").read_text(encoding="utf-8")
        assert page.count("data:image/png;base64,") == 1 and "Judged with ganbats-sampler" in page
        assert not re.findall(r'(?:src|href)="(?!data:)', page) and "://" not in page
        first = page.index("No sampler is established")
        assert page.index("<table") < first < page.index("<details>")

    @needs_aeon
    def test_a_failed_save_keeps_the_old_page(self, verdict, tmp_path):
        path = verdict.save(tmp_path / "verdict.html")
        before = path.read_bytes()
        with pytest.MonkeyPatch.context() as patch, pytest.raises(OSError, match="cannot be"):
            patch.setattr("os.fsync", lambda _: path.joinpath("below").read_bytes())
            verdict.save(path)
        assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
        with pytest.raises(ValueError, match="suffix '.pdf' is not supported"):
            verdict.save(tmp_path / "verdict.pdf")
