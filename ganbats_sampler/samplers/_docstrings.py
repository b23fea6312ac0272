"""Paragraphs that the docstrings of several samplers share, for imbalanced-learn's Substitution."""

#: Parameters and attributes of every sampler of series.
SERIES = {
    "sampling_strategy": """sampling_strategy : float, str, dict or callable, default="auto"
        How many series each class has after resampling, as in imbalanced-learn: a float for the
        ratio of the minority to the majority class (two classes only); ``"minority"``,
        ``"not minority"``, ``"not majority"`` (the same as ``"auto"``) or ``"all"`` for the classes
        to bring to the size of the largest; a dict of label to number of series; or a function of
        `y` that returns such a dict.""",
    "n_channels": """n_channels : int, default=None
        Number of channels of two-dimensional `X`, whose rows hold them one after another. None
        means one channel, or what three-dimensional `X` or the first level of a frame's columns
        says.""",
    "constrain": """constrain : {"whole", "range", "both"} or None, default="whole"
        Which values of synthetic series to correct. ``"whole"`` rounds a channel that has only
        whole numbers in `X`, such as counts in an array of floats; classifiers otherwise recognise
        synthetic counts by their fractions. ``"range"`` brings values to the range that their
        channel has in the class, so that none is negative where no real one is. A time step at
        which all series of `X` are equal, as on a common time axis, then keeps its value.
        ``"both"`` does both, and None neither.""",
    "drop": """drop : {"copies", "misplaced", "both"}, default=None
        Which synthetic series to drop and replace. Copies are nearer to a real series of their
        class than a fifth of the median distance between a real one and its nearest other.
        Misplaced series have more series of other classes than of their own among the five nearest
        real ones. After 20 rounds dropped series make up the number, with a
        :class:`~ganbats_sampler.FilterWarning`. None drops nothing.""",
    "random_state": """random_state : int, RandomState instance or None, default=None
        The seed of all randomness. An int gives the same rows on every call.""",
    "example_data": """>>> rng = np.random.default_rng(0)
    >>> X = np.sin(np.linspace(0, 6, 24) + rng.normal(size=(60, 1)))
    >>> y = np.repeat(["normal", "abnormal"], [45, 15])""",
    "series_attributes": """sampling_strategy_ : dict
        Number of synthetic series by class.

    synthetic_mask_ : ndarray of shape (n_samples_new,), dtype=bool
        Which of the returned rows are synthetic.

    parent_indices_ : ndarray of shape (n_samples_new, n_parents), dtype=int
        Rows of `X` that each returned row was made of, the one that it starts from first. A real
        row is its own parent; -1 means that there is no parent, or that it is not known. It carries
        groups over: ``np.where(parents >= 0, groups[parents], -1)``, with its first column as
        ``parents``.

    n_dropped_ : dict of label to int
        Number of synthetic series that `drop` dropped, by class.

    n_classes_ : int
        Number of classes.

    n_channels_, n_timepoints_ : int
        Shape of a series.

    n_features_in_ : int
        Number of values in a series, over all channels.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns of `X`. Defined only when they are all strings.""",
}

_N_JOBS = """n_jobs : int, default=None
        Number of networks to train at the same time. Each takes one thread on a CPU.

    """


_UPDATES_BY_SPACE = """
        None stands for 300 on series. On components it stands for ten for each series, at least
        500 and at most 3,000."""


_UPDATES_OF_FLOWS = """
        None stands for ten for each series, at least 600 and at most 3,000."""

_BATCH = """batch_size : int, default=32
        Number of series in an update; a smaller class is one batch.

    lr : float, default=None
        Learning rate of both optimisers; None for that of the recipe."""

_BATCH_OF_FLOWS = """batch_size : int, default=256
        Number of series in an update. A smaller class is repeated, with other noise, until it makes
        a batch.

    lr : float, default=2e-3
        Learning rate of Adam."""


