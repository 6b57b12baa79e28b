"""Short addresses that travel in mails, the same in every language, and the mailbox of a trial."""

from django.urls import path

from web.public.views import (
    addresses,
    answers,
    attendee,
    certificates,
    drafts,
    front,
    joining,
    mailbox,
    offers,
    preferences,
    surveys,
    transfers,
)

app_name = "personal"

urlpatterns = [
    path("", front.root, name="root"),
    path("r/<slug:token>/", attendee.places, name="places"),
    path("r/<slug:token>/muuta/", attendee.change, name="change"),
    path("r/<slug:token>/vastaukset/", answers.answers, name="answers"),
    path("r/<slug:token>/peru/", attendee.cancel_all, name="cancel_all"),
    path("r/<slug:token>/peru/<slug:event>/", attendee.cancel, name="cancel"),
    path("r/<slug:token>/tarjous/<slug:event>/", offers.offer, name="offer"),
    path("r/<slug:token>/anna/<slug:event>/", transfers.give, name="give"),
    path("r/<slug:token>/palauta/<slug:event>/", offers.restore, name="restore"),
    path("r/<slug:token>/pida/<slug:event>/", offers.keep, name="keep"),
    path("r/<slug:token>/osoite/", addresses.address, name="address"),
    path("e/<slug:token>/", addresses.new_address, name="new_address"),
    path("r/<slug:token>/viestit/", preferences.own_choices, name="own_preferences"),
    path("r/<slug:token>/kieli/", attendee.language, name="language"),
    path("r/<slug:token>/todistus/<slug:event>/", certificates.own, name="certificate"),
    path("j/<slug:ticket>/", joining.ticket, name="ticket"),
    path("j/<slug:ticket>/<slug:event>/", joining.join, name="join"),
    path("s/<slug:token>/", surveys.survey, name="survey"),
    path("u/<slug:token>/", preferences.choices, name="preferences"),
    path("d/<slug:token>/", drafts.draft, name="draft"),
    path("d/<slug:token>/esikatselu/", drafts.preview, name="draft_preview"),
    path("d/<slug:token>/<slug:section>/", drafts.section, name="draft_section"),
    path("mailbox/", mailbox.letters, name="mailbox"),
    path("mailbox/<str:name>/", mailbox.letter, name="letter"),
    path("mailbox/<str:name>/html/", mailbox.picture, name="letter_html"),
    path("mailbox/<str:name>/invite.ics", mailbox.invitation, name="letter_invitation"),
]
