"""Over-sampling by choosing from what several samplers make."""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Iterator
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np
from imblearn.utils import Substitution
from sklearn.base import clone
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval
from sklearn.utils.metaestimators import _BaseComposition
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from ganbats_sampler.herding import ConvolutionComponents, herd
from ganbats_sampler.samplers._docstrings import SERIES
from ganbats_sampler.samplers.adapters import FlatSampler
from ganbats_sampler.samplers.base import BaseSeriesOverSampler, SeriesGenerator
from ganbats_sampler.samplers.filtering import Filter, FilterWarning
from ganbats_sampler.samplers.recombination import RecombinationSampler
from ganbats_sampler.series import pick_some

#: Series to choose at a time: what is chosen of each chunk is as the real ones are.
CHUNK = 1000
#: Candidates that each sampler makes, at least.
MIN_CANDIDATES = 20
#: Series that are chosen, at least: of fewer that are wanted, a random part of these.
MIN_CHOSEN = 100
#: Series of a class, and of all others, that components are found on, at most.
MAX_REAL = 2000


class Selection(NamedTuple):
    """What was chosen of which candidates.

    Attributes
    ----------
    candidates : ndarray of shape (n_candidates, n_channels, n_timepoints)
        In the units of the data.
    sources : ndarray of shape (n_candidates,), dtype=str
        The sampler that each comes from.
    chosen : ndarray of shape (n_samples,), dtype=int
        Indices of candidates.
    components : ndarray of shape (n_candidates, n_components)
        Where each candidate lies among the principal components of random convolutions.
    real_components : ndarray of shape (n_real, n_components)
        The same of the real series of the class.
    """

    candidates: np.ndarray
    sources: np.ndarray
    chosen: np.ndarray
    components: np.ndarray
    real_components: np.ndarray


