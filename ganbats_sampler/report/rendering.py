"""A report as text, as a table, as pictures and as a page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from importlib.util import find_spec
from typing import Any

from ganbats_sampler import plotting
from ganbats_sampler.metrics import ReferencedScore
from ganbats_sampler.report.assessment import ClassQuality
from ganbats_sampler.report.page import embed_picture, fill_page

COLUMNS = ["value", "reference", "class mean", "copies"]

INTRODUCTION = """<p>Each value is followed by its reference, which is the same metric of held-out
real series, and by two useless generators: one that repeats the class mean, and one that copies
real series.</p>"""


def as_text(classes: Mapping[Any, ClassQuality]) -> str:
    """Lay a report out as lines of text."""
    lines = []
    for label, found in classes.items():
        lines += [f"class {label}: {found.verdict.upper()}", f"  {_numbers(found)}"]
        lines += [f"  {reason}" for reason in found.reasons]
        lines.append(f"  {'':<22}" + "".join(f"{column:>12}" for column in COLUMNS))
        for name, figure in found.figures.items():
            lines.append(f"  {name:<22}" + "".join(f"{cell:>12}" for cell in _cells(figure)))
        lines.append("")
    return "\n".join(lines).rstrip()


def as_html(classes: Mapping[Any, ClassQuality]) -> str:
    """Lay a report out as HTML tables."""
    return "\n".join(_section(label, found) for label, found in classes.items())


def as_page(classes: Mapping[Any, ClassQuality]) -> str:
    """Lay a report out as a page of its own, with pictures where matplotlib is installed."""
    has_pictures = find_spec("matplotlib") is not None
    sections = []
    for label, found in classes.items():
        sections.append(_section(label, found))
        if has_pictures:
            sections.append(_picture(found, f"series, spectra and distances of class {label}"))
    note = "" if has_pictures else "<p>Pictures need matplotlib.</p>"
    return fill_page("Quality of synthetic series", "\n".join([INTRODUCTION, *sections]) + note)


def plot_class(found: ClassQuality) -> dict[str, Any]:
    """Draw real beside synthetic series, their spectra, an embedding, and distances."""
    pyplot = plotting.import_pyplot()
    figure, axes = pyplot.subplot_mosaic(
        [["real", "synthetic"], ["embedding", "distances"], ["spectra", "neighbors"]],
        figsize=(8, 8),
        layout="constrained",
    )
    axes["synthetic"].sharey(axes["real"])
    pair = (axes["real"], axes["synthetic"])
    plotting.plot_real_beside_synthetic(found.real, found.synthetic, axes=pair)
    plotting.plot_embedding(found.real, found.synthetic, ax=axes["embedding"])
    plotting.plot_distances(found.real, found.synthetic, found.held_out, ax=axes["distances"])
    plotting.plot_spectra(found.real, found.synthetic, ax=axes["spectra"])
    plotting.plot_nearest(found.real, found.synthetic, ax=axes["neighbors"])
    return axes


def _numbers(found: ClassQuality) -> str:
    return (
        f"{found.n_synthetic} synthetic series beside {found.n_real} real ones; {found.n_compared} "
        "compared."
    )


def _cells(figure: ReferencedScore) -> list[str]:
    return [_number(v) for v in figure[: len(COLUMNS)]]


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def _section(label: Any, found: ClassQuality) -> str:
    head = "".join(f"<th>{column}</th>" for column in ["", *COLUMNS, ""])
    rows = "\n".join(
        f"<tr><th>{escape(name)}</th>"
        + "".join(f"<td>{cell}</td>" for cell in _cells(figure))
        + f'<td class="meaning">{escape(found.meanings[name])}</td></tr>'
        for name, figure in found.figures.items()
    )
    reasons = " ".join(escape(reason) for reason in found.reasons)
    return (
        f'<section class="{escape(found.verdict)}"><h2>Class {escape(str(label))}: '
        f"<em>{escape(found.verdict)}</em></h2>\n<p>{reasons}</p>\n<p>{_numbers(found)}</p>\n"
        f'<div class="table"><table><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>'
        "</div></section>"
    )


def _picture(found: ClassQuality, description: str) -> str:
    axes = plot_class(found)
    return embed_picture(next(iter(axes.values())).figure, description)
