"""The quality report: its verdicts where the truth is known, and all its output formats."""

import re

import numpy as np
import pytest

from ganbats_sampler import HerdedSampler, quality_report
from ganbats_sampler.generators.filtered import NEAR_COPY as COPY
from ganbats_sampler.metrics import ReferencedScore, TwoSampleResult
from ganbats_sampler.report import REPORT_METRICS, ReportMetric
from ganbats_sampler.report.metrics import NEAR_COPY, QUESTIONS
from ganbats_sampler.report.rules import give_verdict, say_next_step
from tests.conftest import quick_sampler


def walks(n_samples, seed, n_channels=1):
    return np.random.default_rng(seed).normal(size=(n_samples, n_channels, 40)).cumsum(axis=2)


@pytest.fixture(scope="module")
def real():
    return walks(120, 0)


@pytest.fixture(scope="module")
def held_out():
    return walks(120, 1)


def generators(real):
    rng = np.random.default_rng(3)
    copies = real[rng.integers(len(real), size=len(real))]
    return {
        "the same distribution": ("indistinguishable", walks(120, 2)),
        "the class mean": ("collapsed", np.repeat(real.mean(axis=0, keepdims=True), 120, axis=0)),
        "noisy copies": ("copies", real + 0.3 * rng.normal(size=real.shape)),
        "exact copies": ("copies", real),
        "interpolations": ("copies", real + 0.3 * (copies - real)),
        "noise": ("distinguishable", 3 * rng.normal(size=real.shape)),
        "shifted": ("distinguishable", walks(120, 4) + 8),
        "a few": ("undecided", walks(9, 2)),
        "a dozen": ("undecided", walks(12, 2)),
    }


@pytest.mark.parametrize("name", generators(walks(120, 0)))
@pytest.mark.parametrize("split", [False, True])
def test_verdict_for_each_generator(name, split, real, held_out):
    verdict, synthetic = generators(real)[name]
    if split and verdict == "indistinguishable":
        synthetic = synthetic[:60]
    found = quality_report(real, synthetic, None if split else held_out).classes["all"]
    assert found.verdict == verdict, found.reasons
    assert found.reasons and all(reason.endswith(".") for reason in found.reasons)


def test_every_figure_has_its_reference_and_controls(real, held_out):
    figures = quality_report(real, walks(120, 2), held_out).classes["all"].figures
    assert list(figures) == [metric.name for metric in REPORT_METRICS]
    for metric in REPORT_METRICS:
        n_figures = 2 if metric.compared_with == "held-out" else 4
        assert np.isfinite(figures[metric.name][:n_figures]).all(), metric.name
    for name in ("PRD, nearest (%)", "DTW, nearest", "authenticity"):
        assert figures[name].copies == 0
    assert figures["diversity"].class_mean == 0 and figures["near-copies"].copies == 1
    accuracy = figures["two-sample accuracy"]
    assert accuracy.low < accuracy.value < accuracy.high


def test_same_input_gives_same_report(real, held_out):
    reports = [str(quality_report(real, walks(120, 2), held_out)) for _ in range(2)]
    assert reports[0] == reports[1]


def test_copies_are_found_without_held_out_series(real):
    found = quality_report(real, real + 1e-6).classes["all"]
    assert found.figures["near-copies"].value == 1 and found.verdict == "copies"


class TestNearCopies:
    """Near-copies on the data sets of aeon, where held-out real series have none."""

    @staticmethod
    def load(name):
        classification = pytest.importorskip("aeon.datasets")
        sides = {part: getattr(classification, name)(split=part) for part in ("train", "test")}
        return *sides["train"], *sides["test"]

    @pytest.mark.parametrize("name", ["load_gunpoint", "load_italy_power_demand"])
    def test_report_finds_the_copies_that_the_sampler_drops(self, name):
        X, y, X_test, y_test = self.load(name)
        sizes = {label: 80 + np.sum(y == label) for label in np.unique(y)}
        held_out = {label: X_test[y_test == label] for label in sizes}
        found = {}
        for drop in (None, "copies"):
            sampler = HerdedSampler(sampling_strategy=sizes, drop=drop, random_state=0)
            sampler.fit_resample(X, y)
            found[drop] = sampler.quality_report(held_out).classes
        for label in sizes:
            kept, dropped = found[None][label], found["copies"][label]
            assert (
                kept.figures["near-copies"].reference == dropped.figures["near-copies"].value == 0
            )
            assert kept.figures["near-copies"].value > 0.05 and kept.verdict == "copies"
            assert dropped.verdict == "distinguishable", dropped.reasons

    def test_report_and_filter_share_the_definition(self):
        assert NEAR_COPY == COPY


