"""The whole line as one person sees it in Chromium: registration, mailbox, own page, survey, catalogue."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from backend.demo.people import REVIEWER
from tests.browser import looking
from tests.browser.conftest import NewWeek, Service, Tab, sit_down
from tests.browser.week import THEMES, Week, mail_with

AINO = "aino.kulkee@example.org"
PRACTICE = "Kirjaston lainakengät"


def _open_mail(page: Page, subject: str, start: str) -> None:
    """Find the mail in the mailbox of the trial and follow its link."""
    page.goto(f"/mailbox/?q={AINO}")
    page.locator("tbody a", has_text=subject).first.click()
    expect(page.frame_locator("iframe").locator("h1, p").first).to_be_visible()
    assert looking.barriers(page) == []
    page.locator(f"pre a[href*='{start}']").first.click()


def _register(page: Page, week: Week) -> None:
    page.goto(week.page)
    page.get_by_role("link", name="Ilmoittaudu").first.click()
    for number in (0, 3):
        page.locator(".pick").nth(number).click()
    page.get_by_label("Nimi").fill("Aino Esimerkki")
    page.get_by_label("Sähköposti").fill(AINO)
    page.locator("main").get_by_role("button", name="Ilmoittaudu").click()
    expect(page.locator(".receipt")).to_be_focused()
    expect(page.locator("main .tag.ok")).to_have_count(3, timeout=20_000)  # two places, and the mail is there


def _answer(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("Miten tapahtuma onnistui?")
    page.locator("input[name=usefulness][value='5']").check()
    page.fill("input[name=practice-title]", PRACTICE)
    page.fill("textarea[name=practice-summary]", "Kirjasto lainaa liukuesteitä.")
    page.fill("input[name=practice-municipality]", "Jämsä")
    page.locator("input[name=practice-may_contact]").check()
    page.get_by_role("button", name="Lähetä vastaukset").click()
    expect(page.locator("h1")).to_contain_text("Kiitos")


def _write(page: Page) -> None:
    """Fill in what is still empty in each of the five parts, and send the draft."""
    parts = page.locator("ol.cards a")
    expect(parts).to_have_count(5)  # neither a click nor all() waits for a whole page
    home = page.url
    for number in range(5):
        parts.nth(number).click()
        expect(page.get_by_role("button", name="Tallenna")).to_be_visible()
        for field in page.locator("main input[type=text], main textarea").all():
            if not field.input_value():
                field.fill(
                    "2025" if field.get_attribute("name") == "years" else "Kenkiä lainattiin talvella."
                )
        for box in page.locator("main input[type=checkbox]").all():
            box.check()
        page.get_by_role("button", name="Tallenna").click()
        page.wait_for_url(home)
    page.get_by_role("button", name="Lähetä arvioitavaksi").click()
    expect(page.locator("main form button")).to_have_count(0)


def _review(page: Page) -> None:
    sit_down(page, REVIEWER)
    page.goto("/desk/reviews/")
    page.get_by_role("link", name=PRACTICE).click()
    expect(page.locator("section.criterion")).to_have_count(5)
    for group in page.locator("section.criterion").all():
        group.locator("input[type=radio][value=met]").check()
        group.locator("textarea").fill("Näkyy kirjaston tilastosta.")
    page.locator("input[name=decision][value=publish]").check()
    page.get_by_role("button", name="Jatka").click()
    expect(page.locator("h1")).to_be_visible()
    page.locator("main button[value=save]").click()
    expect(page.locator(".note.success")).to_be_visible()


def test_from_the_programme_to_the_catalogue(tab: Tab, service: Service, new_week: NewWeek) -> None:
    week, page = new_week("Matkan varren aamut"), tab()
    _register(page, week)
    service.mails_to(AINO, at_least=2)
    _open_mail(page, THEMES[0], "/r/")
    expect(page.locator("h1")).to_have_text("Oma ilmoittautuminen")
    expect(page.locator("section.day")).to_have_count(2)
    own = page.url
    week.hold(0)
    week.send_survey(0)
    mail_with(week.postbox, AINO, "/s/")
    page.goto(own)
    page.get_by_role("link", name="Vastaa").click()
    _answer(page)
    mail_with(week.postbox, AINO, "/d/")
    _open_mail(page, PRACTICE, "/d/")
    _write(page)
    _review(tab())
    mail_with(week.postbox, AINO, "/fi/kaytannot/")
    page.goto(f"/fi/kaytannot/?q={PRACTICE}")
    page.get_by_role("link", name=PRACTICE).click()

    expect(page.locator("h1")).to_have_text(PRACTICE)
    expect(page.locator("main")).to_contain_text(THEMES[0])
    assert looking.barriers(page) == []
