"""The site's version. It is written down in ``pyproject.toml``, and nowhere else."""

import tomllib
from functools import cache
from pathlib import Path

from django.template import Library

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"

register = Library()


@register.simple_tag
@cache
def version() -> str:
    return str(tomllib.loads(PROJECT.read_text())["project"]["version"])
