"""WGAN-GP: the Wasserstein loss, and a penalty on the critic's gradient."""

from imblearn.utils import Substitution

from ganbats_sampler.adversarial.recipes import WGAN_GP
from ganbats_sampler.samplers._docstrings import gan_of_reference
from ganbats_sampler.samplers.convolutional import BaseClasswiseSampler


@Substitution(**gan_of_reference("WGANGPSampler", min_updates=150))
class WGANGPSampler(BaseClasswiseSampler):
    """Over-sample time series with WGAN-GP, a WGAN with a gradient penalty.

    As in :class:`WGANSampler`, a critic estimates the Wasserstein distance to the series of a
    class. Instead of weight clipping, a penalty with a weight of 10 keeps the norm of the critic's
    gradient near one [1]_. The critic has no batch norm, because the penalty is defined on the
    score of one series. The optimiser is Adam with a learning rate of 1e-4 and betas of 0 and .9.

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
    WGANSampler : A WGAN with weight clipping instead of the penalty.

    References
    ----------
    .. [1] Gulrajani, I., Ahmed, F., Arjovsky, M., Dumoulin, V., Courville, A. (2017). Improved
       training of Wasserstein GANs. NeurIPS 30.

    Examples
    --------
    {example}
    """

    _published = WGAN_GP
