"""The principal components of a class."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from sklearn.decomposition import PCA

#: Share of the variance that components explain, and their largest number.
EXPLAINED, MAX_COMPONENTS = 0.95, 32


class Components(NamedTuple):
    """Principal components of the rows of a matrix.

    Attributes
    ----------
    centre : ndarray of shape (n_values,)
        The mean row.
    axes : ndarray of shape (n_components, n_values)
        The principal axes, one in each row.
    deviations : ndarray of shape (n_components,)
        Standard deviation of each component.
    """

    centre: np.ndarray
    axes: np.ndarray
    deviations: np.ndarray


def find_components(rows: np.ndarray) -> Components:
    """Find the fewest components, at most 32, that explain .95 of the variance of rows.

    Rows have shape (n_samples, n_values).
    """
    n_most = max(1, min(MAX_COMPONENTS, len(rows) - 1, rows.shape[1]))
    solver = "full" if min(rows.shape) <= 500 else "randomized"
    pca = PCA(n_most, svd_solver=solver, random_state=0)
    with np.errstate(invalid="ignore"):  # a class of equal series has no variance
        shares = np.nan_to_num(pca.fit(rows).explained_variance_ratio_)
    n = min(int(np.searchsorted(shares.cumsum(), EXPLAINED)) + 1, n_most)
    deviations = np.sqrt(np.nan_to_num(pca.explained_variance_[:n]))  # NaN for a single row
    return Components(pca.mean_, pca.components_[:n], deviations)