def test_several_channels_and_classes():
    real = {"a": walks(60, 0, 3), "b": walks(60, 1, 3)}
    report = quality_report(real, {"b": walks(50, 2, 3), "a": 9 * walks(50, 3, 3)})
    assert list(report.classes) == ["b", "a"]
    assert report.classes["a"].verdict == "distinguishable"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (lambda r: ({}, {}), "no synthetic series"),
        (lambda r: (r, r[:, :, :9]), "must be alike"),
        (lambda r: ({"a": r}, r), "mappings and some are arrays"),
        (lambda r: ({"a": r}, {"a": r, "b": r}), r"class \['b'\], but real has none"),
        (lambda r: ({"a": r}, {"a": r}, {"b": r}), r"class \['a'\], but held_out has none"),
        (lambda r: (r, r * np.nan), "NaN or infinite"),
    ],
)
def test_bad_input_raises(real, arguments, message):
    with pytest.raises(ValueError, match=message):
        quality_report(*arguments(real))


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ((7, 20, 20), "real has 7 series; a report needs at least 8."),
        ((20, 3, 20), "synthetic has 3 series; a report needs at least 4."),
        ((20, 20, 3), "held_out has 3 series; a report needs at least 4."),
    ],
)
def test_small_class_is_undecided_and_does_not_affect_others(sizes, reason, tmp_path):
    few = [walks(n, seed) for seed, n in enumerate(sizes)]
    enough = [walks(60, seed) for seed in range(3)]
    sides = [{"few": f, "enough": e} for f, e in zip(few, enough, strict=True)]
    report = quality_report(*sides)
    found = report.classes["few"]
    assert (found.verdict, found.reasons, found.figures) == ("undecided", [reason], {})
    assert report.classes["enough"].verdict == "indistinguishable"
    assert "few" in str(report) and "Class few" in report._repr_html_()
    page = report.save(tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 6 and report.plot("few")
    alone = quality_report(*({"enough": e} for e in enough)).classes["enough"]
    assert str(alone.figures) == str(report.classes["enough"].figures)


def sines(n_samples, seed):
    """Make series on a curve, one for each phase."""
    return np.sin(np.linspace(0, 6, 40) + 7 * np.random.default_rng(seed).random((n_samples, 1)))


def heavy(n_samples, seed):
    return walks(n_samples, seed)[:, 0] * np.random.default_rng(seed).standard_t(
        1.5, size=(n_samples, 1)
    )


def coarse(n_samples, seed):
    return np.random.default_rng(seed).integers(0, 2, size=(n_samples, 8)).astype(float)


@pytest.mark.parametrize("draw", [sines, heavy, coarse, lambda n, seed: walks(n, seed)[:, 0]])
@pytest.mark.parametrize("n_samples", [20, 60])
def test_perfect_generator_seldom_gets_a_bad_verdict(draw, n_samples):
    words = [
        quality_report(*(draw(n_samples, 3 * i + j) for j in range(3))).classes["all"].verdict
        for i in range(8)
    ]
    accused = [word for word in words if word not in ("indistinguishable", "undecided")]
    assert len(accused) <= 1, words


def test_real_outlier_does_not_count_as_collapse():
    real = walks(60, 0)
    real[0] += 1e4
    assert quality_report(real, walks(60, 1), walks(60, 2)).classes["all"].verdict == (
        "indistinguishable"
    )


@pytest.mark.parametrize("factor", [1e-150, 1e150])
def test_units_do_not_matter(factor):
    sides = [walks(40, seed) for seed in range(3)]
    expected = quality_report(*sides).classes["all"]
    found = quality_report(*(factor * side for side in sides)).classes["all"]
    assert found.verdict == expected.verdict
    for name, figure in expected.figures.items():
        np.testing.assert_allclose(found.figures[name][:4], figure[:4], rtol=1e-3, atol=1e-6)


def test_diverged_generator_is_distinguishable():
    found = quality_report(walks(40, 0), 1e40 * walks(40, 1), walks(40, 2)).classes["all"]
    assert found.verdict == "distinguishable"


@pytest.mark.parametrize("length", [1, 2])
def test_series_too_short_for_a_classifier_are_undecided(length):
    sides = [walks(60, seed)[:, :, :length] for seed in range(3)]
    found = quality_report(sides[0], sides[1] + 100, sides[2]).classes["all"]
    assert found.verdict == "undecided" and "and 3 time steps" in found.reasons[0]


@pytest.mark.parametrize(("n_samples", "is_defined"), [(9, False), (10, True)])
def test_a_classifier_needs_ten_series_of_each_side(n_samples, is_defined):
    found = quality_report(walks(40, 0), walks(n_samples, 1), walks(40, 2)).classes["all"]
    assert np.isfinite(found.figures["two-sample accuracy"].value) == is_defined


def test_copies_are_searched_in_all_of_a_large_class():
    real = walks(5000, 0)
    assert quality_report(real, real[:200]).classes["all"].figures["near-copies"].value == 1


class TestUserMetrics:
    def test_name_of_a_built_in_metric_raises(self, real):
        own = ReportMetric("diversity", lambda real, synthetic: 1.0, "always one")
        with pytest.raises(ValueError, match=r"Several metrics have the name \['diversity'\]"):
            quality_report(real, real, metrics=[own])

    def test_plain_function_raises(self, real):
        with pytest.raises(TypeError, match="wrap a function in a ReportMetric"):
            quality_report(real, real, metrics=[np.mean])

    def test_one_metric_needs_no_list(self, real):
        own = ReportMetric("one", lambda real, synthetic: 1.0, "always one")
        assert "one" in quality_report(real, real, metrics=own).classes["all"].figures

    def test_iterator_of_metrics_serves_every_class(self, real):
        own = ReportMetric("one", lambda real, synthetic: 1.0, "always one")
        sides = {"a": real, "b": real}
        report = quality_report(sides, sides, metrics=iter([own]))
        assert all("one" in of_class.figures for of_class in report.classes.values())

    def peak(self, real, synthetic, random_state):
        return real.max() - synthetic.max()

    def test_user_metric_is_in_all_output_formats(self, real, held_out):
        peak = ReportMetric("peak <b>", self.peak, "difference of the peaks")
        report = quality_report(real, real - 1e3, held_out, metrics=[peak])
        found = report.classes["all"]
        assert list(found.figures)[-1] == "peak <b>" and found.figures["peak <b>"].copies == 0
        assert found.figures["peak <b>"].value > 100 > abs(found.figures["peak <b>"].reference)
        assert "peak <b>" in str(report) and ("all", "peak <b>") in report.to_frame().index
        html = report._repr_html_()
        assert "difference of the peaks" in html and "peak <b>" not in html

    @pytest.mark.parametrize("compared_with", ["training", "all", "few", "held-out"])
    def test_compared_with_selects_the_series(self, compared_with):
        sizes = []

        def remember(real, synthetic, random_state):
            sizes.append((len(real), len(synthetic)))
            return TwoSampleResult(0.5, 0.4, 0.6, 1.0)

        metric = ReportMetric("sizes", remember, "", compared_with)
        report = quality_report(walks(120, 0), walks(80, 1), walks(90, 2), metrics=[metric])
        expected = {
            "training": [(120, 80)] * 4,
            "all": [(120, 80)] * 4,
            "few": [(100, 50)] * 4,
            "held-out": [(80, 80)] * 2,
        }
        assert sizes == expected[compared_with]
        found = report.classes["all"].figures["sizes"]
        assert (found.value, found.low, found.high) == (0.5, 0.4, 0.6)
        sizes.clear()
        quality_report(walks(120, 0), walks(80, 1), metrics=[metric])  # splits `real` into halves
        first = {"training": 60, "all": 120, "few": 60, "held-out": 60}
        assert sizes[0][0] == first[compared_with]

    def test_report_of_a_sampler_includes_it(self, waves):
        sampler = quick_sampler("jitter")
        sampler.fit_resample(*waves)
        metric = ReportMetric("peak", self.peak, "")
        assert "peak" in sampler.quality_report(metrics=[metric]).classes["abnormal"].figures

    def test_unknown_compared_with_or_question_raises(self):
        with pytest.raises(ValueError, match="compared_with='everything' was given"):
            ReportMetric("peak", self.peak, "", "everything")
        with pytest.raises(ValueError, match="question='fine' was given; choose from .'varied'"):
            ReportMetric("peak", self.peak, "", question="fine")


class TestRules:
    def figures(self, **values):
        fine = {"diversity": 1.0, "duplicates": 0.0, "near-copies": 0.0, "authenticity": 0.5}
        figures = {name: ReferencedScore(v, v, 0, 0) for name, v in fine.items()}
        figures["two-sample accuracy"] = ReferencedScore(0.5, 0.5, 0, 0, 0.45, 0.55)
        return {**figures, **values}

    @pytest.mark.parametrize(
        ("changed", "word"),
        [
            ({}, "indistinguishable"),
            ({"diversity": ReferencedScore(0.19, 1, 0, 1)}, "collapsed"),
            ({"diversity": ReferencedScore(0.21, 1, 0, 1)}, "indistinguishable"),
            ({"diversity": ReferencedScore(0.19, 0.5, 0, 1)}, "indistinguishable"),
            ({"duplicates": ReferencedScore(0.51, 0, 1, 0)}, "collapsed"),
            ({"duplicates": ReferencedScore(0.51, 0.1, 1, 0)}, "indistinguishable"),
            ({"near-copies": ReferencedScore(0.07, 0, 0, 1)}, "copies"),
            ({"near-copies": ReferencedScore(0.07, 0.03, 0, 1)}, "indistinguishable"),
            ({"near-copies": ReferencedScore(0.05, 0, 0, 1)}, "indistinguishable"),
            ({"authenticity": ReferencedScore(0.17, 0.5, 1, 0)}, "copies"),
            ({"authenticity": ReferencedScore(0.18, 0.5, 1, 0)}, "indistinguishable"),
            (
                {"two-sample accuracy": ReferencedScore(0.6, 0.5, 0, 0, 0.51, 0.7)},
                "distinguishable",
            ),
            ({"two-sample accuracy": ReferencedScore(0.5, 0.5, 0, 0, 0.34, 0.66)}, "undecided"),
            ({"two-sample accuracy": ReferencedScore(float("nan"), 0, 0, 0)}, "undecided"),
        ],
    )
    def test_verdict_of_each_rule(self, changed, word):
        assert give_verdict(self.figures(**changed), 100)[0] == word

    def test_next_step_of_each_verdict(self):
        near = self.figures(**{"near-copies": ReferencedScore(0.07, 0, 0, 1)})
        assert say_next_step("copies", near).startswith(
            '7% are near-copies: set drop="copies", or use samplers that vary'
        )
        assert "add fewer series" in say_next_step("copies", self.figures())
        assert "at least 30" in say_next_step("undecided", {})
        for verdict in ("collapsed", "distinguishable", "indistinguishable"):
            assert say_next_step(verdict, near).endswith(".")

    def test_first_rule_gives_the_verdict_and_all_give_reasons(self):
        figures = self.figures(
            **{
                "diversity": ReferencedScore(0.0, 1, 0, 1),
                "near-copies": ReferencedScore(0.1, 0, 1, 1),
                "two-sample accuracy": ReferencedScore(1.0, 0.5, 0, 0, 0.99, 1.0),
            }
        )
        word, reasons = give_verdict(figures, 100)
        assert word == "collapsed" and len(reasons) == 3


@pytest.fixture(scope="module")
def report():
    labels = {"<b>": 0, "a & b": 1}
    return quality_report(
        {label: walks(60, seed) for label, seed in labels.items()},
        {label: walks(60, seed + 5) for label, seed in labels.items()},
    )


class TestOutputFormats:
    def test_text_has_a_line_for_each_figure(self, report):
        text = str(report)
        assert text.count("class <b>: ") == 1 and text.count("coverage") == 2
        assert repr(report) == text

    def test_metrics_are_below_their_question(self, report):
        text, html = str(report), report._repr_html_()
        for question in QUESTIONS.values():
            assert text.count(question) == html.count(question) == 2
        lines = [line.strip() for line in text.splitlines()]
        assert lines[lines.index("Are they copies of real series?") + 1].startswith("near-copies ")
        below = "|".join(f"<h3>{re.escape(question)}" for question in QUESTIONS.values())
        counts = [part.count("<li>") for part in re.split(below, html)[1:5]]
        assert counts == [sum(m.question == key for m in REPORT_METRICS) for key in QUESTIONS]

    def test_badge_and_next_step_are_shown(self, report):
        for label, found in report.classes.items():
            assert f"Next: {found.next_step}" in str(report), label
        html = report._repr_html_()
        assert html.count('class="badge ') == html.count('<p class="next">Next: ') == 2

    def test_frame_has_a_row_for_each_metric(self, report):
        frame = report.to_frame()
        assert len(frame) == 2 * len(REPORT_METRICS)
        value = frame.loc[("<b>", "coverage"), "value"]
        assert value == report.classes["<b>"].figures["coverage"].value

    def test_frame_is_empty_if_all_classes_are_too_small(self):
        frame = quality_report(walks(3, 0), walks(3, 1)).to_frame()
        assert len(frame) == 0 and frame.index.names == ["class", "metric"]
        assert "verdict" in frame.columns

    def test_html_escapes_labels(self, report):
        html = report._repr_html_()
        assert "Class &lt;b&gt;" in html and "Class <b>" not in html

    def test_plot_draws_every_panel(self, report):
        axes = report.plot("a & b")
        assert {"real", "synthetic", "embedding", "distances", "spectra", "neighbors"} == set(axes)
        assert all(ax.has_data() for ax in axes.values())

    def test_legends_cover_no_curve(self, report):
        axes = report.plot("a & b")
        next(iter(axes.values())).figure.canvas.draw()
        legends = {name: ax.get_legend() for name, ax in axes.items()}
        assert {name for name, of in legends.items() if of is not None} == {
            *("embedding", "distances", "spectra", "neighbors")
        }
        for name, legend in legends.items():
            if legend is not None:
                frame = axes[name].get_window_extent()
                text = legend.get_texts()[0].get_window_extent()
                title = axes[name].title.get_window_extent()
                assert frame.y1 <= text.y0 and text.y1 <= title.y0

    def test_page_needs_no_other_file(self, report, tmp_path):
        page = report.save(tmp_path / "report.html").read_text(encoding="utf-8")
        assert page.count("data:image/png;base64,") == 2 * 6
        assert not re.findall(r'(?:src|href)="(?!data:)', page) and "://" not in page

    @pytest.mark.parametrize("name", ["r.pdf", "r.png", "r.json", "r"])
    def test_other_file_endings_raise(self, report, tmp_path, name):
        with pytest.raises(ValueError, match=f"{name}.*suffix.*ends in .html or .htm"):
            report.save(tmp_path / name)
        assert not list(tmp_path.iterdir())

    def test_failed_save_keeps_the_old_page(self, report, tmp_path):
        path = report.save(tmp_path / "report.html")
        before = path.read_bytes()
        with pytest.MonkeyPatch.context() as patch, pytest.raises(OSError, match="cannot be"):
            patch.setattr("os.fsync", lambda _: path.joinpath("below").read_bytes())
            report.save(path)
        assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]

    def test_unknown_class_raises(self, report):
        with pytest.raises(ValueError, match=r"no class 'c'; the report has \['<b>', 'a & b'\]"):
            report.plot("c")


