"""The feed in Django's admin."""

from django.contrib import admin

from feed.admin import lists, seeding
from feed.admin.common import Admin, ReadOnlyAdmin

admin.site.index_template = "admin/feed/index.html"

__all__ = ["Admin", "ReadOnlyAdmin", "lists", "seeding"]
