"""Other libraries' over-samplers, with the contract of those here."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np
from imblearn.utils import Substitution
from sklearn.base import clone
from sklearn.utils._param_validation import HasMethods

from ganbats_sampler.samplers._docstrings import SERIES
from ganbats_sampler.samplers.base import BaseSeriesOverSampler, SeriesGenerator

#: Times a sampler is asked for the rows of a class, if it gave fewer than it was asked for.
MAX_CALLS = 5


class BaseAdapter(BaseSeriesOverSampler):
    """Over-sample each class with a sampler of another library; a subclass writes :meth:`_call`."""

    #: Parameters of the sampler that :meth:`_call` sets.
    _SET_HERE: tuple[str, ...]

    def __init__(
        self,
        sampler,
        *,
        sampling_strategy="auto",
        n_channels=None,
        drop=None,
        random_state=None,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.sampler = sampler
        self.n_channels = n_channels
        self.drop = drop
        self.random_state = random_state

    @abstractmethod
    def _call(
        self, series: np.ndarray, y: np.ndarray, label: Any, n_samples: int, seed: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Ask for about `n_samples` rows more of a class.

        Parameters
        ----------
        series : ndarray of shape (n_samples, n_channels, n_timepoints)
            All real series, floating point.
        y : ndarray of shape (n_samples,)
            Their labels.
        label : object
            The class to over-sample.
        n_samples, seed : int
            How many to ask for, and the random state to ask with.

        Returns
        -------
        rows : ndarray of shape (n_samples + n_synthetic, ...)
            What the sampler returned: the real series, and then the synthetic ones.
        labels : ndarray of shape (n_samples + n_synthetic,)
        """

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> dict[Any, SeriesGenerator]:
        missing = {*self._SET_HERE} - {*self.sampler.get_params()}
        if missing:
            raise ValueError(
                f"{self.sampler} has no parameter {sorted(missing)}, which {type(self).__name__} "
                "sets: pass an over-sampler."
            )
        # a copy: what the user does to X afterwards is not to reach what generate() draws
        kept = series.astype(series.dtype if series.dtype.kind == "f" else np.float64)
        return {label: AdaptedGenerator(self, kept, y.copy(), label) for label in targets}


class AdaptedGenerator:
    """Draw series of a class from another library's sampler, as many as were asked for."""

    def __init__(self, adapter: BaseAdapter, series: np.ndarray, y: np.ndarray, label: Any):
        self.adapter = clone(adapter)
        self.series = series
        self.y = y
        self.label = label

    def draw(self, n_samples: int, seed: int) -> Iterator[np.ndarray]:
        """Yield series, (n_samples, n_channels, n_timepoints).

        Some samplers round: too many are thinned out at random, and too few are asked for again
        with another seed.
        """
        n_left = n_samples
        for call_seed in np.random.SeedSequence(seed).generate_state(MAX_CALLS).tolist():
            rows = self._ask(n_samples, call_seed)
            if len(rows) > n_left:
                kept = np.random.default_rng(call_seed).choice(len(rows), n_left, replace=False)
                rows = rows[np.sort(kept)]
            if len(rows):
                yield rows
            n_left -= len(rows)
            if n_left == 0:
                return
        raise RuntimeError(
            f"{self.adapter.sampler} gave {n_samples - n_left} of {n_samples} series of class "
            f"{self.label!r} in {MAX_CALLS} calls. Change its parameters, or use another sampler."
        )

    def _ask(self, n_samples: int, seed: int) -> np.ndarray:
        """Have the sampler make series, and check that it gave back what it was given, first."""
        size = int(np.sum(self.y == self.label))
        # ADASYN shares them out over the class and rounds: of a few nothing would be left
        n_asked = max(n_samples, size)
        try:
            rows, y = self.adapter._call(self.series, self.y, self.label, n_asked, seed)
        except (ValueError, RuntimeError) as error:
            raise type(error)(
                f"{self.adapter.sampler} failed on class {self.label!r}, which has {size} series: "
                f"{error}"
            ) from error
        n_real = len(self.series)
        rows = rows.reshape(-1, *self.series.shape[1:])
        if not np.array_equal(rows[:n_real], self.series) or np.any(y[n_real:] != self.label):
            raise ValueError(
                f"{self.adapter.sampler} does not return the rows it was given, followed by those "
                "of the class it was to over-sample: it cannot be used here."
            )
        return rows[n_real:]


