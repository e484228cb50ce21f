"""A room's people, photos, follows and log as CSV files: out, and in again.

What comes out is what is taken in, byte for byte. A file is taken in whole or not at all; nothing
that it does not name is changed, and nothing is ever deleted by it but what a leave takes along.
"""

from feed.exchange.cells import MOST_BYTES, TOO_LARGE, FileError
from feed.exchange.tables import Change, Refusal, Report, export, take
from feed.exchange.words import handle_problem

__all__ = [
    "MOST_BYTES",
    "TOO_LARGE",
    "Change",
    "FileError",
    "Refusal",
    "Report",
    "export",
    "handle_problem",
    "take",
]
