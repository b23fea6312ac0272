"""A small convolutional classifier of series."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.class_weight import compute_class_weight
from skorch import NeuralNetClassifier
from skorch.callbacks import LRScheduler
from torch import nn

from ganbats_sampler.adversarial.devices import own_settings
from ganbats_sampler.metrics.pairing import Seed
from ganbats_sampler.series import DeviationScaler


class FullyConvolutionalNetwork(nn.Sequential):
    """A narrower version of the network of Wang et al. (2017).

    It maps series, (batch, channel, time), to logits, (batch, class).
    """

    def __init__(self, n_channels: int, n_classes: int, width: int = 24):
        def block(n_in: int, n_out: int, kernel: int) -> list[nn.Module]:
            return [
                nn.Conv1d(n_in, n_out, kernel, padding="same"),
                nn.BatchNorm1d(n_out),
                nn.ReLU(),
            ]

        super().__init__(
            *block(n_channels, width, 7),
            *block(width, 2 * width, 5),
            *block(2 * width, width, 3),
            nn.AdaptiveAvgPool1d(1),
            nn.Flatten(),
            nn.Linear(width, n_classes),
        )


class ConvolutionalClassifier(ClassifierMixin, BaseEstimator):
    """A small fully convolutional network.

    Channels are standardised over the training series. The network is trained with Adam and a
    one-cycle schedule of the learning rate. Training uses one thread of the CPU, so that the same
    seed gives the same network.

    Parameters
    ----------
    n_updates : int, default=300
        The least number of batches to train on. It does not depend on the number of series, so
        that a method that adds series does not train for longer.
    batch_size : int, default=32
        The number of series in a batch.
    lr : float, default=1e-2
        The greatest learning rate of the schedule.
    class_weight : {"balanced"} or None, default=None
        The class weights of the loss, as in scikit-learn.
    random_state : int, RandomState instance or None, default=None
        The seed of the weights and the batches.

    References
    ----------
    Wang, Z., Yan, W., Oates, T. (2017). Time series classification from scratch with deep neural
    networks: a strong baseline. IJCNN.
    """

    def __init__(
        self,
        n_updates: int = 300,
        batch_size: int = 32,
        lr: float = 1e-2,
        class_weight: Literal["balanced"] | None = None,
        random_state: Seed = None,
    ):
        self.n_updates = n_updates
        self.batch_size = batch_size
        self.lr = lr
        self.class_weight = class_weight
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> ConvolutionalClassifier:
        """Train on series of shape (n_samples, n_channels, n_timepoints)."""
        X = np.asarray(X)
        self.scaler_ = DeviationScaler.fit(X)
        self.classes_, codes = np.unique(y, return_inverse=True)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        with own_settings(), torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.net_ = self._net(X.shape[1], codes).fit(self._scaled(X), codes)
        if len(self.net_.history) < self.net_.max_epochs:  # skorch swallows an interrupt
            raise KeyboardInterrupt
        return self

    def _net(self, n_channels: int, codes: np.ndarray) -> NeuralNetClassifier:
        batch_size = min(self.batch_size, len(codes))
        n_batches = len(codes) // batch_size
        n_epochs = math.ceil(self.n_updates / n_batches)
        weights = compute_class_weight(self.class_weight, classes=np.unique(codes), y=codes)
        return NeuralNetClassifier(
            FullyConvolutionalNetwork(n_channels, len(self.classes_)),
            criterion=nn.CrossEntropyLoss,
            criterion__weight=torch.as_tensor(weights, dtype=torch.float32),
            optimizer=torch.optim.Adam,
            lr=self.lr,
            max_epochs=n_epochs,
            batch_size=batch_size,
            iterator_train__shuffle=True,
            iterator_train__drop_last=True,  # batch norm fails on a batch of one
            train_split=None,
            callbacks=[
                LRScheduler(
                    torch.optim.lr_scheduler.OneCycleLR,
                    step_every="batch",
                    max_lr=self.lr,
                    total_steps=n_epochs * n_batches + 1,
                )
            ],
            verbose=0,
        )

    def predict_proba(self, X: Any) -> np.ndarray:
        """Estimate the probability of each class, (n_samples, n_classes)."""
        with own_settings(), torch.random.fork_rng(devices=[]):  # a data loader draws a seed
            return self.net_.predict_proba(self._scaled(np.asarray(X))).astype(float)

    def predict(self, X: Any) -> np.ndarray:
        """Predict the class of each series."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    def _scaled(self, X: np.ndarray) -> np.ndarray:
        return self.scaler_.transform(X).astype(np.float32)
