from django.conf import settings
from django.db import models


class Photo(models.Model):
    poster = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    image = models.CharField(max_length=100)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    colour = models.CharField(max_length=7)
    title = models.CharField(max_length=120)
    alt = models.CharField(max_length=200)
    caption = models.CharField(max_length=500)
    posted_at = models.DateTimeField(db_index=True)
    like_count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.title


class Like(models.Model):
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="likes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["photo", "person"], name="once"),)

    def __str__(self) -> str:
        return f"{self.person} likes {self.photo}"
