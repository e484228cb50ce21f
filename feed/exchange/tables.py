"""What the four tables share: their columns, how a file is tried out, and what is reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import transaction
from import_export.resources import ModelResource  # type: ignore[import-untyped]
from import_export.results import Result, RowResult  # type: ignore[import-untyped]

from feed.exchange import cells
from feed.models import Photo, Room

HEADER = 1
"""The row of the columns' names, as spreadsheets number rows."""

SHOWN = 100
"""As many changes as a report names; it counts all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """``row`` is as spreadsheets number it."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A new row, without ``column``; or a cell that becomes another."""

    row: int
    what: str
    column: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a file changes, or would. With any refusal it changes nothing."""

    new: int
    changed: int
    unchanged: int
    refusals: tuple[Refusal, ...]
    changes: tuple[Change, ...]


def export(room: Room, table: str) -> Iterator[bytes]:
    """A room's people, photos, follows or events, as the lines of a CSV file."""
    resource = _tables()[table](room=room, now=None)
    columns = resource.columns()
    rows = resource.get_queryset()
    fields = [resource.fields[name] for name in columns]
    return cells.write(
        columns,
        (
            [resource.export_field(column, row) for column in fields]
            for row in rows.iterator(chunk_size=2000)
        ),
    )


def take(room: Room, table: str, content: bytes, *, now: datetime, dry_run: bool) -> Report:
    """Takes a file into a room, or with ``dry_run`` only says what it would do there.

    Raises FileError where no row can be read. Holds the room and its photos meanwhile, so that
    nobody presses anything in between.
    """
    resource = _tables()[table](room=room, now=now)
    dataset = cells.read(content, resource.columns())
    with transaction.atomic():
        Room.objects.select_for_update().get(pk=room.pk)
        list(Photo.objects.select_for_update(no_key=True).filter(room=room).values_list("pk"))
        result = resource.import_data(
            dataset,
            dry_run=dry_run,
            use_transactions=True,
            rollback_on_validation_errors=True,
        )
    for error in result.base_errors:
        raise error.error
    totals = result.totals
    return Report(
        new=totals[RowResult.IMPORT_TYPE_NEW],
        changed=totals[RowResult.IMPORT_TYPE_UPDATE],
        unchanged=totals[RowResult.IMPORT_TYPE_SKIP],
        refusals=tuple(_refusals(result, resource.columns())),
        changes=tuple(resource.changes[:SHOWN]),
    )


def _refusals(result: Any, columns: Sequence[str]) -> Iterator[Refusal]:
    """In the order of rows and columns. Raises what no row is to blame for."""
    for row in result.error_rows:
        raise row.errors[0].error
    for row in result.invalid_rows:
        found = row.error.message_dict
        for column in sorted(found, key=columns.index):
            for reason in found[column]:
                yield Refusal(row=row.number + HEADER, column=column, reason=reason)


def _tables() -> Mapping[str, type[Table]]:
    from feed.exchange.log import Events
    from feed.exchange.things import Follows, People, Photos

    return {"people": People, "photos": Photos, "follows": Follows, "events": Events}


@dataclass(slots=True)
class Problems:
    """Why one row is refused, column by column."""

    found: dict[str, str] = field(default_factory=dict)

    def add(self, column: str, reason: str | None) -> None:
        if reason:
            self.found.setdefault(column, reason)


class Tally(Result):  # type: ignore[misc]
    """Counts rows and keeps those that are refused; the others would fill the memory."""

    def append_row_result(self, row_result: RowResult) -> None:
        pass


class Table(ModelResource):  # type: ignore[misc]
    """One table of a room. A row that says what is so already is skipped."""

    fixed: ClassVar[tuple[str, ...]] = ()
    """Columns of a row that is there already and that no file changes."""

    def __init__(self, *, room: Room, now: datetime | None) -> None:
        super().__init__()
        self.room = room
        self.now = now
        self.changes: list[Change] = []
        self.seen: dict[Any, int] = {}
        self.row = HEADER
        self.before: dict[str, str] | None = None

    @classmethod
    def get_result_class(cls) -> type[Tally]:
        return Tally

    def columns(self) -> list[str]:
        return list(self._meta.fields)

    def key(self, row: Mapping[str, str]) -> Any:
        """What tells two rows of the file apart."""
        raise NotImplementedError

    def name(self, row: Mapping[str, str]) -> str:
        """What the row is about, for people."""
        raise NotImplementedError

    def check(self, instance: Any, row: Mapping[str, str], problems: Problems) -> None:
        """Adds what speaks against the row."""

    def before_import_row(self, row: Mapping[str, str], **kwargs: Any) -> None:
        self.row = kwargs["row_number"] + HEADER

    def after_init_instance(self, instance: Any, new: bool, row: Any, **_: Any) -> None:
        instance.room = self.room
        self.before = None if new else self._written(instance)

    def import_instance(self, instance: Any, row: Mapping[str, str], **kwargs: Any) -> None:
        problems = Problems()
        if (first := self.seen.setdefault(self.key(row), self.row)) != self.row:
            raise ValidationError({self.columns()[0]: f"This is there already, in row {first}."})
        for name in self.columns():
            try:
                self.import_field(self.fields[name], instance, row, **kwargs)
            except ValueError as error:
                problems.add(name, str(error))
        try:
            references = [f.name for f in instance._meta.fields if f.is_relation]
            instance.clean_fields(exclude={*references, *problems.found, "latest_at"})
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                problems.add(name, messages[0])
        self.check(instance, row, problems)
        if self.before is not None:
            for name in self.fixed:
                if (
                    name not in problems.found
                    and self._written(instance)[name] != self.before[name]
                ):
                    problems.add(name, f"It is “{self.before[name]}”, and no file changes that.")
        if problems.found:
            raise ValidationError(dict(problems.found))

    def skip_row(
        self, instance: Any, original: Any, row: Mapping[str, str], errors: Any = None
    ) -> bool:
        if errors:
            return False
        if self.before is None:
            self.changes.append(Change(row=self.row, what=self.name(row)))
            return False
        now = self._written(instance)
        differing = [name for name in self.columns() if now[name] != self.before[name]]
        self.changes += (
            Change(
                row=self.row, what=self.name(row), column=name, old=self.before[name], new=now[name]
            )
            for name in differing
        )
        return not differing

    def _written(self, instance: Any) -> dict[str, str]:
        return {name: self.export_field(self.fields[name], instance) for name in self.columns()}
