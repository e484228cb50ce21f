from django.contrib import admin
from django.urls import include, path

from feed.views import media

urlpatterns = [
    path("", include("explainer.urls")),
    path("feed/", include("feed.urls")),
    path("media/<slug:room>/<slug:name>.webp", media.picture, name="picture"),
    path("admin/", admin.site.urls),
]
