"""The rules as data: everything that the platforms' files say, as JSON, as CSV and as a schema."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal
from urllib.parse import urljoin

from pydantic import BaseModel, ConfigDict, Field

from feed.disclosure.platforms import Period, Platform, Source, Words
from feed.disclosure.versions import Version
from feed.rules import TITLES, answer

SCHEMA = "/platforms.schema.json"
EXAMPLE = "inbox.withdrawn"
Value = bool | int | float | str


class Published(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Licence(Published):
    """Under what terms the data may be used."""

    name: str
    url: str
    note: str


LICENCE = Licence(
    name="CC BY 4.0",
    url="https://creativecommons.org/licenses/by/4.0/",
    note=(
        "You may share and change the data for any purpose if you name “Can they tell?” and say "
        "what you changed. The pages that the sources lead to belong to their owners."
    ),
)


class PublishedRule(Published):
    """One rule. ``value`` is what it comes to; ``assumed`` says that nobody documents it, and
    ``otherwise`` is then the other case."""

    key: str
    title: str
    answer: str = Field(description="The value in words.")
    value: Value
    assumed: bool
    otherwise: Value | None
    says: str
    confidence: Literal["high", "medium", "low"] | None
    sources: tuple[str, ...] = Field(description="Keys of the platform’s sources.")


class PublishedPlatform(Published):
    slug: str
    name: str
    label: str = Field(description="What it is called beside others, such as other periods.")
    page: str
    note: str
    open_source: bool
    today: bool = Field(description="Whether it is a platform of today, and counted as one.")
    as_told: bool = Field(description="Whether it is as the article tells it, and only told so.")
    accent: str
    checked: datetime.date = Field(description="When its evidence was last gone through.")
    period: Period = Field(description="From when until when the rules held.")
    words: Words = Field(description="What the platform calls things on its own screens.")
    sources: dict[str, Source]
    rules: tuple[PublishedRule, ...]


class Platforms(Published):
    """What the poster of a photo is told of a like that was taken back, platform by platform."""

    schema_: str = Field(alias="$schema")
    version: int = Field(description="The version of the rules.")
    date: datetime.date = Field(description="The date of that version.")
    licence: Licence
    platforms: tuple[PublishedPlatform, ...]


def as_json(platforms: Mapping[str, Platform], version: Version, origin: str) -> str:
    """Everything, in the form of the schema. ``origin`` is where the site is, without a path."""
    published = Platforms(
        schema_=urljoin(origin, SCHEMA),
        version=version.number,
        date=version.date,
        licence=LICENCE,
        platforms=tuple(_platform(platform, origin) for platform in platforms.values()),
    )
    return published.model_dump_json(by_alias=True, indent=1) + "\n"


def _platform(platform: Platform, origin: str) -> PublishedPlatform:
    return PublishedPlatform(
        slug=platform.slug,
        name=platform.name,
        label=platform.label,
        page=urljoin(origin, f"/platforms/{platform.slug}/"),
        note=platform.note,
        open_source=platform.open_source,
        today=platform.today,
        as_told=platform.as_told,
        accent=platform.accent,
        checked=platform.checked,
        period=platform.period,
        words=platform.words,
        sources={
            key: source.model_copy(update={"url": urljoin(origin, source.url)})
            for key, source in platform.sources.items()
        },
        rules=tuple(
            PublishedRule(
                key=key,
                title=TITLES[key],
                answer=answer(key, rule),
                value=rule.holds,
                assumed=rule.assumed,
                otherwise=rule.flipped().holds if rule.assumed else None,
                says=rule.says,
                confidence=rule.confidence,
                sources=rule.sources,
            )
            for key, rule in platform.rules.items()
        ),
    )


def example(platforms: Mapping[str, Platform], version: Version, origin: str) -> str:
    """The beginning of the data: its first platform with one source and one rule."""
    first = next(iter(platforms.values()))
    whole = json.loads(as_json({first.slug: first}, version, origin))
    shown = whole["platforms"][0]
    shown["rules"] = [rule for rule in shown["rules"] if rule["key"] == EXAMPLE]
    wanted = shown["rules"][0]["sources"]
    shown["sources"] = {key: source for key, source in shown["sources"].items() if key in wanted}
    return json.dumps(whole, indent=2, ensure_ascii=False)


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of what ``as_json`` gives."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Platforms.model_json_schema(mode="serialization"),
    }


COLUMNS = {
    "platform": "The platform’s slug, as in the address of its page.",
    "today": "false for an earlier period and for a platform as the article tells it.",
    "key": "The rule, such as inbox.withdrawn.",
    "answer": "What it comes to, in words.",
    "value": "The same as a value: true, false, a number or a word.",
    "assumed": "true where nobody documents it and the answer is an assumption.",
    "says": "The rule in one sentence.",
    "confidence": "high, medium or low; empty where it is assumed.",
    "sources": "The addresses of the evidence, one a line.",
}


def rows(platforms: Mapping[str, Platform], origin: str) -> list[dict[str, str]]:
    """One row a rule, by column."""
    return [
        {
            "platform": platform.slug,
            "today": str(platform.today).lower(),
            "key": key,
            "answer": answer(key, rule),
            "value": str(rule.holds).lower() if isinstance(rule.holds, bool) else str(rule.holds),
            "assumed": str(rule.assumed).lower(),
            "says": rule.says,
            "confidence": rule.confidence or "",
            "sources": "\n".join(urljoin(origin, s.url) for s in platform.evidence(key)),
        }
        for platform in platforms.values()
        for key, rule in platform.rules.items()
    ]


def as_csv(platforms: Mapping[str, Platform], origin: str) -> str:
    """One row a rule under a row of names, with the mark by which spreadsheets know UTF-8."""
    written = io.StringIO()
    writer = csv.DictWriter(written, COLUMNS)
    writer.writeheader()
    for row in rows(platforms, origin):
        writer.writerow({name: defused(cell) for name, cell in row.items()})
    return f"\ufeff{written.getvalue()}"


def defused(cell: str) -> str:
    """The cell so that no spreadsheet runs it as a formula; numbers stay as they are."""
    if not cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell
