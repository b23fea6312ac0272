"""Assess synthetic series in one call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils import check_random_state

from ganbats_sampler.metrics import ReferencedScore
from ganbats_sampler.metrics.pairing import Seed, check_sides
from ganbats_sampler.report.assessment import ClassQuality, assess
from ganbats_sampler.report.metrics import REPORT_METRICS, ReportMetric
from ganbats_sampler.report.page import Saved
from ganbats_sampler.report.rendering import as_html, as_page, as_text, plot_class
from ganbats_sampler.threads import one_thread_after_fork

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class QualityReport(Saved):
    """The result of :func:`quality_report`. It prints as text, and as HTML in a notebook.

    Attributes
    ----------
    classes : dict of label to ClassQuality
        The quality of each class.
    """

    classes: dict[Any, ClassQuality]

    def __str__(self) -> str:
        return as_text(self.classes)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return as_html(self.classes)

    def to_frame(self) -> pd.DataFrame:
        """Convert the report to a pandas DataFrame with a row for each class and metric.

        Returns
        -------
        DataFrame
            The index has the levels "class" and "metric". The columns are those of
            :class:`~ganbats_sampler.metrics.ReferencedScore`, and "verdict".
        """
        import pandas as pd

        levels = ["class", "metric"]
        rows = [
            (label, name, *figure, found.verdict)
            for label, found in self.classes.items()
            for name, figure in found.figures.items()
        ]
        frame = pd.DataFrame(rows, columns=[*levels, *ReferencedScore._fields, "verdict"])
        return frame.set_index(levels)

    def plot(self, label: Any = None) -> dict[str, Any]:
        """Draw series, spectra, an embedding and distances of a class.

        Parameters
        ----------
        label : object, default=None
            The class to draw. None draws the first one.

        Returns
        -------
        dict of str to matplotlib Axes
            The axes "real", "synthetic", "embedding", "distances", "spectra" and "neighbors".

        Raises
        ------
        ValueError
            If the report has no such class.
        ImportError
            If matplotlib is not installed.
        """
        if label is not None and label not in self.classes:
            raise ValueError(f"There is no class {label!r}; the report has {list(self.classes)}.")
        return plot_class(self.classes[next(iter(self.classes)) if label is None else label])

    def _as_page(self) -> str:
        return as_page(self.classes)


@one_thread_after_fork()
def quality_report(
    real: Any,
    synthetic: Any,
    held_out: Any = None,
    *,
    metrics: ReportMetric | Iterable[ReportMetric] = (),
    random_state: Seed = 0,
) -> QualityReport:
    """Assess synthetic series, with every metric beside its real-vs-real reference and controls.

    Parameters
    ----------
    real : array-like or mapping of label to array-like
        The series that the generator was trained on, of shape (n_samples, n_timepoints) or
        (n_samples, n_channels, n_timepoints), for one class or by label.
    synthetic : array-like or mapping of label to array-like
        The series that the generator produced.
    held_out : array-like or mapping of label to array-like, default=None
        Real series that the generator was not trained on. None splits `real` into a training half
        and a held-out half. The generator was then trained on both, so noisy copies can pass for
        real series. Near-copies are searched for in all of `real` in any case.
    metrics : ReportMetric or sequence of ReportMetric, default=()
        Further metrics for the report.
    random_state : int, RandomState instance or None, default=0
        The seed of splitting, sampling and the metrics.

    Returns
    -------
    QualityReport
        The figures and the verdict of each class. The only label is "all" if arrays were given. A
        class with fewer than 8 real, 4 synthetic or 4 held-out series is "undecided", without
        figures.

    Raises
    ------
    ValueError
        If there are no synthetic series, a class has no real or held-out series, only some sides
        are mappings, the sides of a class differ in channels or time steps, a value is missing or
        infinite, or two metrics have the same name.
    TypeError
        If `metrics` has anything other than a ReportMetric.

    Notes
    -----
    Equal numbers of synthetic and held-out series are compared, because most metrics depend on the
    sample size. The number is 1,000 at most. DTW compares up to 50 series with 100 real ones, and
    fewer if they are long. The search for near-copies covers all real series. It runs in blocks, so
    the memory grows with the number of series and not with the number of pairs.

    Each channel is divided by its standard deviation in the real series, so that all channels count
    equally.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler import quality_report
    >>> series = np.random.default_rng(0).normal(size=(300, 40)).cumsum(axis=1)
    >>> report = quality_report(series[:100], series[100:200], series[200:])
    >>> report.classes["all"].verdict
    'indistinguishable'
    >>> quality_report(series[:100], series[:100], series[200:]).classes["all"].verdict
    'copies'
    """
    sides = [real, synthetic] + ([] if held_out is None else [held_out])
    if len({isinstance(side, Mapping) for side in sides}) > 1:
        raise ValueError(
            "Some of real, synthetic and held_out are mappings and some are arrays: pass arrays if "
            "there is one class, or mappings of label to series for all."
        )
    if not isinstance(real, Mapping):
        real, synthetic = {"all": real}, {"all": synthetic}
        held_out = None if held_out is None else {"all": held_out}
    for name, side in (("real", real), ("held_out", held_out)):
        missing = [] if side is None else [label for label in synthetic if label not in side]
        if missing:
            raise ValueError(f"There are synthetic series of class {missing}, but {name} has none.")
    if not synthetic:
        raise ValueError("There are no synthetic series to report on.")
    metrics = _join_metrics(metrics)
    seed = check_random_state(random_state).randint(2**31 - 1)
    classes = {}
    for label in synthetic:
        given = {"real": real[label], "synthetic": synthetic[label]}
        if held_out is not None:
            given["held_out"] = held_out[label]
        sides = check_sides(**{f"class {label}: {name}": side for name, side in given.items()})
        # the same seed for each class: its report does not depend on the other classes
        rng = np.random.RandomState(seed)
        classes[label] = assess(dict(zip(given, sides, strict=True)), metrics, rng)
    return QualityReport(classes)


def _join_metrics(given: ReportMetric | Iterable[ReportMetric]) -> list[ReportMetric]:
    """Add further metrics to those of the report, and check that all names differ."""
    metrics = [*REPORT_METRICS, *(given if isinstance(given, Iterable) else [given])]
    if strange := [one for one in metrics if not isinstance(one, ReportMetric)]:
        raise TypeError(f"metrics has {strange[0]!r}; wrap a function in a ReportMetric.")
    names = [metric.name for metric in metrics]
    if repeated := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"Several metrics have the name {sorted(repeated)}; choose other names.")
    return metrics
