"""The laws of the engine, read off its source: no clock, no chance, no I/O, and infer is blind."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest

import feed.disclosure
from feed.disclosure.history import Person
from feed.disclosure.infer import Finding, infer
from feed.disclosure.looks import Look, Suspects

FOLDER = Path(feed.disclosure.__file__).parent
MODULES = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py")}

PURE = {
    "__future__",
    "bisect",
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "itertools",
    "operator",
    "re",
    "typing",
    "zlib",
}
FILES = {"pathlib", "tomllib", "pydantic", "json", "hashlib"}
AT_THE_BORDER = {"platforms", "refusal", "undocumented", "versions"}

IMPURE_CALLS = {"open", "print", "input", "exec", "eval", "__import__"}
IMPURE_METHODS = {
    "now",
    "utcnow",
    "today",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "glob",
}


def imports(source: str) -> set[str]:
    """What a module imports: top-level names, and its own package's modules with a dot before."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            name = node.module or ""
            dots = "." * node.level
            found.add(dots + name if dots else name.split(".")[0])
    return found


def impurities(source: str) -> set[str]:
    """Calls that read a clock, draw chance, or read or write anything."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in IMPURE_CALLS:
            found.add(called.id)
        elif isinstance(node, ast.Attribute) and node.attr in IMPURE_METHODS:
            found.add(node.attr)
    return found


def names_from(source: str, module: str) -> set[str]:
    """What a module takes from another of its package."""
    return {
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.level and node.module == module
        for alias in node.names
    }


def everything_behind(module: str) -> set[str]:
    """The modules of the package that one module rests on, itself included."""
    found, todo = set(), [module]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += [one[1:] for one in imports(MODULES[name]) if one.startswith(".")]
    return found


class TestTheseTestsSee:
    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("import random", {"random"}),
            ("from random import choice", {"random"}),
            ("import django.db", {"django"}),
            ("def f():\n    from feed.models import Photo", {"feed"}),
            ("from .history import Person", {".history"}),
            ("from ..models import Photo", {"..models"}),
            ("from . import disclose", {"."}),
        ],
    )
    def test_imports(self, source: str, found: set[str]) -> None:
        assert imports(source) == found

    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("at = datetime.now()", {"now"}),
            ("at = date.today", {"today"}),
            ("open('x')", {"open"}),
            ("Path('x').read_text()", {"read_text"}),
            ("print('x')", {"print"}),
            ("at, open = moment, True", set()),
        ],
    )
    def test_impurities(self, source: str, found: set[str]) -> None:
        assert impurities(source) == found

    def test_the_whole_package(self) -> None:
        assert {"disclose", "history", "infer", "least", "looks", "platforms"} <= MODULES.keys()


@pytest.mark.parametrize("module", sorted(MODULES))
class TestEachModule:
    def test_imports_nothing_of_django_the_project_the_clock_or_chance(self, module: str) -> None:
        allowed = PURE | FILES if module in AT_THE_BORDER else PURE
        outside = {name for name in imports(MODULES[module]) if not name.startswith(".")}
        assert outside - allowed == set()

    def test_imports_from_its_own_package_only(self, module: str) -> None:
        inside = {name for name in imports(MODULES[module]) if name.startswith(".")}
        assert inside <= {f".{name}" for name in MODULES}

    def test_reads_no_clock_and_nothing_from_outside(self, module: str) -> None:
        allowed = {
            "platforms": {"read_text", "glob"},
            "undocumented": {"read_text"},
            "versions": {"read_text", "now"},  # what a rule is now, beside what it was
        }
        assert impurities(MODULES[module]) - allowed.get(module, set()) == set()


class TestInferNeverSeesTheHistory:
    def test_rests_on_looks_alone(self) -> None:
        assert everything_behind("infer") == {"infer", "least", "states", "looks", "history"}

    @pytest.mark.parametrize("module", ["infer", "least", "states", "looks"])
    def test_takes_from_the_history_a_name_for_names_alone(self, module: str) -> None:
        assert names_from(MODULES[module], "history") == {"Person"}
        assert Person is str

    def test_is_given_looks_and_suspects(self) -> None:
        assert list(inspect.signature(infer).parameters) == ["looks", "suspects"]
        assert get_type_hints(infer) == {
            "looks": Sequence[Look],
            "suspects": Suspects,
            "return": Finding,
        }

    def test_is_given_nothing_that_carries_a_history_or_a_rule(self) -> None:
        assert [field.name for field in fields(Look)] == [
            "at",
            "count",
            "likers",
            "liked",
            "every_first_like",
            "unliked",
            "unlikes",
            "gone",
        ]
        assert [field.name for field in fields(Suspects)] == ["circle", "open", "strangers_leave"]
        modules = {hint.__module__ for hint in get_type_hints(Look).values()}
        assert modules <= {"builtins", "datetime", "types", "typing", "feed.disclosure.looks"}


def test_the_truth_knows_no_platform() -> None:
    assert everything_behind("history") == {"history"}
