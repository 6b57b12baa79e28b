"""Every message in three languages: short subject lines, equal facts, few links."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

import registrations
from backend.core.i18n import LANGUAGES, Language
from notifications.drafts import Json
from notifications.kinds import Kind
from notifications.rendering import render, sample
from registrations.messages.catalogue import KINDS
from registrations.messages.facts import ordinal, short_day

SUBJECT_LIMIT = 60
TEMPLATES = Path(registrations.__file__).parent / "templates"

GOLDEN = {
    ("confirmation", "fi"): "Olet mukana: ti 13.4. klo 8.30 Lähiluonnon saavutettavuus",
    ("confirmation", "sv"): "Du är med: ti 13.4 kl. 8.30 Närnaturens tillgänglighet",
    ("confirmation", "en"): "You are in: Tue 13 Apr 8.30 Accessibility of nearby nature",
    ("waiting", "fi"): "Jonossa (3.): ti 13.4. Lähiluonnon saavutettavuus",
    ("waiting", "sv"): "I kö (nr 3): ti 13.4 Närnaturens tillgänglighet",
    ("waiting", "en"): "Waiting list (3rd): Tue 13 Apr Accessibility of nearby…",
    ("promoted", "fi"): "Sait paikan: ti 13.4. klo 8.30 Lähiluonnon saavutettavuus",
    ("promoted", "sv"): "Nu är du med: ti 13.4 kl. 8.30 Närnaturens tillgänglighet",
    ("promoted", "en"): "Now you are in: Tue 13 Apr 8.30 Accessibility of nearby…",
    ("offer", "fi"): "Sinulle vapautui paikka: ti 13.4. klo 8.30 Lähiluonnon…",
    ("offer", "sv"): "En plats blev ledig: ti 13.4 kl. 8.30 Närnaturens…",
    ("offer", "en"): "A place opened for you: Tue 13 Apr 8.30 Accessibility of…",
    ("offer_ended", "fi"): "Tarjottu paikka ehti mennä: ti 13.4. klo 8.30 Lähiluonnon…",
    ("offer_ended", "sv"): "Platsen hann gå vidare: ti 13.4 kl. 8.30 Närnaturens…",
    ("offer_ended", "en"): "The offer has ended: Tue 13 Apr 8.30 Accessibility of…",
    ("changed", "fi"): "Muutos: ti 13.4. alkaakin klo 8.30",
    ("changed", "sv"): "Ändring: ti 13.4 börjar kl. 8.30",
    ("changed", "en"): "Change: Tue 13 Apr now starts at 8.30",
    ("cancelled_by_attendee", "fi"): "Peruit paikkasi: ti 13.4. Lähiluonnon saavutettavuus",
    ("cancelled_by_attendee", "sv"): "Du annullerade: ti 13.4 Närnaturens tillgänglighet",
    ("cancelled_by_attendee", "en"): "You cancelled: Tue 13 Apr Accessibility of nearby nature",
    ("cancelled_by_organiser", "fi"): "Peruttu: ti 13.4. Lähiluonnon saavutettavuus",
    ("cancelled_by_organiser", "sv"): "Inhiberat: ti 13.4 Närnaturens tillgänglighet",
    ("cancelled_by_organiser", "en"): "Cancelled: Tue 13 Apr Accessibility of nearby nature",
    ("reminder", "fi"): "Huomenna klo 8.30, linkki tässä: Lähiluonnon saavutettavuus",
    ("reminder", "sv"): "I morgon kl. 8.30, länken här: Närnaturens tillgänglighet",
    ("reminder", "en"): "Tomorrow 8.30, your link: Accessibility of nearby nature",
    ("manage_link", "fi"): "Olet jo ilmoittautunut – tässä linkkisi",
    ("manage_link", "sv"): "Du är redan anmäld – här är din länk",
    ("manage_link", "en"): "You are already registered – here is your link",
    ("invited", "fi"): "Kutsu: ti 13.4. Lähiluonnon saavutettavuus",
    ("invited", "sv"): "Inbjudan: ti 13.4 Närnaturens tillgänglighet",
    ("invited", "en"): "Invitation: Tue 13 Apr Accessibility of nearby nature",
    ("not_a_member", "fi"): "Ilmoittautuminen ei onnistunut: ti 13.4. Lähiluonnon…",
    ("not_a_member", "sv"): "Anmälan lyckades inte: ti 13.4 Närnaturens tillgänglighet",
    ("not_a_member", "en"): "Registration did not succeed: Tue 13 Apr Accessibility of…",
    ("application_received", "fi"): "Hakemus vastaanotettu: ti 13.4. Lähiluonnon saavutettavuus",
    ("application_received", "sv"): "Ansökan mottagen: ti 13.4 Närnaturens tillgänglighet",
    ("application_received", "en"): "Application received: Tue 13 Apr Accessibility of nearby…",
    ("shortlisted", "fi"): "Hakemuksesi pääsi jatkoon: ti 13.4. Lähiluonnon…",
    ("shortlisted", "sv"): "Din ansökan gick vidare: ti 13.4 Närnaturens tillgänglighet",
    ("shortlisted", "en"): "On the shortlist: Tue 13 Apr Accessibility of nearby nature",
    ("chosen", "fi"): "Sinut on valittu: ti 13.4. Lähiluonnon saavutettavuus",
    ("chosen", "sv"): "Du är vald: ti 13.4 Närnaturens tillgänglighet",
    ("chosen", "en"): "You have been chosen: Tue 13 Apr Accessibility of nearby…",
    ("not_chosen", "fi"): "Et tullut valituksi: ti 13.4. Lähiluonnon saavutettavuus",
    ("not_chosen", "sv"): "Du blev inte vald: ti 13.4 Närnaturens tillgänglighet",
    ("not_chosen", "en"): "Not chosen this time: Tue 13 Apr Accessibility of nearby…",
    ("reserve", "fi"): "Varasijalla (3.): ti 13.4. Lähiluonnon saavutettavuus",
    ("reserve", "sv"): "På reservplats (nr 3): ti 13.4 Närnaturens tillgänglighet",
    ("reserve", "en"): "On the reserve (3rd): Tue 13 Apr Accessibility of nearby…",
    ("place_given", "fi"): "Annoit paikkasi: ti 13.4. Lähiluonnon saavutettavuus",
    ("place_given", "sv"): "Du gav din plats: ti 13.4 Närnaturens tillgänglighet",
    ("place_given", "en"): "You gave your place: Tue 13 Apr Accessibility of nearby…",
    ("place_received", "fi"): "Sait työkaverin paikan: ti 13.4. klo 8.30 Lähiluonnon…",
    ("place_received", "sv"): "Du fick en kollegas plats: ti 13.4 kl. 8.30 Närnaturens…",
    ("place_received", "en"): "A colleague gave you a place: Tue 13 Apr 8.30 Accessibility…",
    ("place_not_needed", "fi"): "Sinulla on jo paikka: ti 13.4. Lähiluonnon saavutettavuus",
    ("place_not_needed", "sv"): "Du har redan en plats: ti 13.4 Närnaturens tillgänglighet",
    ("place_not_needed", "en"): "You have a place already: Tue 13 Apr Accessibility of…",
    ("new_address", "fi"): "Vahvista uusi sähköpostiosoite",
    ("new_address", "sv"): "Bekräfta din nya e-postadress",
    ("new_address", "en"): "Confirm your new email address",
    ("address_in_use", "fi"): "Osoitettasi pyydettiin toiseen ilmoittautumiseen",
    ("address_in_use", "sv"): "Din adress angavs för en annan anmälan",
    ("address_in_use", "en"): "Your address was given for another registration",
    ("organiser_digest", "fi"): "1 viesti palautui, 2 vahvistusta puuttuu",
    ("organiser_digest", "sv"): "1 meddelande kom tillbaka, 2 bekräftelser saknas",
    ("organiser_digest", "en"): "1 message came back, 2 confirmations are missing",
    ("address_changed", "fi"): "Ilmoittautumisesi sähköpostiosoite on vaihdettu",
    ("address_changed", "sv"): "E-postadressen för din anmälan har bytts",
    ("address_changed", "en"): "The email address of your registration has changed",
    ("merged", "fi"): "Ilmoittautumisesi on yhdistetty",
    ("merged", "sv"): "Dina anmälningar har slagits ihop",
    ("merged", "en"): "Your registrations have been joined",
    ("place_merged", "fi"): "Kaksi paikkaa yhdistetty: ti 13.4. Lähiluonnon…",
    ("place_merged", "sv"): "Två platser blev en: ti 13.4 Närnaturens tillgänglighet",
    ("place_merged", "en"): "Two places joined: Tue 13 Apr Accessibility of nearby nature",
    ("declined_in_calendar", "fi"): "Hylkäsit kutsun: ti 13.4. Lähiluonnon saavutettavuus",
    ("declined_in_calendar", "sv"): "Du tackade nej: ti 13.4 Närnaturens tillgänglighet",
    ("declined_in_calendar", "en"): "You declined: Tue 13 Apr Accessibility of nearby nature",
    ("calendar_again", "fi"): "Kalenteriisi: ti 13.4. Lähiluonnon saavutettavuus",
    ("calendar_again", "sv"): "Till din kalender: ti 13.4 Närnaturens tillgänglighet",
    ("calendar_again", "en"): "For your calendar: Tue 13 Apr Accessibility of nearby nature",
    ("note", "fi"): "Tiedote: Vipuvoimaa skaalaamiseen -aamukahvit",
    ("note", "sv"): "Meddelande: Morgonkaffe: hävstång för skalning",
    ("note", "en"): "Note: Leverage for scaling: morning coffees",
}

FIRST_WORDS = {
    ("confirmation", "fi"): "Olet mukana:",
    ("confirmation", "sv"): "Du är med:",
    ("confirmation", "en"): "You are in:",
    ("waiting", "fi"): "Olet jonossa 3. sijalla, et vielä mukana.",
    ("waiting", "sv"): "Du står i kö men är inte med ännu:",
    ("waiting", "en"): "You are on the waiting list, not in yet:",
    ("promoted", "fi"): "Olet nyt mukana:",
    ("promoted", "sv"): "Nu är du med:",
    ("promoted", "en"): "You are in now:",
    ("offer", "fi"): "Sinulle tarjotaan vapautunutta paikkaa",
    ("offer", "sv"): "Du erbjuds en ledig plats på",
    ("offer", "en"): "A place that came free at",
    ("offer_ended", "fi"): "Sinulle tarjottiin paikkaa",
    ("offer_ended", "sv"): "Du erbjöds en plats på",
    ("offer_ended", "en"): "You were offered a place at",
    ("changed", "fi"): "Olet yhä mukana,",
    ("changed", "sv"): "Du är fortfarande med,",
    ("changed", "en"): "You are still in,",
    ("cancelled_by_attendee", "fi"): "Et ole enää mukana:",
    ("cancelled_by_attendee", "sv"): "Du är inte längre med:",
    ("cancelled_by_attendee", "en"): "You are no longer in:",
    ("cancelled_by_organiser", "fi"): "Tapahtumaa ei järjestetä:",
    ("cancelled_by_organiser", "sv"): "Evenemanget ordnas inte:",
    ("cancelled_by_organiser", "en"): "The event will not be held:",
    ("reminder", "fi"): "Olet mukana huomenna klo 8.30:",
    ("reminder", "sv"): "Du är med i morgon kl. 8.30:",
    ("reminder", "en"): "You are in tomorrow at 8.30:",
    ("manage_link", "fi"): "Olet jo ilmoittautunut sarjaan",
    ("manage_link", "sv"): "Du är redan anmäld till serien",
    ("manage_link", "en"): "You are already registered for the series",
    ("invited", "fi"): "Hei Aino Esimerkki, sinut on kutsuttu",
    ("invited", "sv"): "Hej Aino Esimerkki, du är inbjuden",
    ("invited", "en"): "Hello Aino Esimerkki, you are invited",
    ("not_a_member", "fi"): "Ilmoittautuminen ei onnistunut:",
    ("not_a_member", "sv"): "Anmälan lyckades inte:",
    ("not_a_member", "en"): "The registration did not succeed:",
    ("application_received", "fi"): "Hakemuksesi on vastaanotettu:",
    ("application_received", "sv"): "Din ansökan är mottagen:",
    ("application_received", "en"): "Your application has been received:",
    ("shortlisted", "fi"): "Hakemuksesi pääsi jatkoon:",
    ("shortlisted", "sv"): "Din ansökan gick vidare:",
    ("shortlisted", "en"): "Your application is on the shortlist",
    ("chosen", "fi"): "Sinut on valittu:",
    ("chosen", "sv"): "Du är vald:",
    ("chosen", "en"): "You have been chosen:",
    ("not_chosen", "fi"): "Et tullut tällä kertaa valituksi",
    ("not_chosen", "sv"): "Du blev inte vald",
    ("not_chosen", "en"): "You were not chosen",
    ("reserve", "fi"): "Olet varasijalla",
    ("reserve", "sv"): "Du är på reservplats",
    ("reserve", "en"): "You are on the reserve",
    ("place_given", "fi"): "Et ole enää mukana: annoit työkaverille paikkasi",
    ("place_given", "sv"): "Du är inte längre med: du gav en kollega din plats",
    ("place_given", "en"): "You are no longer in: you gave a colleague your place",
    ("place_received", "fi"): "Olet nyt mukana: Veera Esimerkki antoi sinulle paikkansa",
    ("place_received", "sv"): "Nu är du med: Veera Esimerkki gav dig sin plats",
    ("place_received", "en"): "You are in now: Veera Esimerkki gave you their place",
    ("place_not_needed", "fi"): "Sinulla on jo paikka tapahtumassa",
    ("place_not_needed", "sv"): "Du har redan en plats på",
    ("place_not_needed", "en"): "You have a place already at",
    ("new_address", "fi"): "Vahvista, että",
    ("new_address", "sv"): "Bekräfta att",
    ("new_address", "en"): "Confirm that",
    ("address_in_use", "fi"): "Sarjan Vipuvoimaa skaalaamiseen -aamukahvit toisen ilmoittautumisen",
    ("address_in_use", "sv"): "Någon bad om",
    ("address_in_use", "en"): "Somebody asked",
    ("organiser_digest", "fi"): "Tämä odottaa järjestäjää:",
    ("organiser_digest", "sv"): "Det här väntar på arrangören:",
    ("organiser_digest", "en"): "This is waiting for the organiser:",
    ("address_changed", "fi"): "Viestit ilmoittautumisestasi",
    ("address_changed", "sv"): "Meddelandena om din anmälan",
    ("address_changed", "en"): "The messages about your registration",
    ("merged", "fi"): "Olit ilmoittautunut sarjaan",
    ("merged", "sv"): "Du var anmäld till serien",
    ("merged", "en"): "You were registered for the series",
    ("place_merged", "fi"): "Olet yhä mukana tapahtumassa",
    ("place_merged", "sv"): "Du är fortfarande med på",
    ("place_merged", "en"): "You are still in:",
    ("declined_in_calendar", "fi"): "Hylkäsit kalenterissasi kutsun",
    ("declined_in_calendar", "sv"): "Du tackade nej till inbjudan",
    ("declined_in_calendar", "en"): "You declined the invitation",
    ("calendar_again", "fi"): "Olet mukana:",
    ("calendar_again", "sv"): "Du är med:",
    ("calendar_again", "en"): "You are in:",
    ("note", "fi"): "Hei Aino Esimerkki!",
    ("note", "sv"): "Hej Aino Esimerkki!",
    ("note", "en"): "Hello Aino Esimerkki!",
}

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_kind
@every_language
def test_the_subject_line_says_the_fact_and_the_day(kind: Kind, language: Language) -> None:
    assert sample(kind, language).subject == GOLDEN[kind.key, language]


@every_kind
@every_language
def test_the_first_line_answers_whether_one_is_in(kind: Kind, language: Language) -> None:
    assert sample(kind, language).text.startswith(FIRST_WORDS[kind.key, language])


# there is nothing to open: an answer to the mail reaches the organiser
LINKLESS = {"not_a_member", "address_changed", "place_merged"}
# the link and the address are for every day; the reminder says tomorrow
DAYLESS = {
    "note",
    "organiser_digest",
    "manage_link",
    "reminder",
    "new_address",
    "address_in_use",
    "address_changed",
    "merged",
}
WORST: dict[str, list[dict[str, Json]]] = {
    "every": [{}, {"old_day": "Wed 13 Oct"}],
    "changed": [
        {"moved": True, "start_moved": True},
        {"moved": False, "start_moved": False, "released": 1},
        {"moved": False, "start_moved": False, "released": 2},
        {"moved": False, "start_moved": False, "place_changed": True},
        {"moved": True, "start_moved": False},
        {"waiting": True},
    ],
    "cancelled_by_attendee": [{"waiting": True}, {"waiting": False}],
    "cancelled_by_organiser": [
        {"waiting": waiting, "event_cancelled": off} for waiting in (True, False) for off in (True, False)
    ],
    "reminder": [{"tells_link": False}],
    "manage_link": [{"again": False, "wanted": []}],
}


@every_kind
@every_language
def test_the_longest_subject_line_fits_a_phone(kind: Kind, language: Language) -> None:
    wednesday = datetime(2027, 10, 13, 7, 30, tzinfo=UTC)
    day = short_day(wednesday, language=language, zone="Europe/Helsinki")
    starts = {"fi": "klo 10.30", "sv": "kl. 10.30", "en": "10.30"}[language]
    draft = kind.sample(language)
    facts: dict[str, Json] = {
        "day": day,
        "old_day": "",
        "starts": starts,
        "title": "M" * 80,
        "position": ordinal(123, language=language),
    }
    for case in [*WORST["every"], *WORST.get(kind.key, [])]:
        subject = render(replace(draft, context={**draft.context, **facts, **case})).subject
        assert len(subject) <= SUBJECT_LIMIT, subject
        assert day in subject or kind.key in DAYLESS, subject


@every_kind
@every_language
def test_a_mail_has_at_most_three_links_and_the_same_in_both_halves(kind: Kind, language: Language) -> None:
    mail = sample(kind, language)
    in_html = set(re.findall(r'href="(http[^"]+)"', unescape(mail.html)))
    in_text = set(re.findall(r"https?://[^\s>]+", mail.text))

    assert in_text == in_html
    assert (0 if kind.key in LINKLESS else 1) <= len(in_html) <= 3


@every_kind
def test_the_three_languages_use_the_same_facts(kind: Kind) -> None:
    texts = {language: (TEMPLATES / f"{kind.template}.{language}.md").read_text() for language in LANGUAGES}
    used = {
        language: set(re.findall(r"\b(?:row|links)\.\w+|\{[{%]\s*(?:if |elif )?(\w+)", text))
        for language, text in texts.items()
    }
    assert used["fi"] == used["sv"] == used["en"]


@every_kind
@every_language
def test_what_people_typed_stays_text(kind: Kind, language: Language) -> None:
    draft = kind.sample(language)
    before = set(re.findall(r'href="([^"]+)"', render(draft).html))
    evil = "[Voitit](https://evil.example) <b>x</b> {{ 7|add:7 }} https://evil.example"
    context = {**draft.context, "name": evil, "title": evil, "series": evil, "reason": evil}

    mail = render(replace(draft, context=context))

    assert set(re.findall(r'href="([^"]+)"', mail.html)) == before
    assert "<b>x</b>" not in mail.html
    assert "14" not in mail.subject


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, ("1.", "nr 1", "1st")),
        (2, ("2.", "nr 2", "2nd")),
        (3, ("3.", "nr 3", "3rd")),
        (4, ("4.", "nr 4", "4th")),
        (11, ("11.", "nr 11", "11th")),
        (12, ("12.", "nr 12", "12th")),
        (21, ("21.", "nr 21", "21st")),
        (111, ("111.", "nr 111", "111th")),
        (0, ("", "", "")),
    ],
)
def test_a_place_in_line_is_written_as_each_language_does(number: int, written: tuple[str, ...]) -> None:
    assert tuple(ordinal(number, language=language) for language in LANGUAGES) == written


@pytest.mark.parametrize("key", ["confirmation", "promoted", "changed", "reminder"])
@every_language
def test_a_message_that_the_version_before_has_queued_still_leads_to_the_meeting(
    key: str, language: Language
) -> None:
    """It kept the address of the meeting in its facts, and no joining page among its links."""
    draft = next(kind for kind in KINDS if kind.key == key).sample(language)
    facts = {name: value for name, value in draft.context.items() if name != "tells_link"}
    old = replace(
        draft,
        context=facts | {"join_url": "https://meet.example.org/kahvit"},
        links={"manage": draft.links["manage"]},
    )

    assert "https://meet.example.org/kahvit" in render(old).text
