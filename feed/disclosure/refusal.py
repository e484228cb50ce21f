"""Why a file's fields were refused: one line with the key, what is allowed, and what is there."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError


def refusal(
    error: ValidationError,
    fields: Mapping[str, Any],
    model: type[BaseModel],
    forms: Mapping[str, str],
) -> str:
    """The first thing that is wrong. ``forms`` says of each pattern in words what fits it."""
    errors: list[dict[str, Any]] = [dict(e) for e in error.errors()]
    # An unknown key goes first: what is missing beside it is most likely what it misspells.
    first = min(errors, key=lambda e: e["type"] != "extra_forbidden")
    path, found = _place(first, fields)
    key = ".".join(path)
    if first["type"] == "extra_forbidden":
        return f"{key}: there is no such key; there are: {', '.join(_keys(model, path[:-1]))}"
    same = [e for e in errors if [str(part) for part in e["loc"]][: len(path)] == path]
    said = list(dict.fromkeys(_allowed(e, forms) for e in same))
    text = said[0] + "".join(f", or {other.removeprefix('it must be ')}" for other in said[1:])
    if not path:  # what concerns the file as a whole names its key itself
        return text
    if isinstance(found, dict) or found is None:
        return f"{key}: {text}"
    return f"{key}: {text}; it is {json.dumps(found, default=str, ensure_ascii=False)}"


def _keys(model: type[BaseModel], path: Sequence[str]) -> list[str]:
    """The keys of the table at a path."""
    here: Any = model
    for part in path:
        named = get_origin(here) is dict
        here = get_args(here)[1] if named else here.model_fields[part].annotation
    return list(here.model_fields)


def _place(error: Mapping[str, Any], fields: Mapping[str, Any]) -> tuple[list[str], Any]:
    """The path of the key as it stands in the file, and what stands there.

    Behind the alternatives of one key pydantic names their types as well; people look for the key.
    """
    path: list[str] = []
    found: Any = fields
    for part in map(str, error["loc"]):
        if isinstance(found, dict) and (part in found or error["type"] == "missing"):
            path.append(part)
            found = found.get(part)
    return path, found


def _allowed(error: Mapping[str, Any], forms: Mapping[str, str]) -> str:
    context = error.get("ctx", {})
    match error["type"]:
        case "missing":
            return "it is missing"
        case "enum" | "literal_error":
            return f"it must be {context['expected']}"
        case "bool_type":
            return "it must be true or false"
        case "int_type":
            return "it must be a whole number"
        case "float_type":
            return "it must be a number"
        case "string_type":
            return "it must be text in quotes"
        case "string_too_short":
            return "it must not be empty"
        case "tuple_type":
            return 'it must be a list, such as ["article"]'
        case "model_type" | "dict_type":
            return "it must be a table of keys"
        case "greater_than_equal":
            return f"it must be at least {context['ge']:g}"
        case "less_than_equal":
            return f"it must be at most {context['le']:g}"
        case "string_pattern_mismatch":
            return f"it must be {forms.get(context['pattern'], context['pattern'])}"
        case "value_error":
            return str(context["error"])
        case kind if kind.startswith("date"):
            return "it must be a date, such as 2026-01-31"
    return str(error["msg"])
