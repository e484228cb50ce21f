"""Posted pictures, as they are kept."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from feed.pictures import StorageError


@require_safe
def picture(request: HttpRequest, room: str, name: str) -> FileResponse | HttpResponse:
    """One size of one picture. Its name is drawn by chance and never used again."""
    try:
        file = default_storage.open(f"{room}/{name}.webp")
    except StorageError:
        return HttpResponse(status=503, headers={"Cache-Control": "no-store", "Retry-After": "10"})
    except OSError as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/webp")
    response["Cache-Control"] = "private, max-age=86400, immutable"  # it goes with its room
    response["Content-Encoding"] = "identity"  # it is as small as it gets
    return response