@Substitution(**SERIES)
class HerdedSampler(BaseSeriesOverSampler, _BaseComposition):
    """Choose, of what several samplers make, the series that together are as the real ones are.

    For each class, every sampler makes candidates. Of these, kernel herding [1]_ chooses one after
    another, so that the mean and the covariance of the chosen come as near as they can to those of
    the real series of the class, among principal components of random convolutional features. What
    one sampler does wrong, such as to smooth, another makes up for, or it is not chosen.

    Read more in the :ref:`User Guide <herding>`.

    Parameters
    ----------
    samplers : sequence of str, sampler objects or (str, sampler) tuples, default=None
        What makes the candidates: names as of :func:`~ganbats_sampler.samplers.get_sampler`, any
        sampler of this package, or an over-sampler of imbalanced-learn. They are cloned, and their
        `random_state` and `sampling_strategy` are not looked at. None stands for recombinations,
        which need no training: points on the arc through two neighbours (``"arc"``), the same
        warped in time (``"warped_arc"``), and deformations of other classes (``"deformation"``).

    {sampling_strategy}

    {n_channels}

    pool_size : float, default=3
        Candidates for each series to be chosen.

    n_kernels : int, default=300
        Random convolutions, of two features each.

    n_components : int, default=64
        Principal components of these features.

    {drop}

    {random_state}

    Attributes
    ----------
    {series_attributes}

    samplers_ : list of (str, sampler)
        Those that made candidates, fitted.

    chosen_from_ : dict of label to ndarray of str
        Of each synthetic series of a class, in their order, the sampler that it comes from.

    failures_, fallback_ : dict of label to str
        Of GANs among the samplers: which failed on a class and why, and of which the candidates are
        recombined and not generated.

    See Also
    --------
    RecombinationSampler : What makes the candidates by default.
    GANBATSSampler : A GAN, whose series may stand among the candidates.

    Notes
    -----
    Up to a thousand series are chosen at a time, of `pool_size` times as many candidates. A copy of
    a real series is as the real ones are: of samplers that make copies many are chosen, unless
    ``drop="copies"``. Where all are given as (name, sampler) tuples in a list, their parameters can
    be set and searched over by name, as in ``{{"resample__ganbats__min_updates": [300, 600]}}``.

    Multi-class targets are supported: candidates are made and chosen for each class by itself.

    References
    ----------
    .. [1] Chen, Y., Welling, M., Smola, A. (2010). Super-samples from kernel herding. UAI.

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import HerdedSampler
    >>> rng = np.random.default_rng(0)
    >>> X = np.sin(np.linspace(0, 6, 24) + rng.normal(size=(60, 1)))
    >>> y = np.repeat(["normal", "abnormal"], [45, 15])
    >>> sampler = HerdedSampler(random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    >>> len(sampler.chosen_from_["abnormal"])
    30
    """

    _parameter_constraints: dict = {
        **BaseSeriesOverSampler._parameter_constraints,
        "samplers": ["array-like", None],
        "pool_size": [Interval(Real, 1, None, closed="left")],
        "n_kernels": [Interval(Integral, 1, None, closed="left")],
        "n_components": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        samplers=None,
        *,
        sampling_strategy="auto",
        n_channels=None,
        pool_size=3,
        n_kernels=300,
        n_components=64,
        drop=None,
        random_state=None,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.samplers = samplers
        self.n_channels = n_channels
        self.pool_size = pool_size
        self.n_kernels = n_kernels
        self.n_components = n_components
        self.drop = drop
        self.random_state = random_state

    def get_params(self, deep=True):
        """Get parameters, with ``deep=True`` also those of samplers that are given with names.

        Parameters
        ----------
        deep : bool, default=True
            Of a list of (name, sampler) tuples, whether to have each sampler by its name, and its
            parameters as ``name__parameter``.

        Returns
        -------
        dict of str to object
        """
        return self._get_params("samplers", deep=deep and self._are_named())

    def set_params(self, **params):
        """Set parameters, also those of samplers that are given with names.

        Parameters
        ----------
        **params
            As of :meth:`get_params`.

        Returns
        -------
        HerdedSampler
            This one.
        """
        if "samplers" in params:
            self.samplers = params.pop("samplers")
        if self._are_named():
            return self._set_params("samplers", **params)
        return super().set_params(**params)

    def _are_named(self) -> bool:
        """Whether all samplers are given with names, as the steps of a pipeline are."""
        return isinstance(self.samplers, list) and all(
            isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], str)
            for one in self.samplers
        )

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> dict[Any, SeriesGenerator]:
        self.samplers_ = _make_samplers(self.samplers)
        if self._are_named():  # as parameters they must not hide those of this sampler
            self._validate_names(dict(self.samplers))
        by_sampler = [
            (name, sampler.fit_generators(series, y, targets, seeds))
            for name, sampler in self.samplers_
        ]
        self.failures_, self.fallback_ = (
            _collect(self.samplers_, name) for name in ("failures_", "fallback_")
        )
        return {
            label: HerdedGenerator(
                label,
                [(name, generators[label]) for name, generators in by_sampler],
                pick_some(series, y == label, MAX_REAL, seeds[label]),
                pick_some(series, y != label, MAX_REAL, seeds[label]),
                ConvolutionComponents(self.n_kernels, self.n_components, seeds[label]),
                self.pool_size,
            )
            for label in targets
        }

    def _filter(
        self, generators: dict[Any, Any], series: np.ndarray, y: np.ndarray
    ) -> dict[Any, Any]:
        for label, generator in generators.items():
            generator.keep = Filter(series, y == label, self.drop)
        return generators

    def _fit_resample(self, X, y):
        resampled = super()._fit_resample(X, y)
        self.chosen_from_ = {
            label: np.concatenate(generator.drawn_from)
            for label, generator in self._generators.items()
        }
        return resampled

    def selection(self, label, n_samples: int | None = None, *, random_state=0) -> Selection:
        """Make candidates for a class and choose among them, to look at what is chosen.

        Parameters
        ----------
        label : object
            A class that :meth:`fit_resample` over-sampled.
        n_samples : int, default=None
            How many to choose; None for as many as there are real ones.
        random_state : int, RandomState instance or None, default=0
            Of the candidates.

        Returns
        -------
        Selection

        Raises
        ------
        ValueError
            If `label` was not over-sampled, or `n_samples` is less than 1.

        See Also
        --------
        ganbats_sampler.plotting.plot_selection : Draw it.
        """
        check_is_fitted(self, "chosen_from_")
        if n_samples is not None and n_samples < 1:
            raise ValueError(f"n_samples={n_samples} was given; it must be at least 1.")
        if label not in self._generators:
            known = list(self._generators)
            raise ValueError(f"Class {label!r} was not over-sampled; {known} were.")
        seed = int(check_random_state(random_state).randint(np.iinfo(np.int32).max))
        generator = self._generators[label]
        return generator.select(n_samples or len(self._real[label]), seed)


