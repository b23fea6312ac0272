"""What every over-sampler of series shares: containers, shapes, seeds, counts, order of rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from numbers import Integral
from typing import Any, Protocol

import numpy as np
from imblearn.over_sampling.base import BaseOverSampler
from imblearn.utils import check_sampling_strategy, check_target_type
from imblearn.utils._validation import ArraysTransformer
from scipy import sparse
from sklearn.preprocessing import label_binarize
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted
from sklearn_compat.base import _fit_context
from sklearn_compat.utils.validation import validate_data

from ganbats_sampler.containers import append_to_frame, extend_index, is_pandas, is_polars
from ganbats_sampler.report import QualityReport, quality_report
from ganbats_sampler.samplers.filtering import Filter, FilteredGenerator
from ganbats_sampler.series import cast_like, check_finite, read_shape


class SeriesGenerator(Protocol):
    """What a class of series is turned into: something that draws more of them."""

    def draw(self, n_samples: int, seed: int) -> Iterator[np.ndarray]:
        """Yield series in chunks, (n, n_channels, n_timepoints), in the units of the data."""
        ...


def _fill(rows: np.ndarray, generator: SeriesGenerator, seed: int) -> None:
    """Fill flat rows, in place, with series that a generator draws."""
    start = 0
    for series in generator.draw(len(rows), seed):
        rows[start : start + len(series)] = cast_like(series.reshape(len(series), -1), rows.dtype)
        start += len(series)


class BaseSeriesOverSampler(BaseOverSampler):
    """Over-sample classes of time series, each with a generator of its own.

    A subclass writes ``__init__``, ``_parameter_constraints`` and :meth:`_fit_generators`. The
    rest, from containers to seeds, is here.
    """

    _parameter_constraints: dict = {
        **BaseOverSampler._parameter_constraints,
        "n_channels": [Interval(Integral, 1, None, closed="left"), None],
        "drop": [StrOptions({"copies", "strays", "both"}), None],
    }

    # -- what a subclass writes -------------------------------------------------------------

    @abstractmethod
    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> dict[Any, SeriesGenerator]:
        """Fit a generator for each class to over-sample.

        Parameters
        ----------
        series : ndarray of shape (n_samples, n_channels, n_timepoints)
            All real series.
        y : ndarray of shape (n_samples,)
            Their labels.
        targets : list of label
            The classes to over-sample.
        seeds : dict of label to int
            The seed of each class in `y`, which hangs neither on its label nor on which classes are
            over-sampled.

        Returns
        -------
        dict of label to SeriesGenerator
            One for each of the targets.
        """

    # -- imbalanced-learn's template --------------------------------------------------------

    @_fit_context(prefer_skip_nested_validation=True)
    def fit_resample(self, X, y):
        """Train on the rare classes and resample the data set.

        Parameters
        ----------
        X : {array-like, dataframe} of shape (n_samples, n_features) or \
                (n_samples, n_channels, n_timepoints)
            Series. In two dimensions a row holds the channels one after another, each with the
            same number of time steps.

        y : array-like of shape (n_samples,)
            Label of each series.

        Returns
        -------
        X_resampled : {array-like, dataframe}, in the axes, container and type of `X`
            The series of `X`, untouched and in their order, and the synthetic ones after them,
            class by class. The index of a pandas frame is kept and continued.

        y_resampled : array-like of shape (n_samples_new,)
            The label of each series.

        Raises
        ------
        ValueError
            Before anything is trained, if the data cannot be used: the message says why and what
            to do.
        """
        check_classification_targets(y)
        plain_y = y.to_numpy() if is_polars(y) else y
        restore_y = ArraysTransformer(np.empty(0), plain_y)
        X_plain, y_plain, binarize_y = self._check_X_y(X, plain_y)
        self.sampling_strategy_ = check_sampling_strategy(
            self.sampling_strategy, y_plain, self._sampling_type
        )
        X_resampled, y_resampled = self._fit_resample(X_plain, y_plain)
        if binarize_y:
            y_resampled = label_binarize(y_resampled, classes=np.unique(y_plain))

        n_new = int(self.synthetic_mask_.sum())
        if is_pandas(X) or is_polars(X):
            X_resampled = append_to_frame(X, X_resampled[len(X) :])
        else:
            X_resampled = self._shape.to_user(X_resampled)
            X_resampled = X_resampled.tolist() if isinstance(X, list) else X_resampled
        _, y_resampled = restore_y.transform(np.empty(0), y_resampled)
        if is_pandas(y):
            y_resampled.index = X_resampled.index if is_pandas(X) else extend_index(y.index, n_new)
        if is_polars(y):
            y_resampled = type(y)(y.name, y_resampled, dtype=y.dtype)
        return X_resampled, y_resampled

    def _check_X_y(self, X, y, accept_sparse=None):
        """Validate, and find how series are laid out; returns rows of flat series."""
        shape = read_shape(X, self.n_channels)
        if shape.is_3d:
            X = np.asarray(X).reshape(len(X), shape.n_features)
        y, binarize_y = check_target_type(y, indicate_one_vs_all=True)
        X, y = validate_data(
            self, X=X, y=y, reset=True, accept_sparse="csr", ensure_all_finite=False
        )
        if sparse.issparse(X):  # a frame of sparse columns: read_shape refuses sparse matrices
            X = X.toarray()
        check_finite(shape.to_3d(X))
        self._input_shape = shape
        self.n_channels_, self.n_timepoints_ = shape.n_channels, shape.n_timepoints
        return X, y, binarize_y

    def _fit_resample(self, X, y):
        counts = {
            label.item() if isinstance(label, np.generic) else label: n
            for label, n in sorted(self.sampling_strategy_.items())
            if n > 0
        }
        # The seed of a class hangs on its first row, so that neither the names of the classes, nor
        # their order, nor which others are over-sampled matters.
        entropy = check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        labels, first_rows = np.unique(y, return_index=True)
        streams = {
            label: np.random.SeedSequence(entropy, spawn_key=(int(row),))
            for label, row in zip(labels.tolist(), first_rows, strict=True)
        }
        seeds = {label: stream.generate_state(2) for label, stream in streams.items()}
        series = self._input_shape.to_3d(X)
        self._generators = self.fit_generators(
            series, y, list(counts), {k: int(s[0]) for k, s in seeds.items()}
        )
        self._draws = {label: streams[label].spawn(1)[0] for label in counts}
        self._real = {label: series[y == label] for label in counts}
        # what generate() needs, apart from what a later fit() on other data sets
        self._shape, self._dtype = self._input_shape, X.dtype

        X_resampled = np.empty((len(X) + sum(counts.values()), X.shape[1]), dtype=X.dtype)
        X_resampled[: len(X)] = X
        start = len(X)
        for label, n_samples in counts.items():
            rows = X_resampled[start : start + n_samples]
            _fill(rows, self._generators[label], int(seeds[label][1]))
            start += n_samples
        synthetic_labels = [np.full(n, label, dtype=y.dtype) for label, n in counts.items()]
        y_resampled = np.concatenate([y, *synthetic_labels])
        self.synthetic_mask_ = np.arange(len(X_resampled)) >= len(X)
        self.n_dropped_ = {}
        if self.drop is not None:
            self.n_dropped_ = {label: g.n_dropped for label, g in self._generators.items()}
        return X_resampled, y_resampled

    def fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> dict[Any, SeriesGenerator]:
        """Fit a generator for each class to over-sample, and filter what it draws if asked to.

        For samplers that are made of others; to resample, use :meth:`fit_resample`. Parameters and
        return value are those of the method that a subclass writes, :meth:`_fit_generators`.
        """
        self._validate_params()
        self.n_channels_, self.n_timepoints_ = series.shape[1:]
        self.n_classes_ = len(seeds)
        generators = self._fit_generators(series, y, targets, seeds)
        return generators if self.drop is None else self._filter(generators, series, y)

    def _filter(
        self, generators: dict[Any, Any], series: np.ndarray, y: np.ndarray
    ) -> dict[Any, Any]:
        """Have generators drop what `drop` says, and count it as ``n_dropped``."""
        return {
            label: FilteredGenerator(generator, Filter(series, y == label, self.drop), label)
            for label, generator in generators.items()
        }

    # -- more series ------------------------------------------------------------------------

    def generate(self, n_samples: int, label, *, random_state=None) -> np.ndarray:
        """Draw more series of a class, without training again.

        Parameters
        ----------
        n_samples : int
            How many.
        label : object
            A class that :meth:`fit_resample` over-sampled.
        random_state : int, RandomState instance or None, default=None
            Of the draw. None goes on where the last draw ended: each call gives new series, and
            the sequence of calls is repeatable if the sampler's own `random_state` is an int.

        Returns
        -------
        ndarray of shape (n_samples, n_features) or (n_samples, n_channels, n_timepoints)
            In the axes and type of the `X` that was resampled.

        Raises
        ------
        ValueError
            If there is no generator for `label`.
        """
        check_is_fitted(self, "synthetic_mask_")
        if label not in self._generators:
            raise ValueError(
                f"There is no generator for class {label!r}; there is one for "
                f"{list(self._generators)}. Only classes that fit_resample over-sampled have one: "
                "see sampling_strategy."
            )
        if n_samples < 1:
            raise ValueError(f"n_samples={n_samples} was given; it must be at least 1.")
        if random_state is None:
            seed = int(self._draws[label].spawn(1)[0].generate_state(1)[0])
        else:
            seed = int(check_random_state(random_state).randint(np.iinfo(np.int32).max))
        rows = np.empty((n_samples, self._shape.n_features), dtype=self._dtype)
        _fill(rows, self._generators[label], seed)
        return self._shape.to_user(rows)

    def quality_report(self, held_out=None, *, n_samples=None, random_state=0) -> QualityReport:
        """Say how good the synthetic series of each class are.

        Parameters
        ----------
        held_out : mapping of label to array-like, or array-like, default=None
            Real series of each class that were not resampled, in the axes of `X`; if one class was
            over-sampled, its series will do. None splits those that were resampled.
        n_samples : int, default=None
            Series to draw of each class; None for as many as there are real ones, and at least 100.
        random_state : int, RandomState instance or None, default=0
            Of the draw and of the report.

        Returns
        -------
        QualityReport
            See :func:`~ganbats_sampler.quality_report`.

        Raises
        ------
        ValueError
            If a class has too few series, or is missing in `held_out`.
        """
        check_is_fitted(self, "synthetic_mask_")
        rng = check_random_state(random_state)
        synthetic = {}
        for label, real in self._real.items():
            n = max(len(real), 100) if n_samples is None else n_samples
            synthetic[label] = self._shape.to_3d(self.generate(n, label, random_state=rng))
        if held_out is not None:
            given = held_out
            if not isinstance(held_out, Mapping):
                given = dict.fromkeys(synthetic, held_out)
                if len(given) > 1:
                    raise ValueError(
                        f"The classes {list(synthetic)} were over-sampled: pass held_out as a "
                        "mapping of label to series."
                    )
            of_x = self._shape.to_user(np.empty((1, self._shape.n_features))).shape[1:]
            for series in given.values():
                if np.shape(series)[1:] != of_x:
                    raise ValueError(
                        f"A series in held_out has shape {np.shape(series)[1:]}, one in X {of_x}."
                    )
            held_out = {k: self._shape.to_3d(np.asarray(series)) for k, series in given.items()}
        return quality_report(self._real, synthetic, held_out, random_state=rng)

    # -- tags -------------------------------------------------------------------------------

    def _more_tags(self):
        return {"X_types": ["2darray", "3darray", "dataframe"]}

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        tags.input_tags.three_d_array = True
        return tags
