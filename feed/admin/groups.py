"""Two groups beside the superusers: those who keep order, and those who fill rooms."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.signals import post_migrate
from django.dispatch import receiver

IMPORT = "import_room"
"""Who has this permission may take CSV files into rooms."""

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "moderator": {
        "feed": ("view_comment", "delete_comment"),
        "explainer": ("view_comment", "change_comment", "delete_comment"),
    },
    "seeder": {
        "feed": (
            IMPORT,
            "give_account",
            "add_seeding",
            "view_seeding",
            "delete_seeding",
            "view_room",
            "view_person",
            "view_follow",
            "view_photo",
            "view_event",
        )
    },
}


@receiver(post_migrate, dispatch_uid="feed.admin.groups")
def make_groups(sender: Any, **_: Any) -> None:
    """After the last app of ours: the permissions are there by then.

    What an admin gives a group besides stays.
    """
    if sender.label != "auth":
        return
    room = ContentType.objects.get_by_natural_key("feed", "room")
    Permission.objects.get_or_create(
        codename=IMPORT, content_type=room, defaults={"name": "Can import CSV files into rooms"}
    )
    for name, apps in GROUPS.items():
        group, _made = Group.objects.get_or_create(name=name)
        wanted = Q(pk=None)
        for app, codenames in apps.items():
            wanted |= Q(content_type__app_label=app, codename__in=codenames)
        group.permissions.add(*Permission.objects.filter(wanted))