def test_undefined_metrics_are_nan(held_out):
    real = walks(40, 0)
    real[:6] = 0  # PRD is not defined for these series
    found = quality_report(real, walks(40, 2), held_out).classes["all"]
    assert np.isnan(found.figures["PRD, random (%)"].value)
    assert np.isfinite(found.figures["coverage"].value) and found.verdict == "indistinguishable"
    short = quality_report(real[:, :, :2], walks(40, 2)[:, :, :2]).classes["all"]
    assert np.isnan(short.figures["spectrum (dB)"].value)


@pytest.mark.parametrize("name", ["window_warp", "dcgan", "smote"])
@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
class TestReportOfASampler:
    def test_report_covers_each_sampled_class(self, name, waves):
        sampler = quick_sampler(name)
        sampler.fit_resample(*waves)
        report = sampler.quality_report()
        assert list(report.classes) == ["abnormal"]
        found = report.classes["abnormal"]
        assert (found.n_real, found.n_synthetic, found.n_compared) == (15, 100, 8)

    def test_held_out_series_have_the_axes_of_x(self, name, waves):
        X, y = waves
        sampler = quick_sampler(name)
        sampler.fit_resample(X.reshape(60, 2, 12), y)
        held_out = {"abnormal": X[:20].reshape(20, 2, 12)}
        report = sampler.quality_report(held_out, n_samples=30)
        assert str(report) == str(sampler.quality_report(held_out["abnormal"], n_samples=30))
        assert report.classes["abnormal"].n_compared == 20
        assert str(report) == str(sampler.quality_report(held_out, n_samples=30))


def test_held_out_series_of_several_classes_need_labels():
    X = walks(60, 0)
    sampler = quick_sampler("jitter")
    sampler.fit_resample(X, np.repeat(["a", "b", "c"], [10, 20, 30]))
    with pytest.raises(ValueError, match="mapping of label to series"):
        sampler.quality_report(X)
    with pytest.raises(ValueError, match=r"class \['b'\], but held_out has none"):
        sampler.quality_report({"a": X})
    assert list(sampler.quality_report().classes) == ["a", "b"]
