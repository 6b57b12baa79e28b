// Everything works without this file; with it, a few things are kinder.
(() => {
  const all = (selector) => document.querySelectorAll(selector);
  const store = (deed) => { try { return deed(sessionStorage); } catch { return null; } };
  const say = (text) => { const place = document.getElementById("status"); if (place) place.textContent = text; };

  // What has just happened is read first.
  document.querySelector("[data-focus]")?.focus();
  for (const link of all(".errors a")) link.addEventListener("click", (event) => {
    const target = document.getElementById(link.hash.slice(1));
    if (target) { event.preventDefault(); target.focus(); target.scrollIntoView({ block: "center" }); }
  });

  // A second press of the same button is not a second wish.
  for (const form of all("form[method=post]")) form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  addEventListener("pageshow", () => { for (const form of all("form")) delete form.dataset.sent; });

  // A closed tab or a lost connection does not cost what was typed.
  for (const form of all("form[data-keep]")) {
    const key = "vipu:" + form.dataset.keep;
    const fields = [...form.querySelectorAll("input[type=text],input[type=email],textarea")].filter((f) => !("private" in f.dataset));
    const kept = store((s) => JSON.parse(s.getItem(key))) || {};
    for (const field of fields) if (!field.value && kept[field.name]) field.value = kept[field.name];
    form.addEventListener("input", () => store((s) =>
      s.setItem(key, JSON.stringify(Object.fromEntries(fields.map((f) => [f.name, f.value]))))));
  }
  for (const done of all("[data-done]")) store((s) => s.removeItem("vipu:" + done.dataset.done));

  // Mail on its way: look five times within a minute, and tell only what changed. An organiser's own work is
  // looked at each 3 s for a minute before that.
  for (const place of all("[data-poll]")) {
    let left = "often" in place.dataset ? 25 : 5;
    const look = async () => {
      try {
        const answer = await fetch(place.dataset.poll, { headers: { Accept: "text/html" } });
        if (!answer.ok) return;
        const html = (await answer.text()).trim();
        if (html !== place.innerHTML.trim()) { place.innerHTML = html; say(place.innerText); }
      } catch { return; }
      if (--left && place.querySelector("[data-moving]")) setTimeout(look, left > 5 ? 3000 : 12000);
    };
    if (place.querySelector("[data-moving]")) setTimeout(look, 2000);
  }
})();
