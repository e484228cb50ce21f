"""What all lists of the admin share."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class Admin(admin.ModelAdmin):  # type: ignore[type-arg] # it takes none when it runs
    show_full_result_count = False


class ReadOnlyAdmin(Admin):
    """For what only ``feed.actions`` writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
