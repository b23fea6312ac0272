"""DCGAN: a convolutional GAN for each class."""

from imblearn.utils import Substitution

from ganbats_sampler.adversarial.recipes import DCGAN
from ganbats_sampler.samplers._docstrings import gan_of_reference
from ganbats_sampler.samplers.convolutional import BaseClasswiseSampler


@Substitution(**gan_of_reference())
class DCGANSampler(BaseClasswiseSampler):
    """Over-sample time series with DCGAN, a deep convolutional GAN.

    A generator of transposed convolutions is trained against a convolutional discriminator on the
    series of each class alone [1]_, here in one dimension. The optimiser is Adam with a learning
    rate of 2e-4 and a first beta of .5.

    Read more in the :ref:`User Guide <comparison_set>`.

    Parameters
    ----------
    {parameters}

    Attributes
    ----------
    {attributes}

    See Also
    --------
    GANBATSSampler : A GAN with a Bi-LSTM and attention.
    CGANSampler : The same networks, for all classes at once.

    References
    ----------
    .. [1] Radford, A., Metz, L., Chintala, S. (2016). Unsupervised representation learning with
       deep convolutional generative adversarial networks. ICLR.

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import DCGANSampler
    >>> rng = np.random.default_rng(0)
    >>> X = np.sin(np.linspace(0, 6, 24) + rng.normal(size=(60, 1)))
    >>> y = np.repeat(["normal", "abnormal"], [45, 15])
    >>> sampler = DCGANSampler(hidden_size=16, lr=1e-3, min_updates=200, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    """

    _published = DCGAN
