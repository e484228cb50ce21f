"""The versions of the rules: what was corrected when, and why.

``versions.toml`` lists them. The newest carries a digest of what every rule comes to, so that no
rule can be changed without a word about it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from .platforms import PARTS, Platform, Rule, Slug, Strict, Text

FILE = Path(__file__).with_suffix(".toml")
DIGITS = 16


class VersionError(ValueError):
    """A list of versions that cannot be used, with the key and what is allowed there."""


class _Change(Strict):
    platform: Slug
    rule: Text
    was: dict[str, Any]
    now: dict[str, Any]
    why: Text


class _Version(Strict):
    number: int
    date: date
    digest: Text
    note: Text
    added: tuple[Slug, ...] = ()
    removed: tuple[Slug, ...] = ()
    changes: tuple[_Change, ...] = ()


class _File(Strict):
    version: tuple[_Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One rule that comes to something else since a version. The rules have no evidence here."""

    number: int
    date: date
    platform: str
    rule: str
    was: Rule[Any]
    now: Rule[Any]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    number: int
    date: date
    digest: str
    note: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changes: tuple[Change, ...]


@cache
def versions() -> tuple[Version, ...]:
    """All versions of the rules, the first one first; read once a process.

    Raises VersionError for a bad file.
    """
    return read(FILE)


def current_version() -> Version:
    return versions()[-1]


def changes_since(number: int, slug: str) -> tuple[Change, ...]:
    """What was corrected of one platform after a version, the earliest first."""
    return tuple(
        change
        for version in versions()
        if version.number > number
        for change in version.changes
        if change.platform == slug
    )


def digest(platforms: Mapping[str, Platform]) -> str:
    """What every rule of every platform comes to, in a few digits; their prose is left out."""
    settled = {
        slug: {key: [rule.value, rule.assume, rule.otherwise] for key, rule in each.rules.items()}
        for slug, each in platforms.items()
    }
    return sha256(json.dumps(settled, sort_keys=True).encode()).hexdigest()[:DIGITS]


def read(path: Path) -> tuple[Version, ...]:
    """The versions in a file.

    Raises VersionError, with the key and what is allowed, for anything else than a complete list.
    """
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
        listed = _File.model_validate(fields).version
    except tomllib.TOMLDecodeError as error:
        raise VersionError(f"{path.name}: this is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise VersionError(f"{path.name}: {key}: {first['msg']}") from error
    numbers = [version.number for version in listed]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        raise VersionError(f"{path.name}: version.number: they go 1, 2, 3, …; these are {numbers}")
    for before, after in pairwise(listed):
        if after.date < before.date:
            raise VersionError(f"{path.name}: version {after.number} is older than the one before")
        if not (after.changes or after.added or after.removed):
            raise VersionError(
                f"{path.name}: version {after.number} changes nothing; it names what it "
                "changes, adds or removes"
            )
    return tuple(_version(path.name, version) for version in listed)


def _version(name: str, version: _Version) -> Version:
    return Version(
        number=version.number,
        date=version.date,
        digest=version.digest,
        note=version.note,
        added=version.added,
        removed=version.removed,
        changes=tuple(
            Change(
                number=version.number,
                date=version.date,
                platform=change.platform,
                rule=change.rule,
                was=_rule(f"{name}: version {version.number}: was", change.rule, change.was),
                now=_rule(f"{name}: version {version.number}: now", change.rule, change.now),
                why=change.why,
            )
            for change in version.changes
        ),
    )


def _rule(where: str, key: str, given: Mapping[str, Any]) -> Rule[Any]:
    """What a rule came to, checked as in a platform's file but for the evidence."""
    kinds = _kinds()
    if key not in kinds:
        raise VersionError(f"{where}: there is no rule “{key}”")
    rule, allowed = kinds[key]
    if set(given) - {"assume", "otherwise"} != {"value"}:
        raise VersionError(f"{where}: “{key}” has a value and, if unknown, assume and otherwise")
    adapter: TypeAdapter[Any] = TypeAdapter(allowed | Literal["unknown"])
    try:
        held = {name: adapter.validate_python(value) for name, value in given.items()}
    except ValidationError as error:
        raise VersionError(f"{where}: “{key}” cannot be {dict(given)}") from error
    if (held["value"] == "unknown") != ("assume" in held):
        raise VersionError(f"{where}: “{key}” names what it assumes where it is unknown, only")
    return rule.model_construct(**held)


@cache
def _kinds() -> dict[str, tuple[type[Rule[Any]], Any]]:
    """The type of each rule by its key, and that of its value."""
    parts: dict[str, Any] = {part: Platform.model_fields[part].annotation for part in PARTS}
    return {
        f"{part}.{name}": (
            field.annotation,
            field.annotation.__pydantic_generic_metadata__["args"][0],
        )
        for part, model in parts.items()
        for name, field in model.model_fields.items()
    }
