// Without this file every question stands there, with a note that says whom it is for.
(() => {
  // Questions that hang on another answer, or on an event, are shown when they are asked.
  for (const form of document.querySelectorAll("form")) {
    const lines = [...form.querySelectorAll("[data-when],[data-event]")];
    if (!lines.length) continue;
    const chosen = (name) => [...form.querySelectorAll(`[name="${name}"]:checked`)].map((box) => box.value);
    const offered = form.querySelector("[name=events]");
    const look = () => { for (const line of lines) {
      const { when, values, event } = line.dataset;
      line.hidden = when ? !chosen(when).some((value) => values.split(" ").includes(value))
        : Boolean(offered) && !chosen("events").includes(event);
    } };
    for (const note of form.querySelectorAll("[data-note]")) note.hidden = true;
    form.addEventListener("change", look);
    addEventListener("pageshow", look);
    look();
  }
})();
