"""T66: what is an address, how it is mailed, and by what one person is recognised."""

from itertools import combinations

import pytest

from backend.core.text import email_address, email_key

L64, L65 = "a" * 64, "a" * 65
LABEL = "b" * 63
LONG = f"{L64}@{LABEL}.{LABEL}.{'c' * 58}.fi"  # 64 + 1 + 189 = 254

# typed, as it is mailed, and the key
TAKEN = [
    (plain, plain, plain)
    for plain in (
        "aino@example.org",
        "aino.esimerkki@example.org",
        "a.i.n.o@example.org",
        "ainoesimerkki@example.org",
        "aino+aamut@example.org",
        "aino+@example.org",
        "+aino@example.org",
        "aino-e@example.org",
        "-aino@example.org",
        "aino_e@example.org",
        "_@example.org",
        "1@example.org",
        "0123456789@example.org",
        "o'brien@example.org",
        "a%b@example.org",
        "a!b@example.org",
        "a#b@example.org",
        "a$b@example.org",
        "a&b@example.org",
        "a*b@example.org",
        "a/b@example.org",
        "a=b@example.org",
        "a?b@example.org",
        "a^b@example.org",
        "a`b@example.org",
        "a{b}@example.org",
        "a|b@example.org",
        "a~b@example.org",
        "aino@edu.example.org",
        "aino@a.b.c.d.example.org",
        "aino@ex-ample.org",
        "aino@1example.org",
        "aino@example.museum",
        "aino@strasse.de",
        "aino@fass.de",
        "aino@paypal.com",
        f"{L64}@example.org",
        f"aino@{LABEL}.fi",
        LONG,
    )
] + [
    ("AINO@example.org", "AINO@example.org", "aino@example.org"),
    ("Aino@Example.ORG", "Aino@example.org", "aino@example.org"),
    ("aino@EXAMPLE.org", "aino@example.org", "aino@example.org"),
    (" aino@example.org", "aino@example.org", "aino@example.org"),
    ("aino@example.org ", "aino@example.org", "aino@example.org"),
    ("aino@example.org\n", "aino@example.org", "aino@example.org"),
    ("\taino@example.org\r\n", "aino@example.org", "aino@example.org"),
    ("Aino+Aamut@example.org", "Aino+Aamut@example.org", "aino+aamut@example.org"),
    ("aino@jyväskylä.fi", "aino@jyväskylä.fi", "aino@xn--jyvskyl-7wae.fi"),
    ("aino@JYVÄSKYLÄ.fi", "aino@jyväskylä.fi", "aino@xn--jyvskyl-7wae.fi"),
    ("aino@jyva\u0308skyla\u0308.fi", "aino@jyväskylä.fi", "aino@xn--jyvskyl-7wae.fi"),
    ("aino@xn--jyvskyl-7wae.fi", "aino@jyväskylä.fi", "aino@xn--jyvskyl-7wae.fi"),
    ("aino@XN--JYVSKYL-7WAE.FI", "aino@jyväskylä.fi", "aino@xn--jyvskyl-7wae.fi"),
    ("aino@stra\xdfe.de", "aino@stra\xdfe.de", "aino@xn--strae-oqa.de"),
    ("aino@fa\xdf.de", "aino@fa\xdf.de", "aino@xn--fa-hia.de"),
    (
        "aino@\u03b2\u03cc\u03bb\u03bf\u03c2.com",
        "aino@\u03b2\u03cc\u03bb\u03bf\u03c2.com",
        "aino@xn--nxasmm1c.com",
    ),
    (
        "aino@\u03b2\u03cc\u03bb\u03bf\u03c3.com",
        "aino@\u03b2\u03cc\u03bb\u03bf\u03c3.com",
        "aino@xn--nxasmq6b.com",
    ),
    ("aino@\u212aunta.fi", "aino@kunta.fi", "aino@kunta.fi"),  # the Kelvin sign in a domain is a k everywhere
    ("aino@\uff11\uff12.fi", "aino@12.fi", "aino@12.fi"),
    ("aino@example\u3002org", "aino@example.org", "aino@example.org"),
    ("aino@\u4f8b\u3048.jp", "aino@\u4f8b\u3048.jp", "aino@xn--r8jz45g.jp"),
    (
        "aino@\u0440\u0430\u0443\u0440\u0430l.com",
        "aino@\u0440\u0430\u0443\u0440\u0430l.com",
        "aino@xn--l-7sba6dbr.com",
    ),
]
REFUSED = [
    "",
    " ",
    "@",
    "aino",
    "aino@",
    "@example.org",
    "aino@@example.org",
    "aino@example@org",
    "aino example.org",
    "ai no@example.org",
    "aino@ex ample.org",
    ".aino@example.org",
    "aino.@example.org",
    "ai..no@example.org",
    "aino@example..org",
    "aino@.example.org",
    "aino@example.org.",
    "aino@-example.org",
    "aino@example-.org",
    "aino@exam_ple.org",
    "aino@localhost",
    "aino@example",
    "aino@test",
    "aino@example.invalid",
    "aino@example.local",
    "aino@127.0.0.1",
    "aino@[127.0.0.1]",
    "aino@[IPv6:::1]",
    '"aino"@example.org',
    '"ai no"@example.org',
    '"ai@no"@example.org',
    '"ai\\"no"@example.org',
    "aino(comment)@example.org",
    "(comment)aino@example.org",
    "aino@example.org(comment)",
    "aino@(comment)example.org",
    "Aino Esimerkki <aino@example.org>",
    "<aino@example.org>",
    "aino@example.org,veera@example.org",
    "aino@example.org;veera@example.org",
    "aino,veera@example.org",
    "mailto:aino@example.org",
    "\u00e4ino@example.org",  # needs SMTPUTF8
    "\u0430ino@example.org",  # begins with a Cyrillic letter
    "\u212aalle@example.org",  # the Kelvin sign
    "\u4f8b@example.org",
    "aino\u200b@example.org",
    "aino@example.org\u200b",
    "aino@ex\u00adample.org",
    "aino\x00@example.org",
    "ai\nno@example.org",
    "ai\u202eno@example.org",
    "aino\uff20example.org",
    f"{L65}@example.org",
    f"aino@{LABEL}b.fi",
    f"a{LONG}",
    f"{L64}@{LABEL}.{LABEL}.{'c' * 59}.fi",
    "aino@" + "b." * 130 + "fi",
    "aino@xn--zzzzzzzzzzzz99999999.fi",
]


def test_the_table_has_a_hundred_and_twenty_rows() -> None:
    assert len(TAKEN) + len(REFUSED) >= 120


@pytest.mark.parametrize(("typed", "mailed", "key"), TAKEN)
def test_an_address_is_mailed_as_typed_and_recognised_by_its_key(typed: str, mailed: str, key: str) -> None:
    assert email_address(typed) == mailed
    assert email_key(mailed) == key


@pytest.mark.parametrize("typed", REFUSED)
def test_what_no_mail_reaches_for_certain_is_refused(typed: str) -> None:
    assert email_address(typed) is None


def test_two_look_alikes_never_share_a_key() -> None:
    """Two mailboxes with two owners have two keys; only letter case and the spelling of a domain are one."""
    owners = {key: mailed for _typed, mailed, key in TAKEN}

    for (one, mailed), (other, its) in combinations(owners.items(), 2):
        assert one != other
        assert mailed.lower() != its.lower()


def test_a_domain_that_was_kept_under_older_rules_still_has_a_key() -> None:
    assert email_key("Aino@LOCALHOST") == "aino@localhost"
