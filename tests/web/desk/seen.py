"""What a person sees on a page of the desk, and how they press through to the end of a change."""

import re
from html import unescape
from typing import Protocol

from django.test import Client
from django.urls import reverse


class Page(Protocol):
    """An answer with its words."""

    status_code: int

    @property
    def content(self) -> bytes: ...


def text(response: Page) -> str:
    """The words of the main part, white space folded."""
    html = response.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split()))


def page(client: Client, name: str, *args: object, **query: str) -> str:
    response = client.get(reverse(f"desk:{name}", args=args), query)
    assert response.status_code == 200
    return text(response)


def happens(response: Page) -> list[str]:
    """The sentences under "This is what happens"."""
    html = response.content.decode()
    block = html[html.index('id="what"') :].partition("</section>")[0]
    return [
        unescape(re.sub(r"<[^>]+>", "", item)) for item in re.findall(r"<li>(.*?)</li>", block, re.DOTALL)
    ]


def preview(client: Client, name: str, /, *args: object, **typed: object) -> list[str]:
    response = client.post(reverse(f"desk:{name}", args=args), {**typed, "step": "preview"})
    assert response.status_code == 200
    return happens(response)


def save(client: Client, name: str, /, *args: object, **typed: object) -> str:
    """Press the last button and read the sentence at the top of the next page."""
    response = client.post(reverse(f"desk:{name}", args=args), {**typed, "step": "save"})
    assert response.status_code == 303, text(response)
    html = client.get(response["Location"]).content.decode()
    found = re.search(r'<div class="note[^>]*data-focus><p>(.*?)</p>', html)
    return unescape(found[1]) if found else ""


def problems(response: Page) -> dict[str, str]:
    """What needs correcting: the sentence by the id of the field its link leads to."""
    assert response.status_code == 422
    html = response.content.decode()
    block = html[html.index('class="errors"') :].partition("</div>")[0]
    links = re.findall(r'<li>(?:<a href="#([^"]*)">)?(.*?)(?:</a>)?</li>', block)
    return {target: unescape(sentence) for target, sentence in links}
