"""The feed in Django's admin."""

from django.contrib import admin

from feed.admin import lists, rooms, seeding
from feed.admin.common import Admin, ReadOnlyAdmin

admin.site.site_header = "Can they tell?"
admin.site.site_title = "Can they tell? admin"
admin.site.index_title = "Admin"
admin.site.index_template = "admin/feed/index.html"

__all__ = ["Admin", "ReadOnlyAdmin", "lists", "rooms", "seeding"]
