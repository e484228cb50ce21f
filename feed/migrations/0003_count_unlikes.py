from django.db import migrations, models
from django.db.models.functions import Coalesce


def count_unlikes(apps, schema_editor):
    """The log knows of unlikes from before they were counted."""
    Event, Photo = apps.get_model('feed', 'Event'), apps.get_model('feed', 'Photo')
    unlikes = Event.objects.filter(photo=models.OuterRef('pk'), action='unlike').order_by()
    number = unlikes.values('photo').annotate(number=models.Count('pk')).values('number')
    Photo.objects.update(unlike_count=Coalesce(models.Subquery(number), 0))



class Migration(migrations.Migration):

    dependencies = [
        ('feed', '0002_comments_shares_blocks_views'),
    ]

    operations = [
        migrations.RunPython(count_unlikes, migrations.RunPython.noop),
    ]
