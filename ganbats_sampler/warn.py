"""Warnings that point to the user's line, not into this library."""

from __future__ import annotations

import sys
import warnings

#: Packages whose frames lie between the user's line and ours.
PASSED_OVER = {"ganbats_sampler", "imblearn", "sklearn", "sklearn_compat", "joblib", "contextlib"}


def warn(message: str, category: type[Warning]) -> None:
    """Issue a warning at the line outside of this library that led to it."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_globals.get("__name__", "").split(".")[0] in PASSED_OVER:
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)
