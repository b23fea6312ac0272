"""Adapters that give over-samplers of other libraries the interface of this package."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

import numpy as np
from imblearn.utils import Substitution
from sklearn.base import clone
from sklearn.utils._param_validation import HasMethods

from ganbats_sampler.generators.adapted import AdaptedGenerator, Resampled
from ganbats_sampler.generators.protocol import Draw, Generator
from ganbats_sampler.samplers._docstrings import SERIES
from ganbats_sampler.samplers._hints import Constrain, Drop, SamplingStrategy, Seed
from ganbats_sampler.samplers.base import BaseSeriesOverSampler


class BaseAdapter(BaseSeriesOverSampler):
    """Over-sample each class with a sampler of another library.

    A subclass implements :meth:`_ask`.
    """

    #: Parameters of the sampler that :meth:`_ask` sets.
    _SET_HERE: tuple[str, ...]

    def __init__(
        self,
        sampler: Any,
        *,
        sampling_strategy: SamplingStrategy = "auto",
        n_channels: int | None = None,
        constrain: Constrain = "whole",
        drop: Drop = None,
        random_state: Seed = None,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.sampler = sampler
        self.n_channels = n_channels
        self.constrain = constrain
        self.drop = drop
        self.random_state = random_state

    @abstractmethod
    def _ask(
        self, series: np.ndarray, y: np.ndarray, label: Any, n_samples: int, seed: int
    ) -> Resampled:
        """Give all real series to the sampler, and ask for about `n_samples` more of a class."""

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
    ) -> dict[Any, Generator]:
        missing = {*self._SET_HERE} - {*self.sampler.get_params()}
        if missing:
            raise ValueError(
                f"{self.sampler} has no parameter {sorted(missing)}, which {type(self).__name__} "
                "sets: pass an over-sampler."
            )
        # A copy, so that later changes to X do not affect generate().
        kept = series.astype(np.float32 if series.dtype == np.float32 else np.float64)
        ask = clone(self)._ask
        return {
            label: AdaptedGenerator(self.sampler, ask, kept, y.copy(), label) for label in targets
        }


@Substitution(**SERIES)
class FlatSampler(BaseAdapter):
    """Over-sample time series with a sampler of imbalanced-learn, which works on flat rows.

    The sampler receives each series, with all its channels, as one row. This class adds what all
    samplers of this package support: three-dimensional series, lists, arrays and frames, exact
    counts, ``synthetic_mask_`` and :meth:`generate`.

    Read more in the :ref:`User Guide <comparison_set>`.

    Parameters
    ----------
    sampler : over-sampler object
        An over-sampler of imbalanced-learn, or another object whose ``fit_resample`` returns the
        given rows first. It must have the parameters `sampling_strategy` and `random_state`, which
        this class sets.

    {sampling_strategy}

    {n_channels}

    {constrain}

    {drop}

    {random_state}

    Attributes
    ----------
    {series_attributes}

    sample_indices_ : ndarray of shape (n_samples_new,), dtype=int
        The row of `X` that each returned row is a copy of. Defined only if the sampler reports it,
        as :class:`imblearn.over_sampling.RandomOverSampler` does.

    See Also
    --------
    AeonSampler : Wrap the over-samplers of aeon.

    Notes
    -----
    Classes are over-sampled one after another, each with its own seed. Rows therefore differ from
    those of the wrapped sampler alone with the same `random_state`. The whole data set is kept, and
    saved or pickled with this sampler, because :meth:`generate` needs it.

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

    _parameter_constraints: dict[str, Any] = {
        **BaseSeriesOverSampler._parameter_constraints,
        "sampler": [HasMethods(["fit_resample", "set_params"])],
    }

    _SET_HERE = ("sampling_strategy", "random_state")

    def _ask(
        self, series: np.ndarray, y: np.ndarray, label: Any, n_samples: int, seed: int
    ) -> Resampled:
        wanted = {label: int(np.sum(y == label)) + n_samples}
        sampler = clone(self.sampler).set_params(sampling_strategy=wanted, random_state=seed)
        rows, labels = sampler.fit_resample(series.reshape(len(series), -1), y)
        return Resampled(rows, labels, getattr(sampler, "sample_indices_", None))

    def _collect(self, draws: dict[Any, list[Draw]]) -> None:
        if (self.parent_indices_ >= 0).all():  # known for every row
            self.sample_indices_ = self.parent_indices_[:, 0]


@Substitution(**SERIES)
class AeonSampler(BaseAdapter):
    """Over-sample time series with a transformer from aeon's imbalance module.

    On its own, such a transformer balances all classes in ``fit_transform``, and does not work in a
    pipeline of imbalanced-learn. This class makes it follow `sampling_strategy` and work wherever
    an over-sampler does.

    Read more in the :ref:`User Guide <comparison_set>`.

    Parameters
    ----------
    sampler : transformer object
        ADASYN, SMOTE, ESMOTE or OHIT from ``aeon.transformations.collection.imbalance``. If it
        supports a single channel only, it receives the channels one after another, as one channel.
        This class sets its `random_state`.

    {sampling_strategy}

    {n_channels}

    {constrain}

    {drop}

    {random_state}

    Attributes
    ----------
    {series_attributes}

    See Also
    --------
    FlatSampler : Wrap the over-samplers of imbalanced-learn.

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

    _parameter_constraints: dict[str, Any] = {
        **BaseSeriesOverSampler._parameter_constraints,
        "sampler": [HasMethods(["fit", "transform", "set_params"])],
    }

    _SET_HERE = ("random_state",)

    def _ask(
        self, series: np.ndarray, y: np.ndarray, label: Any, n_samples: int, seed: int
    ) -> Resampled:
        sampler = clone(self.sampler).set_params(random_state=seed)
        if not sampler.get_tag("capability:multivariate"):
            series = series.reshape(len(series), 1, -1)
        sampler.fit(series, y)
        sampler.sampling_strategy_ = {label: n_samples}  # fit has set it to balance all classes
        return Resampled(*sampler.transform(series, y))
