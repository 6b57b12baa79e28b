"""Django's settings, derived from one frozen Config. Nobody imports this module; use ``django.conf``."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.csp import CSP
from kombu import Exchange, Queue
from kombu.common import Broadcast

from backend import config

CONFIG = config.read()

# --- Identity -----------------------------------------------------------------------------------
SECRET_KEY = CONFIG.secret_key
DEBUG = False
ALLOWED_HOSTS = [*CONFIG.hosts, "testserver"] if not CONFIG.production else list(CONFIG.hosts)
PUBLIC_URL = CONFIG.public_url
PRODUCTION = CONFIG.production
DATA_DIR = CONFIG.data_dir
RATE_LIMITS = CONFIG.rate_limits
TRUSTED_PROXIES = CONFIG.trusted_proxies
METRICS_TOKEN = CONFIG.metrics_token
ROOT_URLCONF = "backend.urls"
WSGI_APPLICATION = "backend.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "backend",  # its commands: demo, doctor
    "notifications",
    "accounts",
    "events",
    "registrations",
    "catalogue",
    "surveys",
    "web",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "anymail",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # with random bytes against BREACH; static files have their own
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "backend.private.ForOneReader",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "web.desk.language.DeskLanguage",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "web.public.views.refusals.RefusalPages",
]
CSRF_FAILURE_VIEW = "web.public.views.refusals.stale_form"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


# --- Database: the queue of record, so it never loses an accepted row -----------------------------
def _database() -> dict[str, Any]:
    if not CONFIG.database_url:
        CONFIG.data_dir.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": CONFIG.data_dir / "vipu.sqlite3",
            "CONN_MAX_AGE": None,  # the pragmas below are rerun for each new connection
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # a deferred transaction fails when it first writes
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
            "TEST": {"NAME": CONFIG.data_dir / "test.sqlite3"},  # threads of a test need a file they share
        }
    url = urlsplit(CONFIG.database_url)
    query = dict(parse_qsl(url.query))
    # lock_timeout and statement_timeout keep one stuck transaction from stopping everybody else
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", "") or unquote(url.hostname or ""),
        "PORT": query.pop("port", "") or (url.port or ""),
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 12, "timeout": 10},
            "options": "-c lock_timeout=3s -c statement_timeout=10s",
            "prepare_threshold": 5,  # of a cursor that binds on the server (``notifications.journal``)
            **query,
        },
    }


DATABASES = {"default": _database()}
ATOMIC_REQUESTS = False  # a transaction is opened by an action, never by a page

# --- Cache, sessions: rate limits and sign-ins ----------------------------------------------------
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CONFIG.redis_url}
    if CONFIG.redis_url
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = CONFIG.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- Workers: the broker only carries "wake up"; the ledger in the database is the queue ----------
CELERY_BROKER_URL = CONFIG.redis_url or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "ack_emulation": False,  # a lost "wake up" need not come back (see ``backend.celery``)
    "socket_connect_timeout": 0.5,  # with a dead broker a registration waits this long, and then succeeds
    "socket_timeout": 0.8,
    "retry_on_timeout": False,
    "max_retries": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True  # the ledger is the result
CELERY_TASK_STORE_EAGER_RESULT = False
CELERY_TASK_ACKS_LATE = True  # whoever is busy takes no other task meanwhile
CELERY_TASK_TIME_LIMIT = 90
CELERY_TASK_SOFT_TIME_LIMIT = 75
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # it would stop a mail in mid-hand-over
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30  # on SIGTERM the task in hand may end within this time
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_IMPORTS = ["backend.pulse"]
CELERY_TASK_DEFAULT_QUEUE = "vipu"
CELERY_TASK_QUEUES = [Queue("vipu"), Queue("notifications"), Broadcast("pulse")]
CELERY_TASK_ROUTES = {
    "notifications.*": {"queue": "notifications"},
    "backend.pulse": {"queue": "pulse"},  # every worker gets its own copy
}


def _every(seconds: float, task: str, **kwargs: str) -> dict[str, Any]:
    """Run a task that is safe to run twice; one that nobody took within two rounds is dropped."""
    return {"task": task, "schedule": seconds, "kwargs": kwargs, "options": {"expires": 2 * seconds}}


CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # nothing to remember: every interval is short
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
CELERY_BEAT_SCHEDULE = {
    "pulse": {
        "task": "backend.pulse",
        "schedule": 10,
        # Redis does not know an exchange of this kind before its sender has told of it
        "options": {"expires": 20, "declare": [Exchange("pulse", type="fanout")]},
    },
    "drain-urgent": _every(5, "notifications.drain", lane="urgent"),
    "drain-normal": _every(10, "notifications.drain", lane="normal"),
    "drain-bulk": _every(10, "notifications.drain", lane="bulk"),
    "drain-sms": _every(10, "notifications.drain", lane="sms"),
    "deliver-endpoints": _every(10, "notifications.deliver_endpoints"),
    "morning-mail": _every(300, "registrations.send_digests"),
    "forget-deliveries": _every(3600, "notifications.forget_deliveries"),
    "keep-clocks": _every(3600, "events.keep_clocks"),
    "sweep": _every(30, "notifications.sweep"),
    "hear-providers": _every(20, "notifications.hear"),
    "take-in-mail": _every(60, "notifications.take_in_mail"),
    "remove-protected-answers": _every(3600, "registrations.remove_protected"),
    "tend-waiting-lines": _every(30, "registrations.tend"),
    "plan-due-messages": _every(20, "registrations.plan_due"),
    "tend-exports": _every(60, "registrations.tend_exports"),
    "tend-imports": _every(60, "registrations.tend_imports"),
    "keep-campaigns-still": _every(10, "registrations.keep_still"),
    "forget-spent-tickets": _every(3600, "registrations.forget_spent_tickets"),
    "open-due-surveys": _every(60, "surveys.open_due"),
}

# --- Mail ----------------------------------------------------------------------------------------
MAILERS = {"default": {"BACKEND": CONFIG.mail.backend, "OPTIONS": dict(CONFIG.mail.options)}}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG.mail.sender
MAIL_RATE = CONFIG.mail.rate
SMS = CONFIG.sms
MAILBOX_DIR = CONFIG.data_dir / "mailbox"
REPLY_ADDRESS = CONFIG.replies.address
REPLY_MAIL_URL = CONFIG.replies.mailbox_url
REPLIES_DIR = CONFIG.replies.folder
WEBHOOK_SECRET = CONFIG.webhook_secret
ANYMAIL = {**({"WEBHOOK_SECRET": WEBHOOK_SECRET} if WEBHOOK_SECRET else {}), **CONFIG.mail.keys}

# --- Languages -----------------------------------------------------------------------------------
LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", "Suomi"), ("sv", "Svenska"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
_ROOT = Path(__file__).resolve().parent.parent
LOCALE_PATHS = [
    _ROOT / "web" / "public" / "locale",
    _ROOT / "web" / "desk" / "locale",
    _ROOT / "backend" / "locale",
]

# --- Sign-in -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator makes the accounts; nobody signs up
ACCOUNT_ADAPTER = "accounts.adapter.ClosedDoor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# --- API -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["backend.core.api.Nobody"],  # every endpoint states its own
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["backend.core.bodies.Body"],
    "DEFAULT_PAGINATION_CLASS": "backend.core.api.Pages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "backend.core.api.problem",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Vipu",
    "DESCRIPTION": (Path(__file__).parent / "templates/backend/reference.md").read_text(encoding="utf-8"),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "backend.openapi.pages_may_not_be_there",
    ],
    "ENUM_NAME_OVERRIDES": {  # several things have a kind and a state
        "SeriesState": "events.models.EventSeries.State",
        "EventKind": "events.models.Event.Kind",
        "EventState": "events.models.Event.State",
        "EventMode": "events.models.Event.Mode",
        "AdmissionMode": "registrations.models.Quota.Mode",
        "SessionKind": "events.models.Session.Kind",
        "ChangeKind": "events.programme.ChangeKind",
        "RegistrationState": "registrations.models.Registration.State",
        "QuestionKind": "registrations.models.Question.Kind",
        "WorkState": "registrations.models.WorkState",
        "RuleKind": "registrations.models.MessageRule.Kind",
        "RuleAttendance": "registrations.models.MessageRule.Attendance",
        "RuleState": "registrations.api.rule_serializers.STATES",
        "CampaignState": "registrations.models.Campaign.State",
        "MessageState": "notifications.models.Message.State",
        "PracticeState": "catalogue.models.PracticeVersion.State",
        "DraftSectionState": "catalogue.rules.SectionState",
        "Language": "backend.core.i18n.LANGUAGE_CHOICES",
        "LanguageCode": "backend.core.i18n.LANGUAGES",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # no form of ours is longer
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- Static files --------------------------------------------------------------------------------
STATIC_URL = "/static/"
_BUILT = _ROOT / "staticfiles"  # made with the image, by collectstatic; a checkout serves from its folders
STATIC_ROOT = _BUILT if _BUILT.exists() else None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
if STATIC_ROOT:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }

# --- The browser's own guards --------------------------------------------------------------------
_data: list[Any] = [CSP.SELF, "data:"]
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": _data,
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "frame-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
# personal links are addresses: they never leave in a Referer. "no-referrer" would send "Origin: null" with
# our own forms, and the check against forged requests would refuse them.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if CONFIG.https:
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if CONFIG.trusted_proxies:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = [CONFIG.public_url]

# --- Logs: one line a thing, never an address, a name or a token ----------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "backend.redaction.Line",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"vipu": {"level": "INFO"}},
}
