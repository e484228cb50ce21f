"""CSV as spreadsheets read and write it, without what they would run.

A cell that a spreadsheet would take for a formula goes out with an apostrophe before it, and comes
in without; so does one that has apostrophes before the same, or what came in could not be told
from what went out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

import tablib  # type: ignore[import-untyped]

MOST_BYTES = 10 * 2**20
"""As large as a file may be: some 160,000 events, which are taken in before a proxy loses patience.
"""
TOO_LARGE = f"The file has more than {MOST_BYTES // 2**20} MB. Split it."

_RUN = "=+\\-@\t\r\n＝＋－＠"
_WOULD_RUN = re.compile(f"'*[{_RUN}]")
_DEFUSED = re.compile(f"'+[{_RUN}]")


class FileError(ValueError):
    """A file of which no row can be read; the message says why, for people."""


def defused(cell: str) -> str:
    return f"'{cell}" if _WOULD_RUN.match(cell) else cell


def fused(cell: str) -> str:
    return cell[1:] if _DEFUSED.match(cell) else cell


def write(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The lines of a file; its first three bytes tell spreadsheets that it is UTF-8."""
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    yield b"\xef\xbb\xbf"
    for row in (columns, *rows):
        writer.writerow([defused(cell) for cell in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def read(content: bytes, columns: Sequence[str]) -> tablib.Dataset:
    """The rows of a file that has exactly these columns, in whatever order. Raises FileError.

    Where spreadsheets write decimal commas, they part columns by semicolons: both are read.
    """
    if len(content) > MOST_BYTES:
        raise FileError(TOO_LARGE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"The file is not UTF-8: line {line} has a byte that UTF-8 does not. "
            "Save it as “CSV UTF-8”."
        ) from error
    if "\0" in text:
        raise FileError("The file holds bytes that are no text. Save it as “CSV UTF-8”.")
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    delimiter = "," if "," in first else next((mark for mark in ";\t" if mark in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        rows = [row for row in reader]  # noqa: C416 (an error must come from here)
    except csv.Error as error:
        raise FileError(f"Line {reader.line_num} breaks the rules of CSV: {error}.") from error
    if not rows:
        raise FileError(f"The file is empty. Its first row has the columns: {', '.join(columns)}.")
    head, *rows = rows
    _refuse_head(head, columns)
    for number, row in enumerate(rows, start=2):
        if len(row) != len(head):
            raise FileError(
                f"Row {number} has {len(row)} cells, and the first has {len(head)}. "
                "What parts cells may stand in one only between double quotes."
            )
    return tablib.Dataset(*([fused(cell) for cell in row] for row in rows), headers=head)


def _refuse_head(head: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in head]
    unknown = [column for column in head if column not in columns]
    twice = sorted({column for column in head if head.count(column) > 1})
    told = (("is missing", missing), ("is unknown", unknown), ("is there twice", twice))
    problems = [f"the column “{column[:40]}” {what}" for what, found in told for column in found]
    if problems:
        raise FileError(
            f"In the first row {'; '.join(problems[:5])}. The columns are: {', '.join(columns)}."
        )
