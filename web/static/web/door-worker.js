// Keeps the page of the door at hand, so that it opens without a connection. It holds no names: those are kept
// by the page itself, and what was scanned waits there until it has been sent.
const KEPT = "vipu-door";
const PATIENCE = 3000; // milliseconds a slow network gets before the kept page is shown
const OURS = new Set(["document", "style", "script", "font", "image"]);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const ours = new URL(request.url).origin === location.origin && OURS.has(request.destination);
  if (request.method === "GET" && ours) event.respondWith(answer(request));
});

async function answer(request) {
  const cache = await caches.open(KEPT);
  const fresh = fetch(request).then((response) => {
    if (response.ok && !response.redirected) cache.put(request, response.clone());
    return response;
  });
  const kept = await cache.match(request, { ignoreVary: true, ignoreSearch: request.mode === "navigate" });
  if (!kept) return fresh;
  const later = new Promise((done) => setTimeout(() => done(kept), PATIENCE));
  return Promise.race([fresh.catch(() => kept), later]);
}
