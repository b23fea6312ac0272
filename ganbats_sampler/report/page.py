"""The page of HTML that reports are put on: one file that needs no network."""

from __future__ import annotations

import base64
import io
import os
from html import escape
from pathlib import Path
from typing import Any

from ganbats_sampler import plotting
from ganbats_sampler.files import check_destination, write_file
from ganbats_sampler.report.style import STYLE

#: How the name of a page ends.
PAGE_SUFFIXES = (".html", ".htm")


class Saved:
    """An object that can be saved as a page of HTML, which its method ``_as_page`` makes."""

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write a page of HTML that needs no network; with matplotlib it has pictures.

        Parameters
        ----------
        path : str or Path
            The file, whose name ends in .html or .htm. Its folder is made. What it held before
            stays until the page is complete.

        Returns
        -------
        Path

        Raises
        ------
        ValueError
            If the name has another ending.
        OSError
            If the file cannot be written.
        """
        check_destination(path, PAGE_SUFFIXES)
        return write_file(path, self._as_page(), PAGE_SUFFIXES)

    def _as_page(self) -> str:
        raise NotImplementedError


def fill_page(title: str, body: str) -> str:
    """Put HTML on a page of its own, with a heading."""
    heading = escape(title)
    return PAGE.format(title=heading, style=STYLE, body=f"<h1>{heading}</h1>\n{body}")


def fill_cell(body: str) -> str:
    """Put HTML into the output of a notebook's cell, in the style of a page."""
    return f'<style>{STYLE}</style>\n<div class="ganbats">{body}</div>'


def let_scroll(table: str, caption: str) -> str:
    """Give a table a caption, and let it scroll in itself, by keyboard too, if it is wide."""
    caption = escape(caption)
    start, rest = table.split(">", 1)
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="{caption}">{start}>'
        f"<caption><span>{caption}</span></caption>{rest}</div>"
    )


def fold(summary: str, body: str) -> str:
    """Fold HTML away below one line of HTML."""
    return f"<details><summary>{summary}</summary>\n{body}</details>"


def embed_picture(figure: Any, description: str) -> str:
    """Turn a matplotlib figure into HTML that holds it, with a plain description, and close it."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110, bbox_inches="tight")
    plotting.import_pyplot().close(figure)
    encoded = base64.b64encode(buffer.getvalue()).decode("ascii")
    return f'<img alt="{escape(description)}" src="data:image/png;base64,{encoded}">'


PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body class="ganbats">
<main>
{body}
</main>
</body>
</html>
"""
