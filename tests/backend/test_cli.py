"""The command line explains itself, and the access log keeps what opens something to itself."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from gunicorn.config import Config

from backend import cli, config, server


def test_without_a_word_it_tells_what_can_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 2

    told = capsys.readouterr().out
    assert [
        word
        for word in ("up", "demo", "web", "worker", "beat", "migrate", "doctor", "user")
        if word not in told
    ] == []


@pytest.mark.parametrize("command", ["up", "demo"])
def test_one_process_for_everything_is_not_for_production(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "DATABASE_URL": "postgres://localhost/vipu",
        "REDIS_URL": "redis://localhost/0",
        "SECRET_KEY": "made up",
        "VIPU_HOSTS": "localhost",
        "VIPU_PUBLIC_URL": "http://localhost",
        "VIPU_MAIL_URL": "mailbox://",
        "VIPU_MAIL_FROM": "vipu@example.org",
    }.items():
        monkeypatch.setenv(name, value)
    assert config.read().production

    with pytest.raises(SystemExit, match="this is the production profile"):
        cli.main([command])


def test_a_personal_link_and_a_search_stay_out_of_the_access_log() -> None:
    log = server.AccessLog(Config())
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/r/abcDEF123_-abcDEF123_-abcDE/?q=aino@example.org",
        "PATH_INFO": "/r/abcDEF123_-abcDEF123_-abcDE/",
        "QUERY_STRING": "q=aino@example.org",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
    }
    answer = SimpleNamespace(status="200 OK", sent=512, headers=[])

    atoms = log.atoms(answer, SimpleNamespace(headers=[]), environ, timedelta(milliseconds=3))
    written = server.options(bind="", workers=1, threads=1, access_log=True)["access_log_format"] % atoms  # type: ignore[operator]  # a string

    assert written.partition("] ")[2] == '"GET /r/…/" 200 512 3ms'
