from django.contrib import admin

from feed.admin.common import Admin, ReadOnlyAdmin
from feed.models import Event, Follow, Like, Person, Photo, Room


@admin.register(Room)
class RoomAdmin(Admin):
    list_display = ("name", "key", "original", "touched_at")
    list_select_related = ("original",)
    search_fields = ("name", "key")


@admin.register(Person)
class PersonAdmin(Admin):
    list_display = ("handle", "name", "place", "room", "left_at")
    list_select_related = ("room",)
    search_fields = ("handle", "name")
    readonly_fields = ("left_at",)


@admin.register(Follow)
class FollowAdmin(Admin):
    list_display = ("follower", "followed")
    list_select_related = ("follower", "followed")
    autocomplete_fields = ("follower", "followed")


@admin.register(Photo)
class PhotoAdmin(Admin):
    list_display = ("number", "title", "poster", "posted_at", "like_count", "room")
    list_select_related = ("poster", "room")
    search_fields = ("title", "caption")
    autocomplete_fields = ("poster",)
    readonly_fields = ("like_count", "latest_at")


@admin.register(Like)
class LikeAdmin(ReadOnlyAdmin):
    list_display = ("photo", "person", "since")
    list_select_related = ("photo", "person")


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "person", "action", "photo", "room")
    list_select_related = ("person", "photo", "room")
    list_filter = ("action",)
    date_hierarchy = "at"
