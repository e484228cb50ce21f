from django.contrib import admin
from django.urls import include, path

from feed.views import accounts, media

urlpatterns = [
    path("", include("explainer.urls")),
    path("feed/", include("feed.urls")),
    path("media/<slug:room>/<slug:name>.webp", media.picture, name="picture"),
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("password/", accounts.password, name="password"),
    path("admin/", admin.site.urls),
]