@Substitution(**SERIES)
class FlatSampler(BaseAdapter):
    """Over-sample time series with a sampler of imbalanced-learn, which knows flat rows.

    A series, over all its channels, is one row to the sampler. Around it, this class does what all
    samplers here do: series in three dimensions, every container, exact counts,
    ``synthetic_mask_`` and :meth:`generate`.

    Read more in the :ref:`User Guide <comparison_set>`.

    Parameters
    ----------
    sampler : over-sampler object
        Of imbalanced-learn, or any with ``fit_resample`` that returns the rows it was given first,
        with the parameters `sampling_strategy` and `random_state`, which are set here.

    {sampling_strategy}

    {n_channels}

    {drop}

    {random_state}

    Attributes
    ----------
    {series_attributes}

    See Also
    --------
    AeonSampler : The same for the over-samplers of aeon.

    Notes
    -----
    Classes are over-sampled one after another, each with a seed of its own, so rows differ from
    those that the sampler by itself returns for the same `random_state`. What the sampler needs to
    draw more, the whole data set, is kept, and pickled with it.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler import FlatSampler
    >>> from imblearn.over_sampling import SMOTE
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(60, 2, 24)), np.repeat(["normal", "abnormal"], [45, 15])
    >>> sampler = FlatSampler(SMOTE(k_neighbors=3), random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> X_resampled.shape
    (90, 2, 24)
    """

    _parameter_constraints: dict = {
        **BaseSeriesOverSampler._parameter_constraints,
        "sampler": [HasMethods(["fit_resample", "set_params"])],
    }

    _SET_HERE = ("sampling_strategy", "random_state")

    def _call(
        self, series: np.ndarray, y: np.ndarray, label: Any, n_samples: int, seed: int
    ) -> tuple[np.ndarray, np.ndarray]:
        wanted = {label: int(np.sum(y == label)) + n_samples}
        sampler = clone(self.sampler).set_params(sampling_strategy=wanted, random_state=seed)
        return sampler.fit_resample(series.reshape(len(series), -1), y)


@Substitution(**SERIES)
class AeonSampler(BaseAdapter):
    """Over-sample time series with a transformer from aeon's imbalance module.

    They balance classes fully, by ``fit_transform``, and stand in no pipeline; here they follow
    `sampling_strategy` and stand where any sampler does.

    Read more in the :ref:`User Guide <comparison_set>`.

    Parameters
    ----------
    sampler : transformer object
        From ``aeon.transformations.collection.imbalance``: ADASYN, SMOTE, ESMOTE or OHIT. One that
        knows one channel only is given the channels one after another. Its `random_state` is set
        here.

    {sampling_strategy}

    {n_channels}

    {drop}

    {random_state}

    Attributes
    ----------
    {series_attributes}

    See Also
    --------
    FlatSampler : The same for the over-samplers of imbalanced-learn.

    Examples
    --------
    >>> import numpy as np
    >>> from aeon.transformations.collection.imbalance import ESMOTE
    >>> from ganbats_sampler import AeonSampler
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(60, 2, 24)), np.repeat(["normal", "abnormal"], [45, 15])
    >>> sampler = AeonSampler(ESMOTE(n_neighbors=3), random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> X_resampled.shape
    (90, 2, 24)
    """

    _parameter_constraints: dict = {
        **BaseSeriesOverSampler._parameter_constraints,
        "sampler": [HasMethods(["fit", "transform", "set_params"])],
    }

    _SET_HERE = ("random_state",)

    def _call(
        self, series: np.ndarray, y: np.ndarray, label: Any, n_samples: int, seed: int
    ) -> tuple[np.ndarray, np.ndarray]:
        sampler = clone(self.sampler).set_params(random_state=seed)
        if not sampler.get_tag("capability:multivariate"):
            series = series.reshape(len(series), 1, -1)
        sampler.fit(series, y)
        sampler.sampling_strategy_ = {label: n_samples}  # fit sets it to balance every class
        return sampler.transform(series, y)
