from django.urls import path, register_converter

from feed.views import (
    insights,
    lenses,
    notifications,
    order,
    pages,
    people,
    posting,
    presses,
    rooms,
    tracker,
)


class Handle:
    """Anything but a slash, and what no database takes."""

    regex = r"[^/\x00]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Handle, "handle")

app_name = "feed"

urlpatterns = [
    path("", pages.timeline, name="timeline"),
    path("explore/", pages.explore, name="explore"),
    path("search/", pages.search, name="search"),
    path("order/", order.order, name="order"),
    # One person, and what you do to them
    path("people/<handle:handle>/", pages.person, name="person"),
    path("people/<handle:handle>/likes/", pages.person_likes, name="person_likes"),
    path("people/<handle:handle>/followers/", pages.followers, name="followers"),
    path("people/<handle:handle>/following/", pages.following, name="following"),
    path("people/<handle:handle>/follow/", people.follow, name="follow"),
    path("people/<handle:handle>/unfollow/", people.unfollow, name="unfollow"),
    path("people/<handle:handle>/block/", people.block, name="block"),
    path("people/<handle:handle>/unblock/", people.unblock, name="unblock"),
    path("leave/", people.leave, name="leave"),
    path("insights/", insights.insights, name="insights"),
    # What reached you
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/badge/", notifications.badge, name="badge"),
    path("notifications/read/", notifications.read, name="read"),
    # One photo, and what you do to it
    path("photo/<int:number>/", pages.photo, name="photo"),
    path("photo/<int:number>/like/", presses.like, name="like"),
    path("photo/<int:number>/unlike/", presses.unlike, name="unlike"),
    path("photo/<int:number>/share/", presses.share, name="share"),
    path("photo/<int:number>/unshare/", presses.unshare, name="unshare"),
    path("photo/<int:number>/comment/", presses.comment, name="comment"),
    path("photo/<int:number>/uncomment/", presses.uncomment, name="uncomment"),
    path("photo/<int:number>/view/", presses.view, name="view"),
    path("photo/<int:number>/look/", presses.look, name="look"),
    path("photo/<int:number>/log/", pages.log, name="log"),
    path("photo/<int:number>/edit/", posting.edit, name="edit"),
    path("photo/<int:number>/remove/", posting.remove, name="remove"),
    path("post/", posting.post, name="post"),
    path("photo/<int:number>/insights/", insights.photo_insights, name="photo_insights"),
    path("tracker/", tracker.tracker, name="tracker"),
    # How you look at all of it
    path("rooms/<slug:key>/", rooms.room, name="room"),
    path("eyes/", lenses.eyes, name="eyes"),
    path("mode/", lenses.mode, name="mode"),
]
