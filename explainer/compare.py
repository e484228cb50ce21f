"""All platforms by what people ask of them: a table that is sorted and filtered by its address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.text import slugify

from feed.disclosure.platforms import Audience, Platform
from feed.rules import answer

from .addresses import AddressError, once
from .asked import QUESTIONS, Question

PATH = "/compare/"
UNDOCUMENTED = "undocumented"
"""The answer, in an address, of the platforms for which nobody documents one."""
EXPOSED, NAME = "exposed", "name"
NOT_TODAY = "Not of today, and not counted"


class Ink(StrEnum):
    TOLD = "told"
    WITHHELD = "withheld"
    ASSUMED = "assumed"
    PLAIN = "plain"  # it tells nobody anything, whatever the answer is


BY_SLUG = {question.slug: question for question in QUESTIONS}
SORTS = (EXPOSED, NAME, *BY_SLUG)
TELLING = sum(question.tells for question in QUESTIONS)


class Only(StrEnum):
    ALL = "all"
    OPEN = "open"
    COMPANIES = "companies"


ONLY = {
    Only.ALL: "All platforms",
    Only.OPEN: "Open source",
    Only.COMPANIES: "Companies",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One platform's answer. ``shows`` is what the rule comes to, were it assumed or not."""

    question: Question
    answer: str
    ink: Ink
    shows: bool
    more: str
    more_assumed: bool
    address: str

    @property
    def assumed(self) -> bool:
        return self.ink is Ink.ASSUMED

    @property
    def value(self) -> str:
        """The answer as an address has it."""
        return slugify(self.answer)

    def fits(self, value: str) -> bool:
        if self.assumed:
            return value == UNDOCUMENTED
        return self.value == value


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    platform: Platform
    address: str
    cells: tuple[Cell, ...]

    @property
    def shown(self) -> int:
        """How many of the questions that can tell something do."""
        return sum(cell.shows for cell in self.cells)

    @property
    def assumed(self) -> int:
        """How many of those rest on an assumption."""
        return sum(cell.shows and cell.assumed for cell in self.cells)

    def cell(self, slug: str) -> Cell:
        return next(cell for cell in self.cells if cell.question.slug == slug)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An answer to filter by, and how many platforms give it: of today, and apart from those."""

    label: str
    number: int
    apart: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    slug: str
    short: str
    asks: str
    sort: str  # the address that sorts by it, or the other way round
    sorted: str  # as aria-sort has it; "" where it is not sorted by
    main: bool = False
    options: tuple[Option, ...] = ()

    @property
    def chosen(self) -> Option | None:
        return next((option for option in self.options if option.chosen), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of the table: its fields are the parts of its address.

    ``sort`` is a column, after a hyphen for the other way round; ``answers`` are the questions
    that are filtered by, each with its answer.
    """

    sort: str = EXPOSED
    only: Only = Only.ALL
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def column(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def turned(self) -> bool:
        return self.sort.startswith("-")

    @property
    def filtered(self) -> bool:
        return bool(self.answers) or self.only is not Only.ALL

    def query(self) -> list[tuple[str, str]]:
        parts = [("sort", self.sort)] * (self.sort != EXPOSED)
        parts += [("only", str(self.only))] * (self.only is not Only.ALL)
        return [*parts, *self.answers]

    def address(self, **changes: Any) -> str:
        query = urlencode(replace(self, **changes).query())
        return f"{PATH}?{query}" if query else PATH

    def answering(self, slug: str, value: str) -> str:
        """The address with one question's filter set, or lifted where it is set so already."""
        others = [(name, kept) for name, kept in self.answers if name != slug]
        chosen = () if (slug, value) in self.answers else ((slug, value),)
        return self.address(answers=tuple(sorted((*others, *chosen))))

    def sorting(self, column: str) -> str:
        return self.address(sort=f"-{column}" if self.sort == column else column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``rows`` are the platforms of today, ``of`` how many; ``apart`` are none of today."""

    wanted: Wanted
    first: Column
    exposed: Column
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    apart: tuple[Row, ...]
    of: int

    @property
    def telling(self) -> int:
        return TELLING

    @property
    def parts(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """The rows by what is written above them."""
        return tuple(part for part in (("", self.rows), (NOT_TODAY, self.apart)) if part[1])

    @property
    def filters(self) -> tuple[tuple[str, Option], ...]:
        """The filters in force, each with the address that lifts it."""
        return tuple((c.asks, c.chosen) for c in self.columns if c.chosen)

    @property
    def sorted_by(self) -> Column:
        columns = (self.first, self.exposed, *self.columns)
        return next(column for column in columns if column.sorted)

    @property
    def sorts(self) -> tuple[tuple[str, str], ...]:
        return tuple((c.slug, c.asks) for c in (self.exposed, self.first, *self.columns))

    @property
    def clear(self) -> str:
        return self.wanted.address(only=Only.ALL, answers=())

    @property
    def scopes(self) -> tuple[tuple[Only, str], ...]:
        return tuple(ONLY.items())


def parse(query: QueryDict, platforms: Mapping[str, Platform]) -> Wanted:
    """What an address asks of the table. Parts that the table has not are passed over.

    Raises AddressError for a part that cannot be read.
    """
    sort = once(query, "sort", EXPOSED)
    if sort.removeprefix("-") not in SORTS:
        raise AddressError(
            f"“sort” is one of {', '.join(SORTS)}, each also the other way round, after a hyphen."
        )
    only = once(query, "only", Only.ALL)
    if only not in [*Only]:
        raise AddressError(f"“only” is one of {', '.join(Only)}.")
    answers = []
    for slug in sorted(BY_SLUG):
        value = once(query, slug, "")
        if not value:
            continue
        allowed = {cell.value for row in rows(platforms) for cell in [row.cell(slug)]}
        if value not in (allowed := {*allowed, UNDOCUMENTED}):
            raise AddressError(f"“{slug}” is one of {', '.join(sorted(allowed))}.")
        answers.append((slug, value))
    return Wanted(sort=sort, only=Only(only), answers=tuple(answers))


def rows(platforms: Mapping[str, Platform]) -> tuple[Row, ...]:
    """What every platform answers, in the order of the switch."""
    return tuple(_row(platform) for platform in platforms.values())


def page_of(platform: Platform) -> str:
    return f"/platforms/{platform.slug}/"


def _row(platform: Platform) -> Row:
    address = page_of(platform)
    return Row(
        platform=platform,
        address=address,
        cells=tuple(_cell(platform, question, address) for question in QUESTIONS),
    )


def _cell(platform: Platform, question: Question, address: str) -> Cell:
    rules = platform.rules
    moot = bool(question.needs) and not rules[question.needs].holds
    key = question.needs if moot else question.rule
    rule = rules[key]
    hidden = moot or rule.holds in question.hides
    shows = question.tells and not hidden
    told = Ink.WITHHELD if hidden else Ink.TOLD if shows else Ink.PLAIN
    more = rules[question.more] if question.more and (shows or question.lead) else None
    said = "Only you" if rule.holds is Audience.LIKER else answer(key, rule)
    said = question.words.get(rule.holds, said) if isinstance(rule.holds, bool) else said
    return Cell(
        question=question,
        answer=question.without if moot else said,
        ink=Ink.ASSUMED if rule.assumed else told,
        shows=shows,
        more=question.lead + answer(question.more, more).lower() if more else "",
        more_assumed=more is not None and more.assumed,
        address=f"{address}#{key.replace('.', '-')}",
    )


def table(wanted: Wanted, platforms: Mapping[str, Platform]) -> Table:
    """The table as its address wants it."""
    everything = rows(platforms)
    kept = [row for row in everything if _kept(row, wanted)]
    kept.sort(key=_order(wanted.column), reverse=wanted.turned)
    return Table(
        wanted=wanted,
        first=_column(wanted, NAME, "Platform", "Name"),
        exposed=_column(wanted, EXPOSED, "Told in all", "How much is told"),
        columns=tuple(
            replace(
                _column(wanted, question.slug, question.short, question.asks),
                options=_options(wanted, question.slug, everything),
                main=question.main,
            )
            for question in QUESTIONS
        ),
        rows=tuple(row for row in kept if row.platform.today),
        apart=tuple(row for row in kept if not row.platform.today),
        of=sum(row.platform.today for row in everything),
    )


def _kept(row: Row, wanted: Wanted, besides: str = "") -> bool:
    """Whether a row passes all filters, or all but that of one question."""
    scope = {
        Only.ALL: True,
        Only.OPEN: row.platform.open_source,
        Only.COMPANIES: not row.platform.open_source,
    }
    return scope[wanted.only] and all(
        row.cell(slug).fits(value) for slug, value in wanted.answers if slug != besides
    )


def _order(column: str) -> Callable[[Row], tuple[Any, ...]]:
    """What the table is sorted by: the most told first, equals in the order of the switch."""
    if column == NAME:
        return lambda row: (row.platform.label.casefold(),)
    if column == EXPOSED:
        return lambda row: (-row.shown, row.assumed, row.platform.order)
    return lambda row: (
        not row.cell(column).shows,
        row.cell(column).answer,
        row.cell(column).assumed,
        row.platform.order,
    )


def _column(wanted: Wanted, slug: str, short: str, asks: str) -> Column:
    way = "descending" if wanted.turned else "ascending"
    return Column(
        slug=slug,
        short=short,
        asks=asks,
        sort=wanted.sorting(slug),
        sorted=way if wanted.column == slug else "",
    )


def _options(wanted: Wanted, slug: str, everything: Iterable[Row]) -> tuple[Option, ...]:
    """The answers to one question, the most frequent first; numbered under the other filters."""
    all_cells = [row.cell(slug) for row in everything]
    kept = [(row, row.cell(slug)) for row in everything if _kept(row, wanted, besides=slug)]
    labels = {cell.value: cell.answer for cell in all_cells if not cell.assumed}
    if any(cell.assumed for cell in all_cells):
        labels[UNDOCUMENTED] = "Nobody documents it"
    numbers, apart = (
        Counter(
            UNDOCUMENTED if cell.assumed else cell.value
            for row, cell in kept
            if row.platform.today is today
        )
        for today in (True, False)
    )
    chosen = dict(wanted.answers).get(slug)
    return tuple(
        Option(
            label=label,
            number=numbers[value],
            apart=apart[value],
            address=wanted.answering(slug, value),
            chosen=value == chosen,
        )
        for value, label in sorted(
            labels.items(), key=lambda item: (item[0] == UNDOCUMENTED, -numbers[item[0]], item[1])
        )
    )
