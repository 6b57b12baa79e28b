"""A column that keeps the words of other columns folded, because SQLite's LIKE knows only ASCII letters."""

from django.db import models

from backend.core.i18n import LANGUAGES
from catalogue.rules import folded

SEARCHED = ("title", "summary", "description", "results", "effects", "scaling")


class SearchText(models.TextField):  # type: ignore[type-arg]  # Django's fields cannot be subscripted at run time
    """The texts of a version in all languages, folded; filled in by every insert and save."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001 - Django's signature
        """Fold what the row says now."""
        words = [getattr(model_instance, f"{name}_{language}") for name in SEARCHED for language in LANGUAGES]
        words.append(getattr(model_instance, "partners", ""))
        value = folded(" ".join(word for word in words if word))
        setattr(model_instance, self.attname, value)
        return value
