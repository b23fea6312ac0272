"""Render a quality report as text, HTML, pictures and a page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from html import escape
from importlib.util import find_spec
from typing import Any

from ganbats_sampler import plotting
from ganbats_sampler.metrics import ReferencedScore
from ganbats_sampler.report.assessment import ClassQuality
from ganbats_sampler.report.bars import KEY, draw_bar
from ganbats_sampler.report.metrics import QUESTIONS
from ganbats_sampler.report.page import embed_picture, fill_cell, fill_page

COLUMNS = ["value", "reference", "class mean", "copies"]
#: The meaning of the columns, below a report as text.
COLUMN_NOTE = (
    "reference: held-out real series. class mean, copies: useless generators, which repeat the "
    "class mean or copy real series."
)
#: The colour of each verdict's badge.
BADGES = {"indistinguishable": "good", "undecided": "open"}
#: The pictures of a class and their descriptions.
PANELS = {
    "real": "real series",
    "synthetic": "synthetic series",
    "embedding": "real and synthetic series as points in a plane",
    "distances": "distances to the nearest real series",
    "spectra": "spectra of real and synthetic series",
    "neighbors": "synthetic series, each over the nearest real one",
}

INTRODUCTION = f"""<p class="quiet">Each metric has a reference: its value for held-out real series.
Most metrics also have two controls, which are useless generators: one repeats the class mean, and
one copies real series. {KEY}. An orange line is a 95% confidence interval.</p>"""


def as_text(classes: Mapping[Any, ClassQuality]) -> str:
    """Render a report as lines of text."""
    lines = []
    for label, found in classes.items():
        lines.append(f"class {label}: {found.verdict.upper()}")
        lines += [f"  Next: {found.next_step}", *(f"  {reason}" for reason in found.reasons)]
        lines += [f"  {_numbers(found)}"]
        if found.figures:
            lines.append(f"  {'':<24}" + "".join(f"{column:>12}" for column in COLUMNS))
        for question, figures in _by_question(found):
            lines.append(f"  {question}")
            for name, figure in figures.items():
                cells = "".join(f"{_number(value):>12}" for value in figure[: len(COLUMNS)])
                lines.append(f"    {name:<22}{cells}")
        lines.append("")
    if any(found.figures for found in classes.values()):
        lines.append(COLUMN_NOTE)
    return "\n".join(lines).rstrip()


def as_html(classes: Mapping[Any, ClassQuality]) -> str:
    """Render a report as the HTML output of a notebook cell."""
    sections = [_section(label, found) for label, found in classes.items()]
    return fill_cell("\n".join([INTRODUCTION, *sections]))


def as_page(classes: Mapping[Any, ClassQuality]) -> str:
    """Render a report as a complete page, with pictures if matplotlib is installed."""
    has_pictures = find_spec("matplotlib") is not None
    parts = [INTRODUCTION]
    for label, found in classes.items():
        parts.append(_section(label, found))
        parts.append(_pictures(label, found) if has_pictures and found.figures else "")
    note = "" if has_pictures else "<p>Install matplotlib to have pictures on this page.</p>"
    return fill_page("Quality of synthetic series", "\n".join(parts) + note)


def plot_class(found: ClassQuality) -> dict[str, Any]:
    """Draw real beside synthetic series, their spectra, an embedding and distances."""
    axes = plotting.import_pyplot().subplot_mosaic(
        [["real", "synthetic"], ["embedding", "distances"], ["spectra", "neighbors"]],
        figsize=(8, 9),
        layout="constrained",
    )[1]
    axes["synthetic"].sharey(axes["real"])
    _draw(found, axes)
    return axes


def _draw(found: ClassQuality, axes: Mapping[str, Any]) -> None:
    """Draw the pictures of a class, with legends above the axes so that they hide no curve."""
    pair = (axes["real"], axes["synthetic"])
    plotting.plot_real_beside_synthetic(found.real, found.synthetic, axes=pair)
    plotting.plot_embedding(found.real, found.synthetic, ax=axes["embedding"])
    held_out = found.held_out if len(found.held_out) else None  # none with too few series
    plotting.plot_distances(found.real, found.synthetic, held_out, ax=axes["distances"])
    plotting.plot_spectra(found.real, found.synthetic, ax=axes["spectra"])
    plotting.plot_nearest(found.real, found.synthetic, ax=axes["neighbors"])
    for ax in axes.values():
        if ax.get_legend() is not None:
            ax.set_title(ax.get_title(), pad=22)
            ax.legend(frameon=False, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 0.98))


def _pictures(label: Any, found: ClassQuality) -> str:
    """Draw each picture as a figure of its own, so that a phone can show them one per row."""
    pyplot = plotting.import_pyplot()
    axes = {name: pyplot.subplots(figsize=(4.5, 3.4), layout="constrained")[1] for name in PANELS}
    _draw(found, axes)
    embedded = (
        embed_picture(axes[name].figure, f"{description}, class {label}")
        for name, description in PANELS.items()
    )
    return '<div class="pictures">' + "\n".join(embedded) + "</div>"


def _by_question(found: ClassQuality) -> Iterator[tuple[str, dict[str, ReferencedScore]]]:
    """Yield each question with the metrics that answer it."""
    for key, question in QUESTIONS.items():
        figures = {n: f for n, f in found.figures.items() if found.metrics[n].question == key}
        if figures:
            yield question, figures


def _numbers(found: ClassQuality) -> str:
    return (
        f"Given: {found.n_synthetic} synthetic and {found.n_real} real series. Compared: "
        f"{found.n_compared} synthetic and {found.n_compared} held-out real series."
    )


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"


def _section(label: Any, found: ClassQuality) -> str:
    badge = BADGES.get(found.verdict, "bad")
    parts = [
        f"<section><h2>Class {escape(str(label))}: "
        f'<span class="badge {badge}">{escape(found.verdict)}</span></h2>',
        f'<p class="next">Next: {escape(found.next_step)}</p>',
        f"<p>{escape(' '.join(found.reasons))}</p>",
        f'<p class="quiet">{_numbers(found)}</p>',
    ]
    for question, figures in _by_question(found):
        items = (_item(name, figure, found) for name, figure in figures.items())
        parts += [f"<h3>{question}</h3>", '<ul class="metrics">', *items, "</ul>"]
    return "\n".join([*parts, "</section>"])


def _item(name: str, figure: ReferencedScore, found: ClassQuality) -> str:
    """Render a metric: its name, value, reference and meaning beside its bar and controls."""
    value, reference, class_mean, copies = map(_number, figure[: len(COLUMNS)])
    controls = ""
    if not math.isnan(figure.class_mean + figure.copies):
        controls = f'<span class="quiet">Controls: class mean {class_mean}, copies {copies}.</span>'
    return (
        f"<li><div><b>{escape(name)}: {value}</b> held-out real {reference}\n"
        f'<br><span class="quiet">{escape(found.metrics[name].meaning)}</span></div>\n'
        f"<div>{draw_bar(figure)}{controls}</div></li>"
    )
