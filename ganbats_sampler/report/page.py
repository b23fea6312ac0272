"""The page of HTML that reports are put on: one file that needs no network."""

from __future__ import annotations

import base64
import io
from html import escape
from pathlib import Path
from typing import Any

from ganbats_sampler import plotting
from ganbats_sampler.files import check_destination, write_file

#: How the name of a page ends.
PAGE_SUFFIXES = (".html", ".htm")


class Saved:
    """What can be saved as a page of HTML, which its method ``_as_page`` makes."""

    def save(self, path) -> Path:
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
    """Put HTML on a page with a heading that is readable on a phone and in the dark."""
    return PAGE.format(title=escape(title), body=body)


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
<style>
:root {{ color-scheme: light dark; --line: #8886; --quiet: #777; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }}
h1 {{ font-size: 1.4rem; }}
h2 {{ font-size: 1.1rem; margin-top: 2rem; }}
.table {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums; }}
th, td {{ text-align: right; padding: .2rem .6rem; border-bottom: 1px solid var(--line); }}
tbody th {{ text-align: left; font-weight: 600; white-space: nowrap; }}
td {{ white-space: nowrap; }}
td.meaning {{ text-align: left; color: var(--quiet); font-size: .85rem; min-width: 16rem; }}
td.meaning {{ white-space: normal; }}
img {{ max-width: 100%; height: auto; background: white; border-radius: .3rem; margin: 1rem 0; }}
summary {{ cursor: pointer; }}
.warning {{ border-left: .3rem solid #d55e00; padding: .2rem .8rem; font-weight: 600; }}
@media (prefers-color-scheme: dark) {{ :root {{ --quiet: #aaa; }} }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
