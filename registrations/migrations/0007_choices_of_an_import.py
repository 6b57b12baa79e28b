"""What the organiser decided for a whole list of people."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0006_joined_people")]

    operations = [
        migrations.AddField(
            model_name="attendeeimport", name="choices", field=models.JSONField(default=dict)
        ),
    ]
