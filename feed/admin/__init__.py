"""The feed in Django's admin."""

from feed.admin import lists
from feed.admin.common import Admin, ReadOnlyAdmin

__all__ = ["Admin", "ReadOnlyAdmin", "lists"]
