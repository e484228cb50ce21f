"""The only writers of a room: presses on photos, posting, and what people are to each other.

Each action is one transaction that sets a state and says whether it changed anything.
"""

from feed.actions.common import Done, RefusedError
from feed.actions.people import block, follow, leave, unblock, unfollow
from feed.actions.posting import edit, post, remove
from feed.actions.presses import comment, like, look, share, uncomment, unlike, unshare, view

__all__ = [
    "Done",
    "RefusedError",
    "block",
    "comment",
    "edit",
    "follow",
    "leave",
    "like",
    "look",
    "post",
    "remove",
    "share",
    "unblock",
    "uncomment",
    "unfollow",
    "unlike",
    "unshare",
    "view",
]