class HerdedGenerator:
    """Draw series of a class by choosing from what other generators draw.

    Parameters
    ----------
    label : object
        The class.
    generators : list of (str, SeriesGenerator)
        What draws candidates, by the name of its sampler.
    real, others : ndarray of shape (n_samples, n_channels, n_timepoints)
        Series of the class, and of all others.
    components : ConvolutionComponents
        Not fitted.
    pool_size : float
        Candidates for each series to be chosen.

    Attributes
    ----------
    keep : Filter or None
        What candidates have to pass.
    n_dropped : int
        Candidates that did not, so far.
    drawn_from : list of ndarray of str
        The samplers that the series of the last draw come from, a chunk each.
    """

    def __init__(
        self,
        label: Any,
        generators: list[tuple[str, SeriesGenerator]],
        real: np.ndarray,
        others: np.ndarray,
        components: ConvolutionComponents,
        pool_size: float,
    ):
        self.label = label
        self.generators = generators
        self.pool_size = pool_size
        with threadpool_limits(1):
            self.components = components.fit(real, others)
            self.real_components = components.transform(real)
        self.keep: Filter | None = None
        self.n_dropped = 0
        self.drawn_from: list[np.ndarray] = []

    def draw(self, n_samples: int, seed: int) -> Iterator[np.ndarray]:
        """Yield series in chunks, (n, n_channels, n_timepoints)."""
        self.drawn_from = []
        starts = range(0, n_samples, CHUNK)
        seeds = np.random.SeedSequence(seed).generate_state(len(starts)).tolist()
        for start, chunk_seed in zip(starts, seeds, strict=True):
            n = min(CHUNK, n_samples - start)
            selection = self.select(max(n, MIN_CHOSEN), chunk_seed)
            # of more than are wanted some at random: what is chosen first lies near the mean
            rng = np.random.default_rng(chunk_seed)
            chosen = selection.chosen[np.sort(rng.permutation(len(selection.chosen))[:n])]
            self.drawn_from.append(selection.sources[chosen])
            yield selection.candidates[chosen]

    def select(self, n_samples: int, seed: int) -> Selection:
        """Draw candidates, and choose `n_samples` of them."""
        share = math.ceil(self.pool_size * n_samples / len(self.generators))
        n_each = max(share, MIN_CANDIDATES)
        seeds = np.random.SeedSequence(seed).generate_state(len(self.generators)).tolist()
        pool = [
            np.concatenate(list(generator.draw(n_each, its_seed)))
            for (_, generator), its_seed in zip(self.generators, seeds, strict=True)
        ]
        candidates = np.concatenate(pool)
        sources = np.repeat([name for name, _ in self.generators], n_each)
        if self.keep is not None:
            kept = self._kept(candidates, self.keep, n_samples)
            candidates, sources = candidates[kept], sources[kept]
        with threadpool_limits(1):  # the order of a sum hangs on the number of threads
            components = self.components.transform(candidates)
            chosen = herd(self.real_components, components, n_samples)
        return Selection(candidates, sources, chosen, components, self.real_components)

    def _kept(self, candidates: np.ndarray, keep: Filter, n_samples: int) -> np.ndarray:
        """Find the candidates that pass the filter, and if they are too few, others as well."""
        passes = keep.passes(candidates)
        self.n_dropped += int(np.sum(~passes))
        n_missing = n_samples - int(passes.sum())
        if n_missing > 0:
            warnings.warn(
                f"Class {self.label!r}: of {len(candidates)} candidates {passes.sum()} are left "
                f"where {n_samples} are to be chosen; {n_missing} dropped ones make up the number. "
                "Use a greater pool_size, drop=None or other samplers.",
                FilterWarning,
                stacklevel=2,
            )
            passes[np.flatnonzero(~passes)[:n_missing]] = True
        return np.flatnonzero(passes)


def _collect(samplers: list[tuple[str, BaseSeriesOverSampler]], attribute: str) -> dict[Any, str]:
    """Join what samplers say of classes, by class, each with the name of the sampler."""
    said: dict[Any, list[str]] = {}
    for name, sampler in samplers:
        for label, problem in getattr(sampler, attribute, {}).items():
            said.setdefault(label, []).append(f"{name}: {problem}")
    return {label: "; ".join(problems) for label, problems in said.items()}


def _default_samplers() -> list[tuple[str, BaseSeriesOverSampler]]:
    return [
        ("arc", RecombinationSampler(method="arc", transforms=None)),
        ("warped_arc", RecombinationSampler(method="arc")),
        ("deformation", RecombinationSampler(method="deformation")),
    ]


def _make_samplers(given: Any) -> list[tuple[str, BaseSeriesOverSampler]]:
    """Make samplers of names, samplers and pairs of both; each gets a name of its own."""
    from ganbats_sampler.samplers.table import get_sampler  # which has this sampler in it

    made: dict[str, BaseSeriesOverSampler] = {}
    for one in _default_samplers() if given is None else given:
        name, sampler = one if isinstance(one, tuple) and len(one) == 2 else (None, one)
        if isinstance(sampler, str):
            name, sampler = name or sampler, get_sampler(sampler)
        named = name is None or isinstance(name, str)
        if not named or not hasattr(sampler, "fit_resample") or isinstance(sampler, type):
            raise ValueError(
                f"samplers={given!r} was given; each must be the name of a sampler, a sampler "
                "object, or a (name, sampler) tuple."
            )
        name = name or type(sampler).__name__
        if not isinstance(sampler, BaseSeriesOverSampler):
            sampler = FlatSampler(sampler)
        numbered = (f"{name}-{i}" if i > 1 else name for i in itertools.count(1))
        made[next(free for free in numbered if free not in made)] = clone(sampler)
    if not made:
        raise ValueError("samplers=[] was given; there must be at least one.")
    return list(made.items())
