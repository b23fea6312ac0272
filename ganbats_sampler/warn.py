"""Warnings that point to the user's line, not into this library."""

from __future__ import annotations

import sys
import warnings

#: Packages whose stack frames lie between the user's line and this module.
PASSED_OVER = {"ganbats_sampler", "imblearn", "sklearn", "sklearn_compat", "joblib", "contextlib"}


def warn(message: str, category: type[Warning]) -> None:
    """Issue a warning that points to the user's line."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_globals.get("__name__", "").split(".")[0] in PASSED_OVER:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)
