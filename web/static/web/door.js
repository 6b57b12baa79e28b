// The door of an event on a phone. Whoever is let in is written down here first and sent when there is a
// connection; sending twice counts once, so nothing is lost and nobody is counted double.
(() => {
  const door = document.getElementById("door");
  if (!door) return;
  const { event, api, page } = door.dataset;
  const words = Object.fromEntries([...door.querySelectorAll("template")].map((t) => [t.id, t.innerHTML.trim()]));
  const at = (id) => document.getElementById(id);
  const KEY = `vipu:door:${event}`;
  const BATCH = 100, SHOWN = 30, AGAIN = 15000;

  // --- What is kept on this phone -----------------------------------------------------------------
  const kept = () => ({ people: [], queue: [], ...JSON.parse(localStorage.getItem(KEY) || "{}") });
  const keep = (change) => {
    const now = kept();
    change(now);
    localStorage.setItem(KEY, JSON.stringify(now));
    show();
  };
  const device = (() => {
    const made = localStorage.getItem("vipu:device") || Math.random().toString(36).slice(2, 10);
    localStorage.setItem("vipu:device", made);
    return made;
  })();
  const withQueue = (people, queue) => {
    const byNumber = new Map(people.map((one) => [one.registration, one]));
    for (const scan of queue) {
      const one = byNumber.get(scan.registration);
      if (one) Object.assign(one, { attended: !scan.undo || null, attended_at: scan.undo ? null : scan.scanned_at });
    }
    return people;
  };

  // --- Letting in -----------------------------------------------------------------------------------
  const clock = (moment) => new Date(moment).toLocaleTimeString("fi-FI", { hour: "numeric", minute: "2-digit" });
  const say = (text, tone) => {
    at("door-said").className = `note ${tone}`;
    at("door-said").firstElementChild.textContent = text;
    at("door-said").hidden = false;
  };
  const write = (one, undo) => {
    const scanned_at = new Date().toISOString();
    keep((now) => {
      now.queue.push({ registration: one.registration, scanned_at, undo });
      now.people = withQueue(now.people, now.queue);
    });
    say(`${one.name}: ${undo ? words["said-undone"] : words["said-in"]}`, undo ? "info" : "ok");
    send();
  };
  const letIn = (one) => {
    if (one.attended) say(`${one.name}: ${words["said-already"]} ${clock(one.attended_at)}`, "warn");
    else write(one, false);
  };
  const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
  const read = async (text) => {
    const token = /\/j\/([\w-]{16,})/.exec(text)?.[1];
    if (!token) return say(words["said-no-ticket"], "danger");
    const hash = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
    const one = kept().people.find((each) => each.ticket_hash === hash);
    if (one) return letIn(one);
    // registered after this phone took its list, or no place: the service knows
    keep((now) => now.queue.push({ ticket: hash, scanned_at: new Date().toISOString() }));
    say(words["said-unknown"], "warn");
    return send();
  };

  // --- Sending --------------------------------------------------------------------------------------
  let busy = false;
  const token = () => door.querySelector("[name=csrfmiddlewaretoken]");
  const refreshed = async () => {
    const answer = await fetch(page, { redirect: "manual" });
    if (!answer.ok) return false;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    token().value = fresh.querySelector("#door [name=csrfmiddlewaretoken]").value;
    return true;
  };
  const post = (scans) => fetch(api, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token().value },
    body: JSON.stringify({ device, sent_at: new Date().toISOString(), scans }),
  });
  const sent = async () => {
    for (let queue = kept().queue; queue.length; queue = kept().queue) {
      const scans = queue.slice(0, BATCH);
      let answer = await post(scans);
      if ([401, 403].includes(answer.status) && (await refreshed())) answer = await post(scans);
      if ([401, 403].includes(answer.status)) return words["line-signed-out"];
      if (!answer.ok) return words["line-trouble"];
      const { results } = await answer.json();
      keep((now) => now.queue.splice(0, scans.length));
      if (results.some((one) => ["no_place", "unknown"].includes(one.outcome))) say(words["said-no-place"], "danger");
    }
    const list = await fetch(api, { headers: { Accept: "application/json" } });
    if (!list.ok) return words["line-signed-out"];
    const { people } = await list.json();
    keep((now) => { now.people = withQueue(people, now.queue); });
    return words["line-sent"];
  };
  const send = async () => {
    if (busy) return;
    busy = true;
    let told;
    const work = async () => { told = await sent(); };
    try {
      await (navigator.locks ? navigator.locks.request(KEY, work) : work());
    } catch { told = words["line-offline"]; }
    busy = false;
    at("door-line").textContent = told;
    door.dataset.queue = kept().queue.length;
    if (kept().queue.length) setTimeout(send, navigator.onLine ? AGAIN / 5 : AGAIN);
  };
  addEventListener("online", send);
  setInterval(send, 60000);

  // --- What is seen ---------------------------------------------------------------------------------
  const matches = (one, text) => {
    const code = text.replace(/\s/g, "").toLowerCase();
    if (/^[0-9a-f]{6,8}$/.test(code) && one.ticket_hash.startsWith(code)) return true;
    const said = `${one.name} ${one.organisation}`.toLowerCase();
    return text.toLowerCase().split(/\s+/).every((word) => said.includes(word));
  };
  const line = (one) => {
    const row = at("door-row").content.cloneNode(true);
    const [name, soft, stands, enter, undo] = ["name", "soft", "stands", "enter", "undo"].map((part) =>
      row.querySelector(`[data-${part}]`));
    name.textContent = one.name;
    soft.textContent = one.organisation;
    stands.hidden = undo.hidden = !one.attended;
    enter.hidden = Boolean(one.attended);
    if (one.attended) stands.textContent = `${words["said-came"]} ${one.attended_at ? clock(one.attended_at) : ""}`;
    for (const button of [enter, undo]) button.querySelector(".vh").textContent = `: ${one.name}`;
    enter.addEventListener("click", () => letIn(one));
    undo.addEventListener("click", () => write(one, true));
    return row;
  };
  const show = () => {
    const { people, queue } = kept();
    at("door-came").textContent = people.filter((one) => one.attended).length;
    at("door-expected").textContent = people.length;
    at("door-waiting").textContent = queue.length;
    door.dataset.queue = queue.length;
    const found = people.filter((one) => matches(one, at("door-search").value.trim())).slice(0, SHOWN);
    at("door-people").replaceChildren(...found.map(line));
  };
  at("door-search").addEventListener("input", show);
  at("door-forget").addEventListener("click", async () => {
    if (kept().queue.length) return say(words["said-not-sent"], "warn");
    localStorage.removeItem(KEY);
    await caches.delete("vipu-door");
    show();
    return say(words["said-forgotten"], "info");
  });

  // --- The camera -----------------------------------------------------------------------------------
  const watch = async () => {
    const video = at("door-camera");
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.hidden = false;
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    let last = "", until = 0;
    const look = async () => {
      for (const { rawValue } of await detector.detect(video).catch(() => [])) {
        if (rawValue === last && Date.now() < until) continue; // the same ticket still before the camera
        [last, until] = [rawValue, Date.now() + 4000];
        await read(rawValue);
      }
      setTimeout(look, 200);
    };
    look();
  };
  if ("BarcodeDetector" in window && navigator.mediaDevices) {
    at("door-scan").hidden = false;
    at("door-scan").addEventListener("click", () => watch().catch(() => say(words["said-no-camera"], "danger")));
  }
  door.addEventListener("vipu:ticket", (told) => read(told.detail)); // a reader that types, or a test

  // --- Without a connection -------------------------------------------------------------------------
  const atHand = async () => {
    if (!navigator.serviceWorker) return;
    await navigator.serviceWorker.register(door.dataset.worker, { scope: page });
    await navigator.serviceWorker.ready;
    const cache = await caches.open("vipu-door");
    const parts = [...document.querySelectorAll("link[rel=stylesheet],link[rel=icon],link[rel=preload]")].map((l) => l.href);
    await cache.addAll([page, ...parts, ...[...document.scripts].map((s) => s.src).filter(Boolean)]);
    door.dataset.ready = "1";
  };
  atHand().catch(() => {});
  door.hidden = false;
  show();
  send();
})();
