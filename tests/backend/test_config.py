"""What is connected decides the profile, and a production without what it needs does not start."""

import stat
from pathlib import Path
from urllib.parse import quote

import pytest

from backend import config

COMPLETE = {
    "DATABASE_URL": "postgres://vipu@localhost/vipu",
    "REDIS_URL": "redis://localhost:6379/0",
    "SECRET_KEY": "made up",
    "VIPU_HOSTS": "vipu.example.org, www.example.org",
    "VIPU_PUBLIC_URL": "https://vipu.example.org/",
    "VIPU_MAIL_URL": "smtp://vipu:p%40ss@mail.example.org",
    "VIPU_MAIL_FROM": "Vipu <vipu@example.org>",
}


def test_nothing_set_means_this_machine_only(tmp_path: Path) -> None:
    told = config.read({"VIPU_DATA_DIR": str(tmp_path)})

    assert not told.production
    assert (told.database_url, told.redis_url) == ("", "")
    assert set(told.hosts) == {"127.0.0.1", "localhost", "[::1]"}
    assert (told.bind, told.public_url) == ("127.0.0.1:8000", "http://127.0.0.1:8000")
    assert told.mail.backend == "notifications.mailbox.MailboxBackend"


def test_the_port_is_honoured(tmp_path: Path) -> None:
    told = config.read({"VIPU_DATA_DIR": str(tmp_path), "PORT": "8123"})

    assert (told.bind, told.public_url) == ("127.0.0.1:8123", "http://127.0.0.1:8123")


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = config.read({"VIPU_DATA_DIR": str(tmp_path / "data")})
    again = config.read({"VIPU_DATA_DIR": str(tmp_path / "data")})

    assert first.secret_key == again.secret_key
    assert len(first.secret_key) >= 50
    assert stat.S_IMODE((tmp_path / "data" / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret-key"]


def test_a_complete_production_is_taken_as_it_is_written() -> None:
    told = config.read(COMPLETE | {"VIPU_TRUSTED_PROXIES": "1"})

    assert told.production
    assert told.https
    assert told.hosts == ("vipu.example.org", "www.example.org")
    assert told.public_url == "https://vipu.example.org"
    assert told.trusted_proxies == 1
    assert told.rate_limits


@pytest.mark.parametrize("missing", sorted(COMPLETE))
def test_production_names_what_is_missing_and_does_not_start(missing: str) -> None:
    known = {name: value for name, value in COMPLETE.items() if name != missing}
    if missing in {"DATABASE_URL", "REDIS_URL"}:
        assert {"DATABASE_URL", "REDIS_URL"} & known.keys()  # the other one still asks for production

    with pytest.raises(config.ConfigurationError) as refusal:
        config.read(known)

    first, *lines = str(refusal.value).splitlines()
    assert first == "Vipu does not start in the production profile. Missing:"
    assert [line.split()[0] for line in lines] == [missing]


def test_everything_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(config.ConfigurationError) as refusal:
        config.read({"DATABASE_URL": "postgres://localhost/vipu"})

    named = [line.split()[0] for line in str(refusal.value).splitlines()[1:]]
    assert named == [name for name in COMPLETE if name != "DATABASE_URL"]


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    known = {name: value for name, value in COMPLETE.items() if name != "SECRET_KEY"}

    told = config.read(known | {"SECRET_KEY_FILE": str(tmp_path / "secret")})

    assert told.secret_key == "from a file"


def test_the_database_may_be_named_in_a_file_alone(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgres://vipu@localhost/vipu\n")
    known = {name: value for name, value in COMPLETE.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    files = {f"{name}_FILE": str(tmp_path / "url") for name in ("DATABASE_URL", "REDIS_URL")}

    assert config.read(known | files).production


def test_a_secret_file_that_is_not_there_is_said_in_plain_words() -> None:
    known = {name: value for name, value in COMPLETE.items() if name != "SECRET_KEY"}

    with pytest.raises(config.ConfigurationError, match="SECRET_KEY_FILE"):
        config.read(known | {"SECRET_KEY_FILE": "/nowhere/secret"})


def test_a_number_that_is_not_one_is_said_in_plain_words() -> None:
    with pytest.raises(config.ConfigurationError, match="VIPU_WEB_WORKERS"):
        config.read(COMPLETE | {"VIPU_WEB_WORKERS": "many"})


def test_rate_limits_cannot_be_switched_off_where_others_can_reach_it() -> None:
    with pytest.raises(config.ConfigurationError, match="VIPU_RATE_LIMITS"):
        config.read(COMPLETE | {"VIPU_RATE_LIMITS": "off"})

    assert not config.read(COMPLETE | {"VIPU_RATE_LIMITS": "off", "VIPU_HOSTS": "localhost"}).rate_limits


@pytest.mark.parametrize(
    ("url", "backend", "options"),
    [
        (
            "smtp://vipu:p%40ss@mail.example.org",
            "django.core.mail.backends.smtp.EmailBackend",
            {
                "host": "mail.example.org",
                "port": 587,
                "username": "vipu",
                "password": "p@ss",
                "use_tls": True,
            },
        ),
        (
            "smtps://mail.example.org",
            "django.core.mail.backends.smtp.EmailBackend",
            {"port": 465, "use_ssl": True, "use_tls": False},
        ),
        ("smtp://127.0.0.1:1025?tls=0", "django.core.mail.backends.smtp.EmailBackend", {"use_tls": False}),
        (
            "ses://eu-north-1",
            "anymail.backends.amazon_ses.EmailBackend",
            {},
        ),
        ("mailbox://", "notifications.mailbox.MailboxBackend", {}),
        ("postmark://k%2Fey", "anymail.backends.postmark.EmailBackend", {"server_token": "k/ey"}),
        (
            "mailjet://one:two?timeout=5",
            "anymail.backends.mailjet.EmailBackend",
            {"api_key": "one", "secret_key": "two", "requests_timeout": 5},
        ),
        (
            "unisender_go://key?api_url=https://go.example.org/",
            "anymail.backends.unisender_go.EmailBackend",
            {"api_key": "key", "api_url": "https://go.example.org/"},
        ),
        (
            "ses://?configuration_set=vipu",
            "anymail.backends.amazon_ses.EmailBackend",
            {"configuration_set_name": "vipu"},
        ),
    ],
)
def test_mail_leaves_as_the_address_says(url: str, backend: str, options: dict[str, object]) -> None:
    mail = config.read(COMPLETE | {"VIPU_MAIL_URL": url}).mail

    assert mail.backend == backend
    assert {name: mail.options[name] for name in options} == options


def test_replies_are_read_where_an_address_is_given(tmp_path: Path) -> None:
    trial = config.read({"VIPU_DATA_DIR": str(tmp_path)})
    assert trial.replies == config.Replies(address="ilmo@localhost", folder=tmp_path / "replies")

    asked = {
        "VIPU_REPLY_ADDRESS": "ilmo@example.org",
        "VIPU_REPLY_MAIL_URL": "imaps://ilmo:x@example.org/INBOX",
    }
    kept = config.read(
        {"VIPU_DATA_DIR": str(tmp_path), "VIPU_WEBHOOK_SECRET": "postman:" + 16 * "x", **asked}
    )
    assert (kept.replies.address, kept.replies.mailbox_url) == tuple(asked.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIPU_REPLY_ADDRESS", "Ilmo <ilmo@example.org>"),
        ("VIPU_REPLY_ADDRESS", "ilmo+kevat@example.org"),
        ("VIPU_REPLY_ADDRESS", "ilmo"),
        ("VIPU_REPLY_ADDRESS", f"{'i' * 41}@example.org"),
        ("VIPU_REPLY_MAIL_URL", "https://mail.example.org"),
        ("VIPU_REPLY_MAIL_URL", "imaps://mail.example.org"),
        ("VIPU_REPLY_MAIL_URL", "imaps://ilmo:x@mail.example.org:imap/INBOX"),
        ("VIPU_REPLY_MAIL_URL", "imaps://ilmo:s%C3%A4de@mail.example.org/INBOX"),
        ("VIPU_REPLY_MAIL_URL", "imaps://ilmo:[x@mail.example.org/INBOX"),
        ("VIPU_WEBHOOK_SECRET", "short"),
        ("VIPU_WEBHOOK_SECRET", "postman:short"),
    ],
)
def test_a_way_in_that_cannot_work_is_refused_at_start(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(config.ConfigurationError, match=name):
        config.read({"VIPU_DATA_DIR": str(tmp_path), name: value})


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("pigeon://coop", "none of smtp"),
        ("scaleway://key", "lacks project_id: scaleway://KEY"),
        ("mailjet://one", "mailjet://KEY:SECRET_KEY"),
        ("postmark://", "needs the key"),
        ("smtp://mail.example.org?rate=fast", "are numbers"),
        ("smtp://mail.example.org?rate=-1", "in a second"),
        ("smtp://mail.example.org?timeout=soon", "are numbers"),
        ("smtp://mail.example.org?rate=", "are numbers"),
        ("smtp://mail.example.org?timeout=0", "are numbers"),
        ("smtp://mail.example.org?tsl=1", "knows rate, timeout, tls"),
        ("smtps://mail.example.org?tls=0", "smtps:// knows rate, timeout"),
        ("smtp://mail.example.org?tls=true", "tls is 1, as it is by itself, or 0"),
        ("smtp://vipu:s%C3%A4de@mail.example.org", "no letters such as ä"),
        ("smtp://:587", "names no mail server"),
        ("smtp://vipu@mail.example.org", "a user name and a password, or neither"),
        ("smtp://mail.example.org:submission", "%23"),
        ("ses://KEY:SECRET@eu-north-1", "a region and nothing else"),
        ("postmark://key?signing_key=x", "knows message_stream, rate, timeout"),
    ],
)
def test_a_mail_address_that_cannot_work_is_refused_with_what_is_wrong(url: str, told: str) -> None:
    with pytest.raises(config.ConfigurationError) as refusal:
        config.read(COMPLETE | {"VIPU_MAIL_URL": url})

    assert told in str(refusal.value)


@pytest.mark.parametrize(
    "odd", ["12#34", "12/34", "12?34", "se#cret", "se/cret", "se?cret", "se[cret", "se]cret"]
)
@pytest.mark.parametrize("begun", ["smtp://vipu:", "postmark://vipu:"])
def test_a_password_that_would_end_too_early_is_refused_without_being_told(begun: str, odd: str) -> None:
    with pytest.raises(config.ConfigurationError) as refusal:
        config.read(COMPLETE | {"VIPU_MAIL_URL": f"{begun}{odd}@mail.example.org:587"})

    assert "# as %23" in str(refusal.value)
    assert not any(part in str(refusal.value) for part in ("cret", "34", "mail.example.org"))


@pytest.mark.parametrize("odd", ["12#34", "se/cret", "se?cret", "p@ss:w%rd+ []"])
def test_a_password_with_any_character_works_once_it_is_written_with_percent_signs(odd: str) -> None:
    mail = config.read(
        COMPLETE | {"VIPU_MAIL_URL": f"smtp://vipu:{quote(odd, safe='')}@mail.example.org \n"}
    ).mail

    assert (mail.options["password"], mail.options["host"]) == (odd, "mail.example.org")


def test_a_key_in_base64_keeps_its_plus_signs() -> None:
    mail = config.read(COMPLETE | {"VIPU_MAIL_URL": "mandrill://key?signing_key=a+b/c=="}).mail

    assert mail.keys == {"MANDRILL_WEBHOOK_KEY": "a+b/c=="}


def test_amazon_is_asked_once_for_each_mail_and_not_for_longer_than_we_wait() -> None:
    mail = config.read(COMPLETE | {"VIPU_MAIL_URL": "ses://eu-north-1?timeout=7"}).mail

    asked = {"connect_timeout": 7, "read_timeout": 7, "retries": {"total_max_attempts": 1}}
    assert mail.options["client_params"] == {"region_name": "eu-north-1", "config": asked}


@pytest.mark.parametrize(
    "sender",
    [
        "Vipu",
        "Vipu <vipu>",
        "Vipu vipu@example.org",
        "Vipu <vipu@example.org",
        "Kunta, Vipu <vipu@example.org>",
        "vipu@example.org, kunta@example.org",
        "Vipu\n<vipu@example.org>",
        "Vipu <v ipu@example.org>",
        "v@@x.fi",
    ],
)
def test_a_sender_that_no_mail_could_have_stops_the_start(sender: str) -> None:
    with pytest.raises(config.ConfigurationError, match="VIPU_MAIL_FROM must be one address"):
        config.read(COMPLETE | {"VIPU_MAIL_FROM": sender})


@pytest.mark.parametrize(
    "sender",
    ["vipu@example.org", "<vipu@example.org>", "Säde <vipu@example.org>", '"Kunta, Vipu" <vipu@example.org>'],
)
def test_a_sender_may_have_a_name(sender: str) -> None:
    assert config.read(COMPLETE | {"VIPU_MAIL_FROM": sender}).mail.sender == sender


@pytest.mark.parametrize("url", ["vipu.example.org", "vipu.example.org:443", "https://", "https://[vipu"])
def test_links_in_mails_need_a_whole_address(url: str) -> None:
    with pytest.raises(config.ConfigurationError, match="VIPU_PUBLIC_URL must be the whole address"):
        config.read(COMPLETE | {"VIPU_PUBLIC_URL": url})


def test_a_rate_and_the_key_that_signs_news_stand_in_the_address_too() -> None:
    mailgun = config.read(COMPLETE | {"VIPU_MAIL_URL": "mailgun://key?rate=14&signing_key=abc"}).mail
    ses = config.read(COMPLETE | {"VIPU_MAIL_URL": "ses://eu-north-1?rate=0.5"}).mail

    assert (mailgun.rate, mailgun.keys) == (14.0, {"MAILGUN_WEBHOOK_SIGNING_KEY": "abc"})
    assert (ses.rate, ses.keys) == (0.5, {"AMAZON_SES_CLIENT_PARAMS": ses.options["client_params"]})


# --- Text messages ------------------------------------------------------------------------------------


def test_a_trial_keeps_texts_beside_its_mail_and_a_production_sends_none_by_itself(tmp_path: Path) -> None:
    trial = {"VIPU_DATA_DIR": str(tmp_path)}
    assert config.read(trial).sms.options == {"folder": str(tmp_path / "mailbox")}
    assert config.read(trial | {"VIPU_SMS_URL": ""}).sms.backend == ""
    assert config.read(COMPLETE).sms.backend == ""
    secret = tmp_path / "sms"
    secret.write_text("console://\n")
    told = config.read(COMPLETE | {"VIPU_SMS_URL_FILE": str(secret)})
    assert told.sms.backend == "notifications.sms.providers.Console"


def test_a_way_for_texts_that_does_not_exist_stops_the_start() -> None:
    with pytest.raises(config.ConfigurationError, match="none of console://, file:///folder"):
        config.read(COMPLETE | {"VIPU_SMS_URL": "pigeon://coop"})
