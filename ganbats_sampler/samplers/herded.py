"""Over-sampling by choosing among the candidates of several samplers."""

from __future__ import annotations

import itertools
import time
from collections.abc import Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from imblearn.utils import Substitution
from sklearn.base import clone
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval
from sklearn.utils.metaestimators import _BaseComposition

from ganbats_sampler.generators.constrained import Domain
from ganbats_sampler.generators.filtered import Filter
from ganbats_sampler.generators.herded import HerdedGenerator, Selection
from ganbats_sampler.generators.outcomes import Outcome, summarise
from ganbats_sampler.generators.protocol import Draw, Generator, RealSeries, joint_seed
from ganbats_sampler.herding import ConvolutionFeatures
from ganbats_sampler.samplers._docstrings import SERIES
from ganbats_sampler.samplers._hints import Constrain, Drop, SamplingStrategy, Seed
from ganbats_sampler.samplers.base import BaseSeriesOverSampler
from ganbats_sampler.samplers.registry import as_series_sampler

if TYPE_CHECKING:
    from typing_extensions import Self

#: The samplers of candidates by default. None of them is trained.
DEFAULT_SAMPLERS = ("unwarped_arc", "arc", "deformation")
#: Most series of a class, and most series of other classes, to fit the features and components on.
MAX_REAL = 2000


