"""The HTML page of a report: one file that needs no network."""

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

#: The allowed endings of the name of a page.
PAGE_SUFFIXES = (".html", ".htm")


class Saved:
    """Base class of objects that are saved as HTML pages. A subclass implements ``_as_page``."""

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Save as an HTML page that needs no network. It has pictures if matplotlib is installed.

        Parameters
        ----------
        path : str or Path
            The file. Its name ends in .html or .htm. A missing folder is created. An existing file
            is kept until the new page is complete.

        Returns
        -------
        Path
            The path of the file.

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
    """Make a complete HTML page of a title and a body, with the title as heading."""
    heading = escape(title)
    return PAGE.format(title=heading, style=STYLE, body=f"<h1>{heading}</h1>\n{body}")


def fill_cell(body: str) -> str:
    """Make the HTML output of a notebook cell, in the style of the pages."""
    return f'<style>{STYLE}</style>\n<div class="ganbats">{body}</div>'


def let_scroll(table: str, caption: str) -> str:
    """Give an HTML table a caption, and let a wide one scroll, also by keyboard."""
    caption = escape(caption)
    start, rest = table.split(">", 1)
    return (
        f'<div class="table" role="region" tabindex="0" aria-label="{caption}">{start}>'
        f"<caption><span>{caption}</span></caption>{rest}</div>"
    )


def fold(summary: str, body: str) -> str:
    """Hide HTML below a summary line that opens it."""
    return f"<details><summary>{summary}</summary>\n{body}</details>"


def embed_picture(figure: Any, description: str) -> str:
    """Convert a matplotlib figure to an HTML image with a description, and close the figure."""
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
