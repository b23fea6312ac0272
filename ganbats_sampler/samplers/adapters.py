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
from ganbats_sampler.samplers.base import BaseSeriesOverSampler, SeriesGenerator, number_classes

#: Times a sampler is asked for the rows of a class, if it gave fewer than it was asked for.
MAX_CALLS = 5


class BaseAdapter(BaseSeriesOverSampler):
    """Over-sample each class with a sampler of another library; a subclass writes :meth:`_call`."""

    def __init__(self, sampler, *, sampling_strategy="auto", n_channels=None, random_state=None):
        super().__init__(sampling_strategy=sampling_strategy)
        self.sampler = sampler
        self.n_channels = n_channels
        self.random_state = random_state

    @abstractmethod
    def _call(
        self, series: np.ndarray, codes: np.ndarray, code: int, n_samples: int, seed: int
    ) -> np.ndarray:
        """Ask for about `n_samples` rows more of a class.

        Parameters
        ----------
        series : ndarray of shape (n_samples, n_channels, n_timepoints)
            All real series, floating point.
        codes : ndarray of shape (n_samples,), dtype=int64
            Their classes, numbered from 0.
        code : int
            The class to over-sample.
        n_samples, seed : int
            How many to ask for, and the random state to ask with.

        Returns
        -------
        ndarray of shape (n_synthetic, ...)
            The synthetic series alone.
        """

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> dict[Any, SeriesGenerator]:
        names, codes = number_classes(y)
        series = series if series.dtype.kind == "f" else series.astype(np.float64)
        return {
            label: AdaptedGenerator(self, series, codes, names.index(label)) for label in targets
        }


class AdaptedGenerator:
    """Draw series of a class from another library's sampler, as many as were asked for."""

    def __init__(self, adapter: BaseAdapter, series: np.ndarray, codes: np.ndarray, code: int):
        self.adapter = clone(adapter)
        self.series = series
        self.codes = codes
        self.code = code

    def draw(self, n_samples: int, seed: int) -> Iterator[np.ndarray]:
        """Yield series, (n_samples, n_channels, n_timepoints).

        Some samplers round: too many are thinned out at random, and too few are asked for again
        with another seed.
        """
        shape = self.series.shape[1:]
        n_left = n_samples
        # ADASYN shares them out over the class and rounds: of a few nothing would be left
        n_asked = max(n_samples, int(np.sum(self.codes == self.code)))
        for call_seed in np.random.SeedSequence(seed).generate_state(MAX_CALLS).tolist():
            rows = self.adapter._call(self.series, self.codes, self.code, n_asked, call_seed)
            if len(rows) > n_left:
                kept = np.random.default_rng(call_seed).choice(len(rows), n_left, replace=False)
                rows = rows[np.sort(kept)]
            yield rows.reshape(-1, *shape)
            n_left -= len(rows)
            if n_left == 0:
                return
        raise RuntimeError(
            f"{self.adapter.sampler} gave {n_samples - n_left} of {n_samples} series in "
            f"{MAX_CALLS} calls. Change its parameters, or use another sampler."
        )


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
    those that the sampler by itself returns for the same `random_state`.

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

    def _call(
        self, series: np.ndarray, codes: np.ndarray, code: int, n_samples: int, seed: int
    ) -> np.ndarray:
        wanted = {code: int(np.sum(codes == code)) + n_samples}
        sampler = clone(self.sampler).set_params(sampling_strategy=wanted, random_state=seed)
        rows, _ = sampler.fit_resample(series.reshape(len(series), -1), codes)
        return rows[len(series) :]


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

    def _call(
        self, series: np.ndarray, codes: np.ndarray, code: int, n_samples: int, seed: int
    ) -> np.ndarray:
        sampler = clone(self.sampler).set_params(random_state=seed)
        if not sampler.get_tag("capability:multivariate"):
            series = series.reshape(len(series), 1, -1)
        sampler.fit(series, codes)
        sampler.sampling_strategy_ = {code: n_samples}  # fit sets it to balance every class
        rows, _ = sampler.transform(series, codes)
        return rows[len(series) :]
