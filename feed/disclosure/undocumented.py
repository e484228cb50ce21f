"""The rules that a platform's file only lists as undocumented, and what is assumed for them.

Most files are silent about the same things. The assumption and its sentence stand once, in
``undocumented.toml``, and a file names the rule (``inbox.again``) or the whole part (``ranking``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

KEY = "undocumented"
FILE = Path(__file__).with_suffix(".toml")
WORDS = ("like", "unlike", "noun", "likes")
NOBODY, OPEN = "Nobody documents ", "Not looked up in the source code of {name}: "
"""How a sentence begins, and how it does where anybody can read the code."""


@cache
def _rules() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a platform's file with the rules that it lists as undocumented.

    Raises ValueError, with the key and what is allowed, for a list that cannot be used.
    """
    filled = {key: value for key, value in fields.items() if key != KEY}
    for part, name in _listed(fields.get(KEY, [])):
        given = filled.get(part, {})
        if not isinstance(given, dict):
            continue  # which the platform itself refuses
        if name in given:
            raise ValueError(f"{KEY}: {part}.{name} is listed here and given as well")
        rule = {"value": "unknown", **_rules()[part][name]}
        rule["says"] = _said(rule["says"], fields)
        filled[part] = {**given, name: rule}
    return filled


def _listed(names: object) -> Iterator[tuple[str, str]]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(
            f'{KEY}: it must be a list of parts and rules, such as ["ranking", "inbox.again"]'
        )
    for listed in names:
        part, _, name = listed.partition(".")
        rules = _rules().get(part, {})
        if listed == part and rules:
            yield from ((part, each) for each in rules)
        elif name in rules:
            yield part, name
        else:
            raise ValueError(f"{KEY}: there is no part and no rule “{listed}”")


def _said(says: str, fields: Mapping[str, Any]) -> str:
    if fields.get("open_source"):
        says = says.replace(NOBODY, OPEN)
    words = fields.get("words")
    own = {"name": fields.get("name"), **(words if isinstance(words, dict) else {})}
    for word in ("name", *WORDS):
        says = says.replace(f"{{{word}}}", str(own.get(word, word)))
    return says
