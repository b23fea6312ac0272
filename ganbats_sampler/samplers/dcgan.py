"""DCGAN: a convolutional GAN for each class."""

from imblearn.utils import Substitution

from ganbats_sampler.adversarial.recipes import DCGAN
from ganbats_sampler.samplers._docstrings import gan_of_reference
from ganbats_sampler.samplers.convolutional import BaseClasswiseSampler


@Substitution(**gan_of_reference("DCGANSampler", min_updates=200))
class DCGANSampler(BaseClasswiseSampler):
    """Over-sample time series with DCGAN, a deep convolutional GAN.

    For each class, a generator of transposed convolutions is trained against a convolutional
    discriminator [1]_. The convolutions have one dimension, time. The optimiser is Adam with a
    learning rate of 2e-4 and betas of .5 and .999.

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
    CGANSampler : The same networks, trained on all classes at once.

    References
    ----------
    .. [1] Radford, A., Metz, L., Chintala, S. (2016). Unsupervised representation learning with
       deep convolutional generative adversarial networks. ICLR.

    Examples
    --------
    {example}
    """

    _published = DCGAN
