"""The command line: ``vipu up`` for the whole service, ``vipu web|worker|beat`` for its parts."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

import django
from django.core.management import call_command
from django.utils import timezone

from backend import config, server, translations
from backend.celery import app


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked; without a word, tell what can be asked."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.act is None:
        parser.print_help()
        return 2
    act: Callable[[argparse.Namespace], int | None] = asked.act
    return act(asked) or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="vipu", description="Runs the whole life of a theme day.")
    parser.set_defaults(act=None)
    commands = parser.add_subparsers(metavar="command")
    for name, act, told in (
        ("up", up, "the whole service in one process: pages, worker and scheduler"),
        ("demo", demo, "the same with demonstration data"),
        ("web", web, "production: the pages"),
        ("worker", worker, "production: a worker; start as many as there is work"),
        ("beat", beat, "production: the scheduler; a second one does no harm"),
        ("migrate", migrate, "bring the tables of the database up to this version"),
        ("doctor", doctor, "tell what is connected and whether anything lags behind"),
    ):
        commands.add_parser(name, help=told, description=told).set_defaults(act=act)
    _add_user(commands.add_parser("user", help="let a person sign in and act for an organisation"))
    _add_mail(commands.add_parser("mail", help="after a backup was put back: hold all mail, or let it go"))
    _add_alive(commands.add_parser("alive", help="for supervisors: is this part alive? (exit code 0 or 1)"))
    return parser


def _add_user(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(act=user)
    parser.add_argument("email")
    parser.add_argument("--name", default="")
    parser.add_argument("--organisation", required=True, help="its short name in addresses, e.g. demos")
    parser.add_argument("--organisation-name", default="", help="makes the organisation if it is not there")
    parser.add_argument("--role", default="organiser", choices=("admin", "organiser", "reviewer", "viewer"))


def _add_mail(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(act=mail)
    parser.add_argument(
        "what",
        choices=("hold", "sent", "release"),
        help="sent: reads the mail server's log from standard input; what it names does not go again",
    )


def _add_alive(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(act=alive)
    parser.add_argument("part", choices=("web", "worker", "beat"))


def up(asked: argparse.Namespace) -> None:
    """Serve everything from one process; refuses where other processes are meant to do the work."""
    _only_embedded("vipu up runs everything in one process. Here, start vipu web, vipu worker and vipu beat.")
    migrate(asked)
    _serve_everything()


def demo(asked: argparse.Namespace) -> None:
    """Serve everything, with people and events that are visibly made up."""
    _only_embedded("vipu demo would put made-up people into a real database.")
    migrate(asked)
    from backend import demo as demonstration  # noqa: PLC0415 - models need django.setup()

    told = "\n  ".join(
        ("Vipu, the demonstration. Ctrl-C ends it.\n", *demonstration.load(timezone.now()).lines)
    )
    sys.stdout.write(f"\n  {told}\n\n")
    sys.stdout.flush()
    _serve_everything()


def _only_embedded(sentence: str) -> None:
    if config.read().production:
        sys.exit(f"{sentence} (DATABASE_URL or REDIS_URL is set: this is the production profile.)")


def _serve_everything() -> None:
    from backend import embedded  # noqa: PLC0415 - only these commands need the worker's modules

    embedded.serve(bind=config.read().bind)


def web(asked: argparse.Namespace) -> None:
    """Serve the pages."""
    told = config.read()
    shared = server.options(bind=told.bind, workers=told.web_workers, threads=server.THREADS, access_log=True)
    server.Server(**shared).run()


def worker(asked: argparse.Namespace) -> None:
    """Take tasks from the broker and do them."""
    processes = config.read().worker_processes
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=WARNING")
    app.worker_main(["--quiet", "worker", f"--concurrency={processes}", "--hostname=worker@%h", *quiet])


def beat(asked: argparse.Namespace) -> None:
    """Send the workers what is to be done regularly."""
    app.Beat(quiet=True, loglevel="WARNING").run()


def migrate(asked: argparse.Namespace) -> None:
    """Bring the tables and the lists every installation needs up to date; says nothing about it."""
    _prepare()
    call_command("migrate", verbosity=0, interactive=False)
    from backend.reference import load_reference  # noqa: PLC0415 - models need django.setup()

    load_reference(timezone.now())


def doctor(asked: argparse.Namespace) -> int:
    """Say how this installation is."""
    _prepare()
    from backend import doctor as examination  # noqa: PLC0415 - models need django.setup()

    return examination.examine(sys.stdout)


def user(asked: argparse.Namespace) -> int:
    """Make somebody who can sign in."""
    _prepare()
    from backend import operations  # noqa: PLC0415 - models need django.setup()

    return operations.add_user(asked)


def mail(asked: argparse.Namespace) -> int:
    """Hold all mail back, leave out what had left already, or let it go."""
    _prepare()
    from backend import operations  # noqa: PLC0415 - models need django.setup()

    return operations.mail(asked.what)


def alive(asked: argparse.Namespace) -> int:
    """Answer a supervisor."""
    _prepare()
    from backend import operations  # noqa: PLC0415 - models need django.setup()

    return operations.alive(asked.part)


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    translations.compile_changed()
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
