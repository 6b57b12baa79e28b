"""Who may do what: the whole policy in two tables. A route that is not here fails the tests.

``DOORS`` says what each principal meets at a kind of door, for a thing of their own organisation and for
one of another. ``ROUTES`` says which door stands before each address and method.

ok      the thing is shown or done (or the body is refused as incomplete, behind the door)
sign    sent to the sign-in page
401…    that status, and not one word written to the database
any     an answer of the sign-in program, whatever it is below 500
"""

# Principals: nobody; holders of a manage, survey or draft link shown as a header; the people of an
# organisation (the organiser's and the reviewer's, each of their own); a key of the organiser; a superuser.
DOORS = """
door         object  anon  manage survey draft  organiser viewer reviewer key   superuser
public       own     ok    ok     ok     ok     ok        ok     ok       ok    ok
public       other   ok    ok     ok     ok     ok        ok     ok       ok    ok
hidden       own     404   404    404    404    404       404    404      404   404
hidden       other   404   404    404    404    404       404    404      404   404
by-token     own     ok    ok     ok     ok     ok        ok     ok       ok    ok
by-token     other   ok    ok     ok     ok     ok        ok     ok       ok    ok
manage-link  own     401   ok     404    404    401       401    401      401   401
survey-link  own     401   404    ok     404    401       401    401      401   401
draft-link   own     401   404    404    ok     401       401    401      401   401
desk-any     own     sign  sign   sign   sign   ok        ok     ok       sign  ok
desk-new     own     sign  sign   sign   sign   ok        403    403      sign  ok
desk-review  own     sign  sign   sign   sign   404       404    ok       sign  ok
desk-review  other   sign  sign   sign   sign   404       404    404      sign  ok
desk-queue   own     sign  sign   sign   sign   403       403    ok       sign  ok
desk-look    own     sign  sign   sign   sign   ok        ok     404      sign  ok
desk-look    other   sign  sign   sign   sign   404       404    404      sign  ok
desk-change  own     sign  sign   sign   sign   ok        403    404      sign  ok
desk-change  other   sign  sign   sign   sign   404       404    404      sign  ok
desk-sealed  own     sign  sign   sign   sign   403       403    404      sign  ok
desk-sealed  other   sign  sign   sign   sign   404       404    404      sign  ok
desk-key     own     sign  sign   sign   sign   ok        404    404      sign  404
desk-key     other   sign  sign   sign   sign   404       404    404      sign  404
api-look     own     401   401    401    401    ok        ok     403      ok    ok
api-look     other   401   401    401    401    404       404    403      404   ok
api-change   own     401   401    401    401    ok        403    403      ok    ok
api-change   other   401   401    401    401    404       403    403      404   ok
api-mine     own     401   401    401    401    ok        404    403      404   404
api-mine     other   401   401    401    401    404       404    403      404   404
api-review   own     401   401    401    401    403       403    ok       403   ok
api-review   other   401   401    401    401    403       403    404      403   ok
api-looks    own     401   401    401    401    ok        ok     403      ok    ok
api-changes  own     401   401    401    401    ok        403    403      ok    ok
api-reviews  own     401   401    401    401    403       403    ok       403   ok
nothing      own     404   404    404    404    404       404    404      404   404
account      own     any   any    any    any    any       any    any      any   any
admin-door   own     sign  sign   sign   sign   403       403    403      sign  any
admin        own     sign  sign   sign   sign   sign      sign   sign     sign  any
"""

