"""The feed in Django's admin."""

from feed.admin import lists, seeding
from feed.admin.common import Admin, ReadOnlyAdmin

__all__ = ["Admin", "ReadOnlyAdmin", "lists", "seeding"]
