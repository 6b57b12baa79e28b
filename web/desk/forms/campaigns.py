"""A message to many: whom it is for, what it says, when it leaves; and the number typed before it does."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext

from accounts.models import Municipality
from backend.core.dates import day, local
from backend.core.i18n import LANGUAGE_CHOICES, Text, _, current
from events.models import Event, EventSeries
from registrations.actions.campaign_words import Words
from registrations.models import Question, Registration
from registrations.queries.segments import choosable_questions
from registrations.rules.segments import ATTENDANCE, LIST_LIMIT, SURVEY, Segment
from web.desk.forms.base import Asked, DeskForm, Paragraphs, Row, day_field, moment_of, time_field
from web.desk.forms.folding import Fold, folded
from web.desk.words import question_said

_ANSWER = "="  # between the key of a question and that of an option, which have none


def _ticked(label: Any, choices: Sequence[tuple[str, Any]], **more: Any) -> forms.MultipleChoiceField:  # noqa: ANN401 - lazy texts; field options
    gone = {"invalid_choice": _("Something was chosen that is not there any more. Choose anew.")}
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=gone,
        **more,
    )


class CampaignForm(DeskForm):
    """Whom, what and when; a choice left empty chooses everybody."""

    whom = (
        *("events", "states", "attendance", "survey"),
        *("languages", "municipalities", "organisations", "answers"),
    )
    texts: ClassVar = {
        "subject": Asked(_("Subject line"), longest=200, required=True),
        "body": Asked(_("Text"), longest=10_000, area=True, required=True),
    }

    def __init__(self, *args: Any, series: EventSeries, events: Sequence[Event], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self.zone = series.timezone
        places = Municipality.objects.filter(attendee__series=series).distinct()
        fields: Mapping[str, forms.Field] = {
            "events": _ticked(_("Events"), [(one.slug, _titled(one)) for one in events]),
            "states": _ticked(_("State"), Registration.State.choices, initial=["confirmed"]),
            "attendance": _ticked(_("Attendance"), list(ATTENDANCE.items())),
            "survey": forms.ChoiceField(
                label=_("Survey"),
                required=False,
                choices=[("", _("makes no difference")), *SURVEY.items()],
            ),
            "languages": _ticked(_("Language"), LANGUAGE_CHOICES),
            "municipalities": _ticked(
                _("Municipality"), sorted((one.code, one.name_in(current())) for one in places)
            ),
            "organisations": Paragraphs(
                label=_("Organisation"),
                required=False,
                max_length=20_000,
                help_text=gettext("One name on each line, as they were typed when registering."),
            ),
            "answers": _ticked(
                _("Answer to one question"), _answers(series, standing=self.initial.get("question", ""))
            ),
            "day": day_field(
                _("Day on which it leaves"),
                required=False,
                help_text=gettext("Empty: a minute after sending."),
            ),
            "clock": time_field(_("Time"), required=False),
        }
        self.fields.update(fields)

    def rows(self) -> Iterator[Row]:
        """Go through the texts and the moment; whom it is for is folded."""
        return (row for row in super().rows() if not row.field or row.field.name not in self.whom)

    def folds(self) -> Iterator[Fold]:
        """Go through whom it is for; what has nothing to choose from is left out."""
        return folded(self, [name for name in self.whom if len(self[name])])

    def clean(self) -> dict[str, Any]:
        """Refuse answers to several questions, and a time without a day."""
        given = super().clean() or self.cleaned_data
        if len({one.partition(_ANSWER)[0] for one in given.get("answers", [])}) > 1:
            self.add_error("answers", _("Choose answers to one question only."))
        if bool(given.get("day")) != bool(given.get("clock")) and not {"day", "clock"} & set(self.errors):
            self.add_error("day", _("Give both the day and the time, or neither."))
        return given

    def place_of(self, name: str) -> str:
        """Say what is wrong with the moment beside its day, and with a question beside the answers."""
        places = {"send_at": "day", "question": "answers", "options": "answers"}
        return super().place_of(places.get(name, name))

    @property
    def send_at(self) -> datetime | None:
        """Give the moment at which it is to leave, if one was chosen."""
        given = self.cleaned_data
        return moment_of(given["day"], given["clock"], zone=self.zone) if given["day"] else None

    @property
    def segment(self) -> Segment:
        """Give the people chosen."""
        given = self.cleaned_data
        pairs = [one.partition(_ANSWER) for one in given["answers"]]
        names = [line.strip() for line in given["organisations"].splitlines() if line.strip()]
        return Segment(
            events=tuple(given["events"]),
            states=tuple(given["states"]),
            attendance=tuple(given["attendance"]),
            survey=given["survey"],
            languages=tuple(given["languages"]),
            municipalities=tuple(given["municipalities"]),
            organisations=tuple(names[:LIST_LIMIT]),
            question=pairs[0][0] if pairs else "",
            options=tuple(option for _key, _sign, option in pairs),
        )

    @property
    def words(self) -> Words:
        """Give what it says."""
        return Words(subject=self.text("subject"), body=self.text("body"))


def starting_from(segment: Segment, words: Words, *, send_at: datetime | None, zone: str) -> dict[str, Any]:
    """Fill the form with a message as it stands."""
    moment = local(send_at, zone=zone) if send_at else None
    return {
        **segment.kept(),
        **words.subject.columns("subject"),
        **words.body.columns("body"),
        "organisations": "\n".join(segment.organisations),
        "answers": [f"{segment.question}{_ANSWER}{option}" for option in segment.options],
        "day": moment.date() if moment else None,
        "clock": moment.time() if moment else None,
    }


def _titled(event: Event) -> str:
    return f"{day(event.starts_at, language=current(), year=False)} {event.title}"


def _answers(series: EventSeries, *, standing: str) -> list[tuple[str, str]]:
    said = {"yes": gettext("yes"), "no": gettext("no")}
    found = []
    for key, (question, keys) in choosable_questions(series, standing=standing).items():
        labels = said if question.kind == Question.Kind.YES_NO else _labels(question)
        found += [(f"{key}{_ANSWER}{one}", f"{question_said(question)}: {labels[one]}") for one in keys]
    return found


def _labels(question: Question) -> dict[str, Text]:
    return {option.key: option.label for option in question.options.all()}


class NumberForm(DeskForm):
    """The number of people, typed before anything is sent."""

    number = forms.IntegerField(
        label=_("How many people get this? Type the number."),
        min_value=0,
        error_messages={"required": _("Write a number."), "invalid": _("Write a number.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "size": 8}),
    )
