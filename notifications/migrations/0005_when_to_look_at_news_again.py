import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_news_circuits_and_preferences")]

    operations = [
        migrations.AddField(
            model_name="providerevent",
            name="due_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.RemoveIndex(model_name="providerevent", name="news_waiting"),
        migrations.AddIndex(
            model_name="providerevent",
            index=models.Index(
                condition=models.Q(("handled_at__isnull", True)), fields=["due_at"], name="news_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="providerevent",
            index=models.Index(fields=["received_at"], name="news_received"),
        ),
    ]
