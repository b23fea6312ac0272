"""Paragraphs that the docstrings of several samplers share, for imbalanced-learn's Substitution."""

#: Parameters and attributes of every sampler of series.
SERIES = {
    "sampling_strategy": """sampling_strategy : float, str, dict or callable, default="auto"
        Number of series that each class has after resampling, as in imbalanced-learn. A float is
        the ratio of the minority to the majority class, for two classes only. A str selects the
        classes to bring to the size of the largest: ``"minority"``, ``"not minority"``,
        ``"not majority"`` (the same as ``"auto"``) or ``"all"``. A dict maps each label to a number
        of series. A callable receives `y` and returns such a dict.""",
    "n_channels": """n_channels : int, default=None
        Number of channels of two-dimensional `X`, whose rows hold the channels one after another.
        None means one channel. If `X` has three dimensions, or is a frame with two levels of
        columns, None takes the number from `X`.""",
    "constrain": """constrain : {"whole", "range", "both"} or None, default="whole"
        Which values of synthetic series to correct. ``"whole"`` rounds a channel that has only
        whole numbers in `X`, such as counts in an array of floats. Otherwise classifiers can
        recognise synthetic counts by their fractions. ``"range"`` clips values to the range of
        their channel in the class, so no value is negative if no real one is. It also keeps a value
        that all series of `X` share at a time step, such as a common time axis. ``"both"`` does
        both, and None neither.""",
    "drop": """drop : {"copies", "misplaced", "both"} or None, default=None
        Which synthetic series to drop and replace. A copy is close to a real series of its class:
        the distance is at most a fifth of the median distance from a real series to its nearest
        neighbour in the class. A misplaced series has more series of other classes than of its own
        among the five nearest real ones. In a class of n < 5 series, the n nearest ones decide. If
        too few series pass, dropped ones are returned, too, with a
        :class:`~ganbats_sampler.FilterWarning`. None drops nothing.""",
    "random_state": """random_state : int, RandomState instance or None, default=None
        The seed of all randomness. An int gives the same rows on every call.""",
    "example_data": """>>> rng = np.random.default_rng(0)
    >>> X = np.sin(np.linspace(0, 6, 24) + rng.normal(size=(60, 1)))
    >>> y = np.repeat(["normal", "abnormal"], [45, 15])""",
    "series_attributes": """sampling_strategy_ : dict
        Number of synthetic series by class.

    synthetic_mask_ : ndarray of shape (n_samples_new,), dtype=bool
        Whether each returned row is synthetic.

    parent_indices_ : ndarray of shape (n_samples_new, n_parents), dtype=int
        Rows of `X` that each returned row was made from. The first parent is the row that it
        starts from. A real row is its own parent. -1 means that there is no parent, or that it is
        unknown. To give synthetic series the group of their first parent, use
        ``np.where(parents >= 0, groups[parents], -1)`` with ``parents = parent_indices_[:, 0]``.

    n_dropped_ : dict of label to int
        Number of synthetic series that were dropped because of `drop`, by class. Empty if `drop` is
        None.

    n_classes_ : int
        Number of classes.

    n_channels_, n_timepoints_ : int
        Number of channels and number of time steps of a series.

    n_features_in_ : int
        Number of values of a series, over all channels.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns of `X`. Defined only when they are all strings.""",
}

_N_JOBS = """n_jobs : int, default=None
        Number of networks to train at the same time, as in joblib. None means one, and -1 means one
        for each core. Each network takes one thread on a CPU.

    """


_UPDATES_BY_SPACE = """
        None means 300 updates with ``space="series"``. On components, None means ten updates for
        each series, but at least 500 and at most 3,000."""


_UPDATES_OF_FLOWS = """
        None means ten updates for each series, but at least 600 and at most 3,000."""

_BATCH = """batch_size : int, default=32
        Number of series in an update. A smaller class forms one batch.

    lr : float, default=None
        Learning rate of both optimisers. None uses the learning rates of the recipe."""

#: An additional sentence about `on_failure`, for GANs.
_EARLY = """
        They also end the training of a single class early if it has clearly collapsed."""

_BATCH_OF_FLOWS = """batch_size : int, default=256
        Number of series in an update. A smaller class is repeated, with different noise, until it
        fills a batch.

    lr : float, default=2e-3
        Learning rate of Adam."""


