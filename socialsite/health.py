"""Two questions that machines ask: is the site alive, and can it do its work?

They are answered before anything else is looked at. So whoever balances the load may name any host
and need not speak HTTPS; neither answer depends on what was sent.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from socialsite.version import version


def health(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that answers the two and passes on all else."""
    views = {"/healthz": healthz, "/readyz": readyz}

    def middleware(request: HttpRequest) -> HttpResponse:
        return views.get(request.path_info, get_response)(request)

    return middleware


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive, whatever the database does: to start it anew would not mend that."""
    return JsonResponse({"alive": True, "version": version()})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether visitors may be sent here. Names what is missing, but neither where nor why."""
    missing = what_is_missing()
    return JsonResponse(
        {"ready": not missing, "missing": missing, "version": version()},
        status=503 if missing else 200,
    )


def what_is_missing() -> list[str]:
    """Nothing, or ``database`` when it is out of reach, or ``migrations`` when it is behind."""
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except InconsistentMigrationHistory:
        return ["migrations"]
    except DatabaseError:
        return ["database"]
    return ["migrations"] if behind else []
