"""Paragraphs that the docstrings of several samplers share, for imbalanced-learn's Substitution."""

from imblearn.over_sampling.base import BaseOverSampler
from imblearn.utils._docstring import _random_state_docstring

#: Parameters and attributes of every sampler of series.
SERIES = {
    "sampling_strategy": BaseOverSampler._sampling_strategy_docstring,
    "n_channels": """n_channels : int, default=None
        Channels of two-dimensional `X`, whose rows hold them one after another. None stands for
        one, or for what three-dimensional `X` or the first level of a frame's columns says.""",
    "drop": """drop : {"copies", "strays", "both"}, default=None
        Drop synthetic series, and draw again for them. Copies lie nearer to a real series of their
        class than a fifth of the distance that real ones have to their nearest; strays have more
        series of other classes than of their own among the five nearest real ones. After 20
        rounds dropped ones make up the number, with a warning. None drops nothing: the user guide
        has what was measured.""",
    "random_state": _random_state_docstring,
    "series_attributes": """sampling_strategy_ : dict
        Number of synthetic series by class.

    synthetic_mask_ : ndarray of shape (n_samples_new,), dtype=bool
        Which of the returned rows are synthetic.

    n_dropped_ : dict of label to int
        Synthetic series that `drop` dropped.

    n_classes_ : int
        Number of classes.

    n_channels_, n_timepoints_ : int
        Shape of a series.

    n_features_in_ : int
        Values in a series, over all channels.

    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns of `X`. Defined only when they are all strings.""",
}

#: Of every sampler that trains a generator against a discriminator.
ADVERSARIAL = {
    **SERIES,
    "max_epochs": """max_epochs : int, default=10
        Passes over the series that a net is trained on, in whole batches, unless they make fewer
        than `min_updates` updates.""",
    "failure": f"""validation_fraction : float, default=None
        Share of each class to hold out of training. Every 50 updates generated series are compared
        with the held-out ones (:func:`~ganbats_sampler.metrics.maximum_mean_discrepancy`);
        training stops when ten looks in a row were no better, and the best generator is kept.
        A class of which it would hold out fewer than ten series is trained on whole. None trains
        on all series and keeps the last generator.

    min_class_size : int, default=5
        The synthetic series of a smaller class are not generated but recombined of real
        ones and warped in time, with a :class:`~ganbats_sampler.GenerationWarning`.

    on_failure : {{"fallback", "raise", "warn"}}, default="fallback"
        What to do when a generator diverged, collapsed or left its class. ``"fallback"`` and
        ``"raise"`` end a training early that has clearly collapsed, and first train once more from
        another seed, or, where :class:`~ganbats_sampler.GANBATSSampler` was given another recipe
        than the stable one, with the stable one; if that fails too, ``"fallback"`` warns and draws
        series as for a class that is too small, and ``"raise"`` raises. ``"warn"`` trains once, to
        the end, warns and returns what the generator gives, unless it diverged.

    {SERIES["drop"]}

    device : str, default="auto"
        Where to train. ``"auto"`` takes CUDA if there is any, else MPS, else the CPU.""",
    "random_state": f"""{_random_state_docstring}

        An int gives the same rows on every call, for any `n_jobs`, on one and the same machine
        and PyTorch. On a GPU some sums are not ordered, and rows can differ in their last digits
        and, over a training, visibly.

    verbose : int or bool, default=False
        Whether to show a progress bar for each net.""",
    "n_jobs": """n_jobs : int, default=None
        Nets to train at the same time. Each takes one thread on a CPU.""",
    "attributes": f"""{SERIES["series_attributes"]}

    nets_ : dict of label to AdversarialNet
        The trained nets, of the attempt that was kept; a class too small for a generator has none.

    history_ : dict of label to list of dict
        A row an epoch: ``update``, ``generator_loss``, ``discriminator_loss``,
        ``discriminator_accuracy`` and, every 50 updates, ``spread``, the spread of generated
        series over that of real ones; of a net of several classes, the least of them. With
        `validation_fraction` also ``discrepancy``, of the same updates.

    failures_ : dict of label to str
        Why the watch did not pass a class's generator, in each attempt, or why there is none,
        whatever `on_failure` then did.

    retrained_ : dict of label to str
        Of a class whose generator is of the second training: why the first failed, and what the
        second did otherwise.

    fallback_ : dict of label to str
        Why a class's synthetic series are recombined of real ones and not generated.""",
}