def _training(
    min_updates: str, n_jobs: str, more: str = "", batch: str = _BATCH, early: str = _EARLY
) -> str:
    """Write the parameters of training."""
    return f"""max_epochs : int, default=None
        Largest number of passes over the training series. If it is given, `min_updates` is not
        used. None trains until `min_updates` is reached, and for at least ten epochs.

    min_updates : int, default={min_updates}
        Number of generator updates if `max_epochs` is None, rounded up to whole epochs. An epoch
        over a class of 20 series is one update, so a small class needs many epochs.{more}

    {batch}

    validation_fraction : float, default=None
        Share of each class to hold out of training. Every 50 updates, synthetic series are compared
        with the held-out ones (:func:`~ganbats_sampler.metrics.maximum_mean_discrepancy`).
        Training stops after ten evaluations without improvement, and the best generator is kept. If
        fewer than ten series of a class would be held out, all of them are used for training. None
        trains on all series and keeps the last generator.

    on_failure : {{"fallback", "raise", "warn"}}, default="fallback"
        How to handle a generator that fails the :ref:`checks <failure_checks>`. It fails if it
        diverged, collapsed, copied real series, or generates series that are off-distribution.
        ``"fallback"`` and ``"raise"`` train once more, with another seed.{early}
        If the second training fails too, ``"fallback"`` warns and returns recombined series, and
        ``"raise"`` raises a RuntimeError. ``"warn"`` trains once. If that training fails, it warns
        and returns the series of the generator, or recombined ones if the generator diverged. A
        class that is too small to train on, by default with fewer than five series, gets recombined
        series and a warning.

    {SERIES["constrain"]}

    {SERIES["drop"]}

    checkpoint : path-like, default=None
        Folder for the state of training. If a fit is killed or interrupted, call it again: it
        continues from that state, and returns the rows that the first call would have returned. The
        data, the parameters and the versions of this package and PyTorch must be the same, and
        `random_state` must be an int. The files hold weights and no real series. They are removed
        at the end of the fit.

    memory : str, path-like or object with the interface of joblib.Memory, default=None
        Folder, or :class:`joblib.Memory`, for trained networks. A later fit loads them and trains
        nothing if the data, the parameters of training, and the versions of this package and
        PyTorch are the same. This also works in another process, and with a different
        `sampling_strategy`, `constrain` or `drop`. `random_state` must be an int. The files hold
        real series.

    max_time : float, default=None
        Time limit for the training of all networks together, in seconds. A training that would take
        longer ends early, after whole epochs. Which rows are generated then depends on the speed of
        the machine. A generator that fails the checks is trained again only if there is time left.
        None sets no limit.

    warm_start : bool, default=False
        Whether another :meth:`fit_resample` continues from the networks of the last one, for
        `max_epochs` or `min_updates` more. Use it when new series have arrived. A network starts
        anew if it failed the checks, its class is new, its architecture or the shape of the series
        has changed, or the sampler was loaded from a file. It cannot be combined with `checkpoint`
        or `memory`.

    device : str, default="auto"
        The device to train on, as PyTorch names it. ``"auto"`` uses CUDA if it is available, else
        MPS, else the CPU.

    {n_jobs}{SERIES["random_state"]} The rows depend on the
        machine and the version of PyTorch, but not on the number of jobs. On a GPU the order of
        some sums varies, so rows can differ from run to run.

    verbose : bool or int, default=False
        Whether to show a progress bar for each network."""


_OF_GANS = (
    "AdversarialNet",
    """``update``, ``diversity``, ``generator_loss``,
        ``discriminator_loss`` and ``discriminator_accuracy``""",
)


def _attributes(net: str, keys: str) -> str:
    """Write the attributes of a sampler that trains nets of the class `net`.

    `keys` are those of a row of the history.
    """
    return f"""{SERIES["series_attributes"]}

    nets_ : dict of label to {net}
        The trained networks of the attempt that was kept, by class. A class that is too small to
        train on has none.

    history_ : dict of label to list of dict
        One row for each epoch. Its keys are {keys}.
        The diversity ratio (:func:`~ganbats_sampler.metrics.diversity_ratio`) is computed every 50
        updates and at the end, and is NaN in other rows. If one network generates several classes,
        it is their smallest ratio. With `validation_fraction` there is also ``discrepancy``, which
        compares synthetic with held-out series.

    outcomes_ : dict of label to Outcome
        The outcome of the training for each class, with the reason if an attempt failed; see
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
    "training": _training("None", _N_JOBS, _UPDATES_OF_FLOWS, _BATCH_OF_FLOWS, early=""),
    "attributes": _attributes("FlowNet", "``update``, ``diversity`` and ``generator_loss``"),
}


def gan_of_reference(name: str, min_updates: int, n_jobs: bool = True) -> dict[str, str]:
    """Write the paragraphs of a GAN that is compared with GANBATS.

    `min_updates` is the number of updates in its example.
    """
    training = _training("500", _N_JOBS if n_jobs else "")
    return {
        "parameters": f"""{SERIES["sampling_strategy"]}

    {SERIES["n_channels"]}

    hidden_size : int, default=32
        Number of channels of the discriminator's first layer and of the generator's last hidden
        layer. The widest layer of each has eight times as many.

    latent_size : int, default=100
        Number of noise values for each series.

    recipe : str or Recipe, default=None
        The training recipe; see :class:`~ganbats_sampler.adversarial.Recipe`. None uses the
        published training, and a name uses one of :data:`~ganbats_sampler.adversarial.RECIPES`.
        You can search over its parts by name, as in ``resample__recipe__n_critic``.

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