def _training(min_updates: str, n_jobs: str, more: str = "", batch: str = _BATCH) -> str:
    """Write the parameters of training."""
    return f"""max_epochs : int, default=None
        Largest number of passes over the series that a network is trained on. The training ends
        then, whatever `min_updates` is. None trains until `min_updates` is reached, and for at
        least ten epochs.

    min_updates : int, default={min_updates}
        Number of generator updates to train for if `max_epochs` is None, rounded up to whole
        epochs. An epoch over a class of 20 series is one update, so small classes need many.{more}

    {batch}

    validation_fraction : float, default=None
        Share of each class to hold out of training. Every 50 updates synthetic series are compared
        with the held-out ones (:func:`~ganbats_sampler.metrics.maximum_mean_discrepancy`).
        Training stops after ten evaluations without improvement, and the best generator is kept. A
        class that would hold out fewer than ten series is trained on whole. None trains on all
        series and keeps the last generator.

    on_failure : {{"fallback", "raise", "warn"}}, default="fallback"
        The reaction to a generator that fails the checks: it diverged, collapsed, or left its
        class. ``"fallback"`` and ``"raise"`` end a training that has clearly collapsed and train
        once more from another seed. If that fails too, ``"fallback"`` warns and returns recombined
        series, and ``"raise"`` raises a RuntimeError. ``"warn"`` trains once, to the end, warns and
        returns what the generator gives, unless it diverged.

    {SERIES["constrain"]}

    {SERIES["drop"]}

    checkpoint : path-like, default=None
        Folder to keep the state of training in, so that a fit that was killed or interrupted can be
        called again and go on. The second call must have the same data, parameters and version of
        PyTorch, and `random_state` must be an int; it returns the rows that the first would have
        returned. The files hold weights and no real series. They are removed at the end of the fit.

    memory : str, path-like or object with the interface of joblib.Memory, default=None
        Folder, or :class:`joblib.Memory`, to keep trained networks in. A later fit with the same
        data, the same parameters of training and the same versions finds them and trains nothing,
        also in another process, or with another `sampling_strategy`, `constrain` or `drop`.
        `random_state` must be an int. The files hold real series.

    max_time : float, default=None
        Most seconds to train, all networks together. A training that would take longer ends with
        the generator that it has by then, after whole epochs. Which rows are generated then depends
        on the speed of the machine. A generator that fails the checks is trained again only if
        there is time left. None sets no limit.

    warm_start : bool, default=False
        Whether a further :meth:`fit_resample` goes on from the networks of the last one, as when
        new series have come, for `max_epochs` or `min_updates` more. Networks that failed the
        checks, whose class is new, or that are not alike because of another parameter or shape of
        series, start anew. So do those of a sampler that was loaded from a file.

    device : str, default="auto"
        The device to train on. ``"auto"`` takes CUDA if there is any, else MPS, else the CPU.

    {n_jobs}{SERIES["random_state"]} They do not depend on
        `n_jobs`, but on the machine and the version of PyTorch. On a GPU the order of some sums
        varies, so that rows can differ from run to run.

    verbose : bool or int, default=False
        Whether to show a progress bar for each network."""


_OF_GANS = (
    "AdversarialNet",
    """``generator_loss``, ``discriminator_loss``,
        ``discriminator_accuracy``""",
)


def _attributes(net: str, losses: str) -> str:
    """Write the attributes of a sampler that trains nets of this kind."""
    return f"""{SERIES["series_attributes"]}

    nets_ : dict of label to {net}
        The trained networks of the attempt that was kept, by class. A class that is too small to
        train on has none.

    history_ : dict of label to list of dict
        One row for each epoch: ``update``, {losses}
        and, every 50 updates, ``diversity``, the diversity ratio
        (:func:`~ganbats_sampler.metrics.diversity_ratio`); the least over the classes of a network.
        With `validation_fraction` also ``discrepancy``.

    outcomes_ : dict of label to Outcome
        The outcome of the training for each class, and why an attempt failed; see
        :class:`~ganbats_sampler.samplers.Outcome`."""


#: Paragraphs of GANBATS.
GANBATS = {
    **SERIES,
    "training": _training("None", _N_JOBS, _UPDATES_BY_SPACE),
    "attributes": _attributes(*_OF_GANS),
}
#: Paragraphs of flow matching.
FLOW_MATCHING = {
    **SERIES,
    "training": _training("None", _N_JOBS, _UPDATES_OF_FLOWS, _BATCH_OF_FLOWS),
    "attributes": _attributes("FlowNet", "``generator_loss``"),
}


def gan_of_reference(name: str, min_updates: int, n_jobs: bool = True) -> dict[str, str]:
    """Make the paragraphs of a GAN that is compared with GANBATS; its example has `min_updates`."""
    training = _training("500", _N_JOBS if n_jobs else "")
    return {
        "parameters": f"""{SERIES["sampling_strategy"]}

    {SERIES["n_channels"]}

    hidden_size : int, default=32
        Number of channels of the discriminator's first and of the generator's last hidden layer.
        At their other end both have eight times as many.

    latent_size : int, default=100
        Number of noise values for a series.

    recipe : str or Recipe, default=None
        How to train; see :class:`~ganbats_sampler.adversarial.Recipe`. None for the published
        training, a name for another one of :data:`~ganbats_sampler.adversarial.RECIPES`. Its parts
        can be searched over by name, as in ``resample__recipe__n_critic``.

    {training}""",
        "attributes": _attributes(*_OF_GANS),
        "example": f""">>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import {name}
    {SERIES["example_data"]}
    >>> sampler = {name}(hidden_size=16, lr=1e-3, min_updates={min_updates}, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]""",
    }