@Substitution(**SERIES | {"drop": SERIES["drop"].replace("default=None", 'default="copies"')})
class HerdedSampler(BaseSeriesOverSampler, _BaseComposition):
    """Over-sample time series by choosing candidates that together match the real series.

    For each class, several samplers make candidates. Kernel herding [1]_ chooses among them one by
    one, so that the mean and the covariance of the chosen series approach those of the real series
    of the class. Both are computed on principal components of random convolutional features.
    Candidates that do not match, such as smoothed ones, are rarely chosen.

    Read more in the :ref:`User Guide <herding>`.

    Parameters
    ----------
    samplers : str, sequence of str, sampler objects or (str, sampler) tuples, default=None
        The samplers that make the candidates. Each is a name for
        :func:`~ganbats_sampler.samplers.get_sampler`, a sampler of this package, or an over-sampler
        of imbalanced-learn. They are cloned. The `random_state`, `sampling_strategy`, `n_channels`
        and `constrain` of this sampler replace theirs. None uses three recombinations that need no
        training: points on the arc through two neighbours (``"unwarped_arc"``), the same warped in
        time (``"arc"``), and deformations that occur in other classes (``"deformation"``).

    {sampling_strategy}

    {n_channels}

    pool_size : float, default=3
        Number of candidates for each series to choose.

    n_kernels : int, default=100
        Number of random convolutions. Each gives two features.

    n_components : int, default=64
        Largest number of principal components of these features.

    {constrain}

    {drop}

    {random_state}

    Attributes
    ----------
    {series_attributes}

    samplers_ : list of (str, sampler)
        The fitted samplers of candidates.

    chosen_from_ : dict of label to ndarray of str
        The sampler that produced each synthetic series, by class, in row order.

    outcomes_ : dict of label to Outcome
        The outcome of the training for each class, if networks are among the samplers: the worst
        status, and the reasons by sampler. See :class:`~ganbats_sampler.samplers.Outcome`.

    See Also
    --------
    RecombinationSampler : Make recombinations of one kind, without choosing among them.
    GANBATSSampler : A GAN. Its series can be candidates, too.

    Notes
    -----
    Up to a thousand series are chosen at a time, from `pool_size` times as many candidates. Copies
    match the real distribution perfectly, so they would be chosen often. ``drop="copies"`` prevents
    this.

    If `samplers` is a list of (name, sampler) tuples, you can set their parameters and search over
    them by name, as in ``{{"resample__ganbats__min_updates": [300, 600]}}``.

    Multi-class targets are supported. Candidates are made and chosen for each class separately.

    References
    ----------
    .. [1] Chen, Y., Welling, M., Smola, A. (2010). Super-samples from kernel herding. UAI.

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import HerdedSampler
    {example_data}
    >>> sampler = HerdedSampler(random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    >>> len(sampler.chosen_from_["abnormal"])
    30
    """

    #: The class of the features that candidates and real series are compared by.
    _features = ConvolutionFeatures
    _parameter_constraints: dict[str, Any] = {
        **BaseSeriesOverSampler._parameter_constraints,
        "samplers": ["array-like", str, None],
        "pool_size": [Interval(Real, 1, None, closed="left")],
        "n_kernels": [Interval(Integral, 1, None, closed="left")],
        "n_components": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        samplers: str | Sequence[Any] | None = None,
        *,
        sampling_strategy: SamplingStrategy = "auto",
        n_channels: int | None = None,
        pool_size: float = 3,
        n_kernels: int = 100,
        n_components: int = 64,
        constrain: Constrain = "whole",
        drop: Drop = "copies",
        random_state: Seed = None,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.samplers: Any = samplers
        self.n_channels = n_channels
        self.pool_size = pool_size
        self.n_kernels = n_kernels
        self.n_components = n_components
        self.constrain = constrain
        self.drop = drop
        self.random_state = random_state

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Get parameters, with ``deep=True`` also those of named samplers.

        Parameters
        ----------
        deep : bool, default=True
            Whether to include the samplers by their names, and their parameters as
            ``name__parameter``. This needs `samplers` to be a list of (name, sampler) tuples.

        Returns
        -------
        dict of str to object
        """
        return self._get_params("samplers", deep=deep and self._are_named())

    def set_params(self, **params: Any) -> Self:
        """Set parameters, including those of named samplers.

        Parameters
        ----------
        **params
            Names and values as in :meth:`get_params`.

        Returns
        -------
        self : object
        """
        if "samplers" in params:
            self.samplers = params.pop("samplers")
        if self._are_named():
            return self._set_params("samplers", **params)
        return super().set_params(**params)

    def _are_named(self) -> bool:
        """Return whether all samplers are given with names, as the steps of a pipeline are."""
        return isinstance(self.samplers, list) and all(
            isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], str)
            for one in self.samplers
        )

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
    ) -> dict[Any, Generator]:
        self.samplers_ = _make_samplers(self.samplers)
        for _, sampler in self.samplers_:  # memory= and checkpoint= of a network need an int
            sampler.random_state = self.random_state
        if self._are_named():  # no name may hide a parameter of this sampler
            self._validate_names([name for name, _ in self.samplers])
        by_sampler = [
            (name, sampler._fit_classes(series, y, targets, seeds))
            for name, sampler in self.samplers_
        ]
        self.outcomes_ = self._join_outcomes(targets)
        return self._choose_among(by_sampler, series, y, targets, seeds)

    def _probe(
        self, series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
    ) -> tuple[float, dict[Any, Generator]]:
        by_sampler, seconds = [], 0.0
        for name, sampler in _make_samplers(self.samplers):
            sampler._validate_params()
            sampler.n_channels_, sampler.n_timepoints_ = series.shape[1:]
            of_sampler, generators = sampler._probe(series, y, targets, seeds)
            by_sampler.append((name, generators))
            seconds += of_sampler
        start = time.perf_counter()
        chosen = self._choose_among(by_sampler, series, y, targets, seeds)
        return seconds + time.perf_counter() - start, chosen

    def _choose_among(
        self,
        by_sampler: list[tuple[str, dict[Any, Generator]]],
        series: np.ndarray,
        y: np.ndarray,
        targets: list[Any],
        seeds: dict[Any, int],
    ) -> dict[Any, Generator]:
        """Make a generator for each class that chooses among the series of several generators."""
        if not targets:
            return {}
        seed = joint_seed(seeds)
        others = RealSeries.select_others(series, y, targets, MAX_REAL, seed)
        real = {
            label: RealSeries.select(series, y == label, MAX_REAL, seeds[label])
            for label in targets
        }
        some = RealSeries.select(series, np.full(len(y), True), MAX_REAL, seed)
        features = self._features(self.n_kernels, seed).fit(some.series)
        of_pool = features.transform(others[targets[0]].pool)
        return {
            label: HerdedGenerator(
                label,
                [(name, generators[label]) for name, generators in by_sampler],
                features,
                features.transform(real[label].series),
                of_pool[others[label].places],
                self.n_components,
                self.pool_size,
            )
            for label in targets
        }

    def _join_outcomes(self, targets: list[Any]) -> dict[Any, Outcome]:
        """Join the outcomes of the networks among the samplers, by class."""
        trained = {n: s.outcomes_ for n, s in self.samplers_ if getattr(s, "outcomes_", None)}
        return {
            label: summarise({name: outcomes[label] for name, outcomes in trained.items()})
            for label in targets
            if trained
        }

    def _restrict(self, generator: Any, domain: Domain) -> HerdedGenerator:
        return generator.restricted(domain)

    def _filter(self, generator: Any, keep: Filter, label: Any) -> HerdedGenerator:
        return generator.filtered(keep)

    def _collect(self, draws: dict[Any, list[Draw]]) -> None:
        self.chosen_from_ = {
            label: np.concatenate([drawn.sources for drawn in of_class])
            for label, of_class in draws.items()
        }

    def selection(
        self, n_samples: int | None = None, label: Any = None, *, random_state: Seed = 0
    ) -> Selection:
        """Make candidates for a class and choose among them, to inspect the choice.

        Parameters
        ----------
        n_samples : int, default=None
            Number of series to choose. None chooses as many as there are real ones.
        label : object, default=None
            A class that :meth:`fit_resample` over-sampled. None is allowed if there is only one.
        random_state : int, RandomState instance or None, default=0
            The seed of the candidates.

        Returns
        -------
        Selection
            The candidates, and which of them were chosen; see
            :class:`~ganbats_sampler.generators.herded.Selection`.

        Raises
        ------
        NotFittedError
            If :meth:`fit_resample` was not called.
        ValueError
            If there is no generator for `label`, if `label` is None and there are several classes,
            or if `n_samples` is less than 1.

        See Also
        --------
        ganbats_sampler.plotting.plot_selection : Plot a selection.
        """
        self._check_is_fitted()
        if label is None:
            if len(self._classes) != 1:
                raise ValueError(
                    f"label=None was given; choose from the classes {list(self._classes)}."
                )
            (label,) = self._classes
        fitted = self._fitted_class(label)
        if n_samples is not None and n_samples < 1:
            raise ValueError(f"n_samples={n_samples} was given; it must be at least 1.")
        seed = int(check_random_state(random_state).randint(np.iinfo(np.int32).max))
        generator = cast(HerdedGenerator, fitted.generator)
        return generator.select(n_samples or len(cast(np.ndarray, fitted.real)), seed)


def _make_samplers(given: Any) -> list[tuple[str, BaseSeriesOverSampler]]:
    """Make (name, sampler) tuples, with unique names, from names, samplers and such tuples."""
    if isinstance(given, str):
        given = [given]
    made: dict[str, BaseSeriesOverSampler] = {}
    for one in DEFAULT_SAMPLERS if given is None else given:
        name, sampler = one if isinstance(one, tuple) and len(one) == 2 else (None, one)
        is_sampler = hasattr(sampler, "fit_resample") and not isinstance(sampler, type)
        if not (is_sampler or isinstance(sampler, str)) or not isinstance(name, str | None):
            raise ValueError(
                f"samplers={given!r} was given; each must be the name of a sampler, a sampler "
                "object, or a (name, sampler) tuple."
            )
        name = name or (sampler if isinstance(sampler, str) else type(sampler).__name__)
        numbered = (f"{name}-{i}" if i > 1 else name for i in itertools.count(1))
        made[next(free for free in numbered if free not in made)] = clone(
            as_series_sampler(sampler)
        )
    if not made:
        raise ValueError("samplers=[] was given; there must be at least one.")
    return list(made.items())
