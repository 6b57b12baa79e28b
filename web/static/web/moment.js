// The busy door: do the work that the ticket asks for, in small pieces, and send the form by itself.
// Where the work cannot be done, or takes too long, waiting does as well.
(() => {
  const form = document.querySelector("form[data-bits]");
  if (!form) return;
  const ticket = form.elements.ticket.value, bits = Number(form.dataset.bits);
  const place = document.getElementById("moment");
  const say = (text) => { const line = document.createElement("p"); line.textContent = text; place.replaceChildren(line); };
  const breathe = (time = 0) => new Promise((go) => setTimeout(go, time));
  const ends = performance.now() + Number(form.dataset.seconds) * 1000 + 300;

  const zeros = (hash) => {
    const view = new DataView(hash);
    return Math.clz32(view.getUint32(0)); // bits ≤ 32
  };
  const look = async () => {
    const text = new TextEncoder();
    for (let first = 0; performance.now() < ends; first += 512) {
      const hashes = await Promise.all(Array.from({ length: 512 }, (_, at) =>
        crypto.subtle.digest("SHA-256", text.encode(`${ticket}:${first + at}`))));
      const found = hashes.findIndex((hash) => zeros(hash) >= bits);
      if (found >= 0) return String(first + found);
      await breathe();
    }
    return "";
  };
  const work = async () => {
    say(form.dataset.working);
    let number = "";
    try { number = await look(); } catch { await breathe(ends - performance.now()); } // no hashes without https
    if (form.dataset.sent) return; // somebody pressed the button meanwhile
    form.elements.proof.value = number;
    say(form.dataset.sending);
    form.requestSubmit();
  };
  work();
})();
