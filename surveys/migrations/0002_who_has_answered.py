"""The registrations learn which of them have answered already."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def note_answered(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Write the moment of each answer onto its registration."""
    registration = apps.get_model("registrations", "Registration")
    answered = apps.get_model("surveys", "Response").objects.values_list(
        "invitation__registration", "submitted_at"
    )
    for pk, moment in answered.iterator():
        registration.objects.filter(pk=pk).update(survey_answered_at=moment)


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_first_tables"), ("registrations", "0009_campaigns")]

    operations = [migrations.RunPython(note_answered, migrations.RunPython.noop)]
