"""Rules in words: when they go out, to whom, and why somebody does not get them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backend.core.i18n import current
from events.models import Event
from registrations.models import MessageRule, Registration
from registrations.queries.automatic import Plan, Recipient, counts, recipients
from registrations.rules import Verdict

type Word = object

WHY: Mapping[str, Word] = {
    Verdict.DUE: gettext_lazy("gets it now"),
    Verdict.AHEAD: gettext_lazy("gets it"),
    Verdict.SENT: gettext_lazy("already sent"),
    Verdict.LATE: gettext_lazy("too late: the confirmation said it, or the rule leaves the late out"),
    Verdict.BLOCKED: gettext_lazy("the address is blocked"),
    Verdict.NO_PLACE: gettext_lazy("no place"),
    Verdict.LANGUAGE: gettext_lazy("reads another language"),
    Verdict.MODE: gettext_lazy("another way of taking part"),
    Verdict.ATTENDANCE: gettext_lazy("attendance is marked otherwise"),
    Verdict.UNMARKED: gettext_lazy("gets it once attendance is marked so"),
    Verdict.ANSWER: gettext_lazy("gave another answer"),
    Verdict.UNWANTED: gettext_lazy("does not want such messages"),
    Verdict.OVER: gettext_lazy("the time for it is over"),
}
GETS = (Verdict.DUE, Verdict.AHEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """What a rule does at one event."""

    event: Event
    opens: datetime | None  # None: everybody has their own
    waits_until: datetime | None  # for marks of who came; None: it asks for none
    rows: Sequence[Recipient]

    @property
    def gets(self) -> int:
        """Count those who will get it, or get it now."""
        counted = counts(self.rows)
        return sum(counted[verdict] for verdict in GETS)

    @property
    def tallies(self) -> list[tuple[Word, int]]:
        """Count what becomes of the message, in words, those who get it first."""
        counted = counts(self.rows)
        return [(WHY[verdict], counted[verdict]) for verdict in Verdict if counted[verdict]]


def foretold(plan: Plan, *, at: datetime) -> Foretold:
    """Ask the rule what it will do, by the same question that the sending asks."""
    window = plan.shared
    return Foretold(
        event=plan.event,
        opens=window.opens if window else None,
        waits_until=window.ends if window and plan.rule.waits_for_a_mark else None,
        rows=recipients(plan, at=at),
    )


def passed_in_words(found: Mapping[Verdict, int]) -> str:
    """Say what those get whose moment has passed when a rule is made, switched on or changed."""
    if count := found.get(Verdict.DUE, 0):
        sentence = ngettext(
            "%(count)d person gets it at once, because their moment has passed.",
            "%(count)d people get it at once, because their moment has passed.",
            count,
        )
        return sentence % {"count": count}
    if found.get(Verdict.LATE, 0):
        return _("Nobody gets it at once: the rule leaves out those whose moment has passed.")
    return _("Nobody gets it at once.")


_DISTANCES: Mapping[tuple[str, bool], Word] = {
    (MessageRule.Anchor.START, True): gettext_lazy("%(length)s before the event starts"),
    (MessageRule.Anchor.START, False): gettext_lazy("%(length)s after the event has started"),
    (MessageRule.Anchor.END, True): gettext_lazy("%(length)s before the event ends"),
    (MessageRule.Anchor.END, False): gettext_lazy("%(length)s after the event has ended"),
    (MessageRule.Anchor.REGISTRATION, True): gettext_lazy("%(length)s before the registration"),
    (MessageRule.Anchor.REGISTRATION, False): gettext_lazy("%(length)s after the registration"),
    (MessageRule.Anchor.DEADLINE, True): gettext_lazy("%(length)s before registration ends"),
    (MessageRule.Anchor.DEADLINE, False): gettext_lazy("%(length)s after registration has ended"),
}


def moment_in_words(rule: MessageRule) -> str:
    """Say when a rule goes out: '1 day before the start of the event at 9.00'."""
    if not rule.days and not rule.minutes:
        said = _("At: %(anchor)s") % {"anchor": rule.get_anchor_display()}
    else:
        early = rule.days < 0 or rule.minutes < 0
        said = str(_DISTANCES[rule.anchor, early]) % {"length": _length(rule)}
    if rule.clock is None:
        return said
    return _("%(said)s, at %(clock)s") % {"said": said, "clock": f"{rule.clock.hour}.{rule.clock:%M}"}


def _length(rule: MessageRule) -> str:
    if rule.days:
        count = abs(rule.days)
        return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
    count = abs(rule.minutes)
    if count and count % 60 == 0:
        hours = count // 60
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", count) % {"count": count}


def readers_in_words(rule: MessageRule) -> str:
    """Say whom a rule is for."""
    states = [str(one.label) for one in Registration.State if one in rule.states]
    everybody = rule.states == list(Registration.COMES)
    said = [_("those who have a place")] if everybody else states
    if rule.event:
        said.append(rule.event.title.in_language(current()))
    said += list(rule.languages)
    said += [str(Event.Mode(mode).label) for mode in rule.modes]
    if rule.attendance:
        said.append(rule.get_attendance_display())
    if rule.question:
        said.append(rule.question.label.in_language(current()))
    return ", ".join(said)