# The name of a route; the API's routes have none and go by their pattern.
ROUTES = """
healthz                                             GET public
readyz                                              GET public
metrics                                             GET nothing
schema                                              GET public
reference                                           GET public

api/v1/series/                                      GET public
api/v1/series/<slug:slug>/                          GET public hidden
api/v1/series/<slug:slug>/programme/                GET public hidden
api/v1/series/<slug:slug>/availability/             GET public hidden
api/v1/series/<slug:slug>/form/                     GET public hidden
api/v1/series/<slug:slug>/registrations/            POST public
api/v1/events/                                      GET public
api/v1/events/<slug:slug>/                          GET public hidden
api/v1/speakers/                                    GET public
api/v1/municipalities/                              GET public
api/v1/practices/                                   GET public
api/v1/practices.csv                                GET public
api/v1/practices/<slug:slug>/                       GET public hidden
api/v1/criteria/                                    GET public
api/v1/alliances/                                   GET public
api/v1/stories/                                     GET public

api/v1/registration/offers/<slug:event>/accept/     POST manage-link
api/v1/registration/offers/<slug:event>/decline/    POST manage-link
api/v1/registration/places/<slug:event>/keep/       POST manage-link
api/v1/registration/places/<slug:event>/restore/    POST manage-link
api/v1/registration/places/<slug:event>/transfer/   POST manage-link
api/v1/registration/email/                          POST manage-link
api/v1/registration/                                GET manage-link  PATCH manage-link  DELETE manage-link
api/v1/survey/                                      GET survey-link  POST survey-link
api/v1/practice-draft/                              GET draft-link  PATCH draft-link
api/v1/practice-draft/submit/                       POST draft-link

api/v1/organiser/series/                            GET api-looks
api/v1/organiser/series/<int:pk>/                   GET api-look  PATCH api-change
api/v1/organiser/series/<int:pk>/publish/           POST api-change
api/v1/organiser/series/<int:pk>/wordings/          GET api-change
api/v1/organiser/series/<int:pk>/wordings/<slug:kind>/ GET api-change  PUT api-change  DELETE api-change
api/v1/organiser/series/<int:pk>/wordings/<slug:kind>/preview/ GET api-change
api/v1/organiser/series/<int:pk>/wordings/<slug:kind>/test/ POST api-change
api/v1/organiser/series/<int:pk>/wordings/<slug:kind>/publish/ POST api-change
api/v1/organiser/series/<int:pk>/wordings/<slug:kind>/withdraw/ POST api-change
api/v1/organiser/series/from-template/              POST api-changes
api/v1/organiser/events/                            GET api-looks
api/v1/organiser/events/<int:pk>/                   GET api-look  PATCH api-change
api/v1/organiser/events/<int:pk>/move/              POST api-change
api/v1/organiser/events/<int:pk>/cancel/            POST api-change
api/v1/organiser/events/<int:pk>/capacity/          PUT api-change
api/v1/organiser/events/<int:pk>/waiting/           GET api-look  PUT api-change
api/v1/organiser/events/<int:pk>/line/              GET api-look
api/v1/organiser/registrations/<int:pk>/exception/  PUT api-change
api/v1/organiser/registrations/<int:pk>/position/   PUT api-change
api/v1/organiser/registrations/<int:pk>/offer/      PUT api-change
api/v1/organiser/registrations/<int:pk>/calendar/   POST api-change
api/v1/organiser/events/<int:pk>/calendar/          GET api-look  POST api-change
api/v1/organiser/events/<int:pk>/check-in/          GET api-look  POST api-change
api/v1/organiser/events/<int:pk>/mode/              PUT api-change
api/v1/organiser/events/<int:pk>/decisions/         POST api-change
api/v1/organiser/events/<int:pk>/invitations/       GET api-change
api/v1/organiser/events/<int:pk>/invitations/codes/ POST api-change
api/v1/organiser/events/<int:pk>/invitations/people/ POST api-change
api/v1/organiser/invitations/<int:pk>/revoke/       POST api-change
api/v1/organiser/groups/                            GET api-changes  POST api-changes
api/v1/organiser/groups/<int:pk>/                   GET api-change  PUT api-change
api/v1/organiser/events/<int:pk>/programme/         GET api-look
api/v1/organiser/events/<int:pk>/release/           POST api-change
api/v1/organiser/sessions/                          GET api-looks  POST api-changes
api/v1/organiser/sessions/<int:pk>/                 GET api-look  PATCH api-change  DELETE api-change
api/v1/organiser/sessions/<int:pk>/reorder/         POST api-change
api/v1/organiser/speakers/                          GET api-looks
api/v1/organiser/speakers/<int:pk>/                 GET api-look  PATCH api-change
api/v1/organiser/speakers/<int:pk>/contact/         PUT api-change
api/v1/organiser/registrations/                     GET api-looks
api/v1/organiser/registrations/<int:pk>/cancel/     POST api-change
api/v1/organiser/registrations/<int:pk>/transfer/   POST api-change
api/v1/organiser/registrations/<int:pk>/address/    PUT api-change
api/v1/organiser/registrations/<int:pk>/unblock/    POST api-change
api/v1/organiser/registrations/<int:pk>/timeline/   GET api-look
api/v1/organiser/registrations/<int:pk>/merge/      POST api-change
api/v1/organiser/registrations/<int:pk>/attendance/ POST api-change
api/v1/organiser/campaigns/                         GET api-changes  POST api-changes
api/v1/organiser/campaigns/<int:pk>/                GET api-change  PATCH api-change  DELETE api-change
api/v1/organiser/campaigns/<int:pk>/list/           POST api-change
api/v1/organiser/campaigns/<int:pk>/recipients/     GET api-change
api/v1/organiser/campaigns/<int:pk>/recipients/<int:recipient>/ GET api-change
api/v1/organiser/campaigns/<int:pk>/send/           POST api-change
api/v1/organiser/campaigns/<int:pk>/undo/           POST api-change
api/v1/organiser/campaigns/<int:pk>/pause/          POST api-change
api/v1/organiser/campaigns/<int:pk>/resume/         POST api-change
api/v1/organiser/campaigns/<int:pk>/stop/           POST api-change
api/v1/organiser/campaigns/<int:pk>/resend/         POST api-change
api/v1/organiser/campaigns/<int:pk>/copy/           POST api-change
api/v1/organiser/rules/                             GET api-looks  POST api-changes
api/v1/organiser/rules/<int:pk>/                    GET api-look  PATCH api-change  DELETE api-change
api/v1/organiser/rules/<int:pk>/on/                 POST api-change
api/v1/organiser/rules/<int:pk>/off/                POST api-change
api/v1/organiser/rules/<int:pk>/draft/              DELETE api-change
api/v1/organiser/rules/<int:pk>/recipients/         GET api-look
api/v1/organiser/rules/<int:pk>/recipients/<int:registration>/ GET api-change
api/v1/organiser/webhooks/                          GET api-changes  POST api-changes
api/v1/organiser/webhooks/<int:pk>/                 GET api-change  PATCH api-change  DELETE api-change
api/v1/organiser/webhooks/<int:pk>/secret/          POST api-change
api/v1/organiser/webhooks/<int:pk>/ping/            POST api-change
api/v1/organiser/webhooks/<int:pk>/deliveries/      GET api-change
api/v1/organiser/webhooks/<int:pk>/replay/          POST api-change
api/v1/organiser/series/<int:pk>/imports/           POST api-change
api/v1/organiser/imports/<int:pk>/                  GET api-look
api/v1/organiser/imports/<int:pk>/confirm/          POST api-change
api/v1/organiser/exports/                           POST api-changes
api/v1/organiser/exports/<int:pk>/                  GET api-mine
api/v1/organiser/exports/<int:pk>/file              GET api-mine
api/v1/organiser/series/<int:pk>/numbers/           GET api-look
api/v1/organiser/series/<int:pk>/form/              GET api-look
api/v1/organiser/series/<int:pk>/form/order/        PUT api-change
api/v1/organiser/series/<int:pk>/form/copy/         POST api-change
api/v1/organiser/series/<int:pk>/questions/         POST api-change
api/v1/organiser/series/<int:pk>/questions/<slug:key>/ PUT api-change  DELETE api-change
api/v1/organiser/series/<int:pk>/consents/          POST api-change
api/v1/organiser/series/<int:pk>/consents/<slug:purpose>/ PUT api-change  DELETE api-change
api/v1/organiser/waiting/                           GET api-looks
api/v1/organiser/messages/                          GET api-looks
api/v1/organiser/messages/<int:pk>/                 GET api-look
api/v1/organiser/messages/<int:pk>/resend/          POST api-change
api/v1/organiser/surveys/                           GET api-changes  POST api-changes
api/v1/organiser/surveys/<slug:event>/              GET api-change
api/v1/organiser/submissions/                       GET api-reviews
api/v1/organiser/submissions/<int:pk>/              GET api-review
api/v1/organiser/submissions/<int:pk>/decision/     POST api-review

series-calendar                                     GET public hidden
event-calendar                                      GET public hidden
own-calendar                                        GET by-token

desk:home                                           GET desk-any
desk:language                                       POST public
desk:digest                                         POST desk-any
desk:keys                                           GET desk-any  POST desk-any
desk:key-drop                                       POST desk-key
desk:reviews                                        GET desk-queue
desk:review                                         GET desk-review  POST desk-review
desk:series-new                                     GET desk-new  POST desk-new
desk:series                                         GET desk-look
desk:series-edit                                    GET desk-change  POST desk-change
desk:series-publish                                 GET desk-change  POST desk-change
desk:form                                           GET desk-look
desk:form-preview                                   GET desk-look
desk:form-copy                                      GET desk-change  POST desk-change
desk:question-add                                   GET desk-change  POST desk-change
desk:question                                       GET desk-change  POST desk-change
desk:question-order                                 POST desk-change
desk:question-retire                                GET desk-change  POST desk-change
desk:consent-add                                    GET desk-change  POST desk-change
desk:consent                                        GET desk-change  POST desk-change
desk:consent-retire                                 GET desk-change  POST desk-change
desk:catering                                       GET desk-look
desk:protected                                      POST desk-sealed
desk:history                                        GET desk-look
desk:registrations                                  GET desk-look
desk:person-add                                     GET desk-change  POST desk-change
desk:imports                                        GET desk-change  POST desk-change
desk:import                                         GET desk-change  POST desk-change
desk:import-progress                                GET desk-change
desk:exports                                        GET desk-change  POST desk-change
desk:export                                         GET desk-key
desk:export-progress                                GET desk-key
desk:export-file                                    GET desk-key
desk:numbers                                        GET desk-look
desk:event-numbers                                  GET desk-look
desk:messages                                       GET desk-look
desk:webhooks                                       GET desk-change  POST desk-change
desk:webhook                                        GET desk-change  POST desk-change
desk:webhook-deed                                   POST desk-change
desk:message                                        GET desk-look
desk:message-again                                  GET desk-change  POST desk-change
desk:attendee-unblock                               GET desk-change  POST desk-change
desk:wordings                                       GET desk-change
desk:wording                                        GET desk-change  POST desk-change
desk:wording-discard                                GET desk-change  POST desk-change
desk:wording-picture                                GET desk-change
desk:campaigns                                      GET desk-change
desk:campaign-new                                   GET desk-change  POST desk-change
desk:campaign                                       GET desk-change  POST desk-change
desk:campaign-edit                                  GET desk-change  POST desk-change
desk:campaign-remove                                GET desk-change  POST desk-change
desk:campaign-progress                              GET desk-change
desk:campaign-person                                GET desk-change
desk:attendee                                       GET desk-look
desk:registration-cancel                            GET desk-change  POST desk-change
desk:registration-give                              GET desk-change  POST desk-change
desk:registration-mark                              POST desk-change
desk:event                                          GET desk-look
desk:event-edit                                     GET desk-change  POST desk-change
desk:event-move                                     GET desk-change  POST desk-change
desk:event-cancel                                   GET desk-change  POST desk-change
desk:event-capacity                                 GET desk-change  POST desk-change
desk:event-waiting                                  GET desk-look
desk:event-mode                                     GET desk-change  POST desk-change
desk:invitations                                    GET desk-change
desk:invitations-codes                              GET desk-change  POST desk-change
desk:invitations-people                             GET desk-change  POST desk-change
desk:invitation-revoke                              POST desk-change
desk:selection                                      GET desk-look  POST desk-change
desk:groups                                         GET desk-new
desk:group-new                                      GET desk-new  POST desk-new
desk:group                                          GET desk-change  POST desk-change
desk:rehearsal                                      GET desk-change  POST desk-change
desk:rules                                          GET desk-look
desk:rule-add                                       GET desk-change  POST desk-change
desk:rule                                           GET desk-look
desk:rule-edit                                      GET desk-change  POST desk-change
desk:rule-switch                                    GET desk-change  POST desk-change
desk:rule-write                                     GET desk-change  POST desk-change
desk:rule-words                                     GET desk-change  POST desk-change
desk:rule-words-discard                             GET desk-change  POST desk-change
desk:rule-picture                                   GET desk-change
desk:rule-reading                                   GET desk-change
desk:rule-remove                                    GET desk-change  POST desk-change
desk:line-terms                                     GET desk-change  POST desk-change
desk:registration-line                              GET desk-change  POST desk-change
desk:registration-offer                             GET desk-change  POST desk-change
desk:attendee-address                               GET desk-change  POST desk-change
desk:attendee-merge                                 GET desk-change
desk:attendee-merge-with                            GET desk-change  POST desk-change
desk:attendee-exception                             GET desk-change  POST desk-change
desk:calendar                                       GET desk-look
desk:speakers                                       GET desk-look
desk:speakers-invite                                GET desk-change  POST desk-change
desk:speaker-contact                                GET desk-change  POST desk-change
desk:calendar-resend                                GET desk-change  POST desk-change
desk:registration-calendar                          GET desk-change  POST desk-change
desk:calendar-seen                                  POST desk-change
desk:attendance                                     GET desk-look  POST desk-change
desk:check-in                                       GET desk-change
desk:check-in-worker                                GET desk-change
desk:certificates                                   GET desk-change
desk:certificate                                    GET desk-change
desk:programme                                      GET desk-look
desk:session-add                                    GET desk-change  POST desk-change
desk:release                                        GET desk-change  POST desk-change
desk:session-edit                                   GET desk-change  POST desk-change
desk:session-order                                  POST desk-change
desk:session-remove                                 GET desk-change  POST desk-change
desk:survey                                         GET desk-look
desk:survey-send                                    GET desk-change  POST desk-change

personal:root                                       GET public
personal:places                                     GET by-token
personal:change                                     GET by-token  POST by-token
personal:answers                                    GET by-token  POST by-token
personal:cancel_all                                 GET by-token  POST by-token
personal:cancel                                     GET by-token  POST by-token
personal:offer                                      GET by-token  POST by-token
personal:give                                       GET by-token  POST by-token
personal:restore                                    POST by-token
personal:keep                                       POST by-token
personal:address                                    GET by-token  POST by-token
personal:new_address                                GET by-token  POST by-token
personal:own_preferences                            GET by-token  POST by-token
personal:language                                   POST by-token
personal:certificate                                GET by-token
personal:ticket                                     GET by-token
personal:join                                       GET by-token  POST by-token
personal:survey                                     GET by-token  POST by-token
personal:preferences                                GET by-token  POST by-token
personal:draft                                      GET by-token  POST by-token
personal:draft_preview                              GET by-token
personal:draft_section                              GET by-token  POST by-token
notifications:inbound                               POST nothing
notifications:news                                  GET nothing  POST nothing
personal:mailbox                                    GET public
personal:letter                                     GET nothing
personal:letter_html                                GET nothing
personal:letter_invitation                          GET nothing

public:front                                        GET public
public:events                                       GET public
public:series                                       GET public hidden
public:register                                     GET public hidden  POST public hidden
public:event                                        GET public hidden
public:receipt                                      GET by-token
public:receipt_mail                                 GET by-token
public:my_link                                      GET public  POST public
public:practices                                    GET public
public:practice                                     GET public hidden
public:criteria                                     GET public
public:stories                                      GET public
public:alliances                                    GET public
public:about                                        GET public
public:accessibility                                GET public
public:privacy                                      GET public

account_*                                           GET account  POST account
mfa_*                                               GET account  POST account
admin:login                                         GET admin-door  POST admin-door
admin:logout                                        GET account  POST account
admin:*                                             GET admin  POST admin
"""

# Where it makes no difference who asks, a few ask for all.
OPEN_DOORS = {"public", "hidden", "by-token", "nothing", "account"}
A_FEW = {"anon", "organiser", "manage", "superuser"}


def doors() -> dict[tuple[str, str], dict[str, str]]:
    """Read what each principal meets: (door, object) → principal → answer."""
    head, *rows = (line.split() for line in DOORS.strip().splitlines())
    return {(row[0], row[1]): dict(zip(head[2:], row[2:], strict=True)) for row in rows}


def routes() -> dict[str, dict[str, list[str]]]:
    """Read which doors stand where: route → method → doors."""
    read: dict[str, dict[str, list[str]]] = {}
    for line in filter(None, map(str.strip, ROUTES.splitlines())):
        name, *words = line.split()
        methods: dict[str, list[str]] = {}
        for word in words:
            if word.isupper():
                methods[(method := word)] = []
            else:
                methods[method].append(word)
        read[name] = methods
    return read
