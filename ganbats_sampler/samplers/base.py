"""The base class of all over-samplers: containers, shapes, seeds, counts and row order."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from imblearn.over_sampling.base import BaseOverSampler
from imblearn.utils import check_target_type
from sklearn.exceptions import NotFittedError
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn_compat.base import _fit_context
from sklearn_compat.utils.validation import _check_feature_names, validate_data

from ganbats_sampler.containers import read_labels, restore_labels, restore_series, to_numbers
from ganbats_sampler.generators.constrained import ConstrainedGenerator, Domain, fit_domains
from ganbats_sampler.generators.filtered import Filter, FilteredGenerator
from ganbats_sampler.generators.protocol import Draw, Generator, pad_parents
from ganbats_sampler.report import QualityReport, ReportMetric, quality_report
from ganbats_sampler.samplers._hints import Seed
from ganbats_sampler.samplers.cost import EstimableSampler
from ganbats_sampler.samplers.counts import check_memory, count_to_add, plain_counts
from ganbats_sampler.samplers.fitted import FittedClass
from ganbats_sampler.samplers.row_numbers import warn_of_row_numbers
from ganbats_sampler.samplers.saved import SavableSampler
from ganbats_sampler.series import SeriesShape, cast_like, check_values, read_shape
from ganbats_sampler.threads import one_thread_after_fork

if TYPE_CHECKING:
    from typing_extensions import Self


class BaseSeriesOverSampler(EstimableSampler, SavableSampler, BaseOverSampler):
    """Over-sample classes of time series, with one generator for each class.

    A subclass defines ``__init__``, ``_parameter_constraints`` and :meth:`_fit_generators`.
    """

    _parameter_constraints: dict[str, Any] = {
        **BaseOverSampler._parameter_constraints,
        "n_channels": [Interval(Integral, 1, None, closed="left"), None],
        "constrain": [StrOptions({"whole", "range", "both"}), None],
        "drop": [StrOptions({"copies", "misplaced", "both"}), None],
    }

    # -- methods of subclasses --------------------------------------------------------------

    @abstractmethod
    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
    ) -> dict[Any, Generator]:
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
            The seed of each class in `y`. It depends neither on the label nor on which classes are
            over-sampled.

        Returns
        -------
        dict of label to Generator
            One generator for each of the targets.
        """

    def _restrict(self, generator: Generator, domain: Domain) -> Generator:
        """Make a generator whose series all lie in a domain."""
        return ConstrainedGenerator(generator, domain)

    def _filter(self, generator: Generator, keep: Filter, label: Any) -> Generator:
        """Make a generator whose series all pass a filter."""
        return FilteredGenerator(generator, keep, label)

    def _collect(self, draws: dict[Any, list[Draw]]) -> None:
        """Set attributes that describe the synthetic series of each class, in row order."""

    # -- imbalanced-learn's template --------------------------------------------------------

    def fit(self, X: Any, y: Any, **params: Any) -> Self:
        """Check the data and find the number of series to add. Use :meth:`fit_resample` instead.

        Parameters
        ----------
        X : {array-like, dataframe} of shape (n_samples, n_features) or \
                (n_samples, n_channels, n_timepoints)
            Series, as for :meth:`fit_resample`. A sparse matrix raises a ValueError.

        y : array-like of shape (n_samples,) or (n_samples, n_classes)
            Label of each series.

        **params : dict
            Extra parameters of a subclass. The samplers of this package have none.

        Returns
        -------
        self : object
            The sampler itself. It has no generator yet.
        """
        return super().fit(X, y, **params)

    @overload
    def fit_resample(
        self, X: np.ndarray, y: np.ndarray, **params: Any
    ) -> tuple[np.ndarray, np.ndarray]: ...

    @overload
    def fit_resample(self, X: Any, y: Any, **params: Any) -> tuple[Any, Any]: ...

    @one_thread_after_fork()
    @_fit_context(prefer_skip_nested_validation=True)  # type: ignore[untyped-decorator]
    def fit_resample(self, X: Any, y: Any, **params: Any) -> tuple[Any, Any]:
        """Fit the sampler to the classes to over-sample, and resample the data set.

        Parameters
        ----------
        X : {array-like, dataframe} of shape (n_samples, n_features) or \
                (n_samples, n_channels, n_timepoints)
            Series. In two dimensions a row holds the channels one after another, each with the
            same number of time steps.

        y : array-like of shape (n_samples,) or (n_samples, n_classes)
            Label of each series. Two dimensions are a one-hot encoding.

        **params : dict
            Extra parameters of a subclass. The samplers of this package have none.

        Returns
        -------
        X_resampled : {array-like, dataframe}, in the axes, container and type of `X`
            The series of `X`, unchanged and in the same order, followed by the synthetic series of
            each class. The index of a pandas frame is kept and continued.

        y_resampled : array-like of shape (n_samples_new,) or (n_samples_new, n_classes)
            The label of each series, in the container and encoding of `y`.

        Raises
        ------
        ValueError
            If the data or a parameter is not valid. The message says why and what to do. This is
            checked before any training.
        RuntimeError
            If a network fails the checks and the sampler has ``on_failure="raise"``.
        """
        rows, labels, is_one_hot = self._check_X_y(X, y)
        self.sampling_strategy_ = count_to_add(self.sampling_strategy, labels)
        n_added = sum(self.sampling_strategy_.values())
        check_memory(len(rows) + n_added, rows.shape[1], rows.dtype)
        X_resampled, y_resampled = self._fit_resample(rows, labels, **params)
        if is_one_hot:
            of_real = read_labels(y)
            of_synthetic = np.eye(of_real.shape[1], dtype=of_real.dtype)[y_resampled[len(rows) :]]
            y_resampled = np.concatenate([of_real, of_synthetic])
        X_resampled = restore_series(X, X_resampled, self._shape)
        return X_resampled, restore_labels(y, y_resampled, X_resampled)

    def _check_X_y(
        self, X: Any, y: Any, accept_sparse: Any = None
    ) -> tuple[np.ndarray, np.ndarray, bool]:
        """Delete fitted attributes and validate the data.

        Return the series as rows, the labels, and whether the labels were one-hot.
        """
        for learned in [name for name in vars(self) if name.endswith("_") and name[0] != "_"]:
            delattr(self, learned)
        self._classes: dict[Any, FittedClass] = {}
        self._shape: SeriesShape = read_shape(X, self.n_channels)
        rows = to_numbers(X)
        if self._shape.is_3d:
            rows = rows.reshape(len(rows), self._shape.n_features)
        labels = read_labels(y)
        check_classification_targets(labels)
        labels, is_one_hot = check_target_type(labels, indicate_one_vs_all=True)
        rows, labels = validate_data(self, X=rows, y=labels, reset=True, ensure_all_finite=False)
        _check_feature_names(self, X, reset=True)
        check_values(self._shape.to_3d(rows))
        warn_of_row_numbers(X, rows, self._shape)
        self.n_channels_, self.n_timepoints_ = self._shape.n_channels, self._shape.n_timepoints
        return rows, labels, is_one_hot

    def _fit_resample(self, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        counts = plain_counts(self.sampling_strategy_)
        # The seed of a class depends only on its first row: not on the names of the classes, their
        # order, or which other classes are over-sampled.
        entropy = check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        labels, first_rows = np.unique(y, return_index=True)
        streams = {
            label: np.random.SeedSequence(entropy, spawn_key=(int(row),))
            for label, row in zip(labels.tolist(), first_rows, strict=True)
        }
        seeds = {label: stream.generate_state(2).tolist() for label, stream in streams.items()}
        series = self._shape.to_3d(X)
        fit_seeds = {label: of_class[0] for label, of_class in seeds.items()}
        generators = self._fit_classes(series, y, list(counts), fit_seeds, self.constrain)
        self._dtype = X.dtype
        self._classes = {
            label: FittedClass(generator, series[y == label], streams[label].spawn(1)[0])
            for label, generator in generators.items()
        }
        X_resampled = np.empty((len(X) + sum(counts.values()), X.shape[1]), dtype=X.dtype)
        X_resampled[: len(X)] = X
        draws, start = {}, len(X)
        for label, n_samples in counts.items():
            rows = X_resampled[start : start + n_samples]
            draws[label] = _fill(rows, generators[label], seeds[label][1])
            start += n_samples
        synthetic_labels = [np.full(n, label, dtype=y.dtype) for label, n in counts.items()]
        y_resampled = np.concatenate([y, *synthetic_labels])
        self.synthetic_mask_ = np.arange(len(X_resampled)) >= len(X)
        self.parent_indices_ = _gather_parents(len(X), draws)
        self.n_dropped_ = {}
        if self.drop is not None:
            self.n_dropped_ = {label: sum(d.n_dropped for d in of) for label, of in draws.items()}
        self._collect(draws)
        return X_resampled, y_resampled

    def _fit_classes(
        self,
        series: np.ndarray,
        y: np.ndarray,
        targets: list[Any],
        seeds: dict[Any, int],
        constrain: str | None = None,
    ) -> dict[Any, Generator]:
        """Fit generators with :meth:`_fit_generators`, then constrain and filter their series.

        :class:`HerdedSampler` calls this method of its samplers without `constrain`, because it
        constrains all candidates itself.
        """
        self._validate_params()
        self.n_channels_, self.n_timepoints_ = series.shape[1:]
        self.n_classes_ = len(seeds)
        generators = self._fit_generators(series, y, targets, seeds)
        if constrain is not None:
            domains = fit_domains(series, y, targets, constrain)
            generators |= {
                k: self._restrict(generators[k], domain) for k, domain in domains.items()
            }
        if self.drop is None:
            return generators
        real = series if self.drop == "copies" else series.copy()  # because the user may change X
        return {
            label: self._filter(generator, Filter(real, y == label, self.drop), label)
            for label, generator in generators.items()
        }

    # -- more series ------------------------------------------------------------------------

    def _check_is_fitted(self) -> None:
        if not hasattr(self, "synthetic_mask_"):
            raise NotFittedError(
                f"This {type(self).__name__} has not generated anything yet: call fit_resample "
                "first. fit only checks the data, and deletes what an earlier fit_resample learned."
            )

    def _fitted_class(self, label: Any) -> FittedClass:
        """Look up a class that was over-sampled."""
        self._check_is_fitted()
        if label not in self._classes:
            raise ValueError(
                f"There is no generator for class {label!r}; there is one for "
                f"{list(self._classes)}. Only classes that fit_resample over-sampled have one: "
                "see sampling_strategy."
            )
        return self._classes[label]

    @one_thread_after_fork()
    def generate(self, n_samples: int, label: Any, *, random_state: Seed = None) -> np.ndarray:
        """Generate more series of a class without training again.

        Parameters
        ----------
        n_samples : int
            Number of series.
        label : object
            A class that :meth:`fit_resample` over-sampled.
        random_state : int, RandomState instance or None, default=None
            The seed of the sample. None continues the sequence of the previous call: each call
            gives new series, and the sequence of calls is repeatable if the sampler's own
            `random_state` is an int.

        Returns
        -------
        ndarray of shape (n_samples, n_features) or (n_samples, n_channels, n_timepoints)
            Series with the same axes and type as the `X` that was resampled.

        Raises
        ------
        NotFittedError
            If :meth:`fit_resample` was not called.
        ValueError
            If there is no generator for `label`, or `n_samples` is less than 1.
        """
        fitted = self._fitted_class(label)
        if n_samples < 1:
            raise ValueError(f"n_samples={n_samples} was given; it must be at least 1.")
        if random_state is None:
            seed = int(fitted.draws.spawn(1)[0].generate_state(1)[0])
        else:
            seed = int(check_random_state(random_state).randint(np.iinfo(np.int32).max))
        rows = np.empty((n_samples, self._shape.n_features), dtype=self._dtype)
        _fill(rows, fitted.generator, seed)
        return self._shape.to_user(rows)

    def quality_report(
        self,
        held_out: Any = None,
        *,
        n_samples: int | None = None,
        metrics: ReportMetric | Sequence[ReportMetric] = (),
        random_state: Seed = 0,
    ) -> QualityReport:
        """Assess the synthetic series of each class.

        Parameters
        ----------
        held_out : mapping of label to array-like, or array-like, default=None
            Real series of each class that the sampler has not seen, in the axes of `X`. If only one
            class was over-sampled, an array of its series is enough. None splits the real series
            of the fit into two halves.
        n_samples : int, default=None
            Number of series to generate for each class. None generates as many as there are real
            ones, and at least 100.
        metrics : ReportMetric or sequence of ReportMetric, default=()
            Further metrics for the report.
        random_state : int, RandomState instance or None, default=0
            The seed of the sample and of the report.

        Returns
        -------
        QualityReport
            See :func:`~ganbats_sampler.quality_report`.

        Raises
        ------
        NotFittedError
            If :meth:`fit_resample` was not called.
        ValueError
            If a class is missing in `held_out`, if `held_out` does not have the axes of `X`, or if
            the sampler was saved without its real series.
        """
        self._check_is_fitted()
        rng = check_random_state(random_state)
        synthetic, real = {}, {}
        for label, fitted in self._classes.items():
            if fitted.real is None:
                raise ValueError(
                    f"The real series of class {label!r} were not saved with this sampler, so a "
                    "report has nothing to compare with. Pass real series of your own to "
                    "ganbats_sampler.quality_report(real, synthetic), with synthetic series from "
                    "generate()."
                )
            n = max(len(fitted.real), 100) if n_samples is None else n_samples
            synthetic[label] = self._shape.to_3d(self.generate(n, label, random_state=rng))
            real[label] = fitted.real
        if held_out is not None:
            held_out = self._read_held_out(held_out, list(real))
        return quality_report(real, synthetic, held_out, metrics=metrics, random_state=rng)

    def _read_held_out(self, held_out: Any, labels: list[Any]) -> dict[Any, np.ndarray]:
        if not isinstance(held_out, Mapping):
            held_out = dict.fromkeys(labels, held_out)
            if len(held_out) > 1:
                raise ValueError(
                    f"The classes {labels} were over-sampled: pass held_out as a "
                    "mapping of label to series."
                )
        shape_in_x = self._shape.to_user(np.empty((1, self._shape.n_features))).shape[1:]
        for series in held_out.values():
            if np.shape(series)[1:] != shape_in_x:
                raise ValueError(
                    f"A series in held_out has shape {np.shape(series)[1:]}, but a series in X has "
                    f"shape {shape_in_x}. Pass held_out with the axes of X."
                )
        return {label: self._shape.to_3d(np.asarray(s)) for label, s in held_out.items()}

    # -- tags -------------------------------------------------------------------------------

    def _more_tags(self) -> dict[str, Any]:
        return {"X_types": ["2darray", "3darray", "dataframe"]}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        tags.input_tags.three_d_array = True
        return tags


def _fill(rows: np.ndarray, generator: Generator, seed: int) -> list[Draw]:
    """Fill flat rows in place, and return the draws without their series."""
    known, start = [], 0
    for drawn in generator.draw(len(rows), seed):
        n = len(drawn.series)
        rows[start : start + n] = cast_like(drawn.series.reshape(n, rows.shape[1]), rows.dtype)
        known.append(drawn._replace(series=rows[:0]))
        start += n
    return known


def _gather_parents(n_real: int, draws: dict[Any, list[Draw]]) -> np.ndarray:
    """Concatenate the parents of all rows. A real row is its own parent."""
    parents = [np.arange(n_real)[:, None]]
    parents += [drawn.parents for of_class in draws.values() for drawn in of_class]
    n_parents = max(of_rows.shape[1] for of_rows in parents)
    return np.concatenate([pad_parents(of_rows, n_parents) for of_rows in parents])
