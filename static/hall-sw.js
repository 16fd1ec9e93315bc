// For desk, counters and displays: the network comes first, and a kept page stands in for it when there is none.
// The pages put their shells into the store themselves (static/js/offline/shells.js); they hold nobody's name.

const STORE = "hall-1";
const PATIENCE = 8000; // ms for a network that is there but does not move
const AWAY = [502, 503, 504]; // somebody on the way answers for a server that does not
const DISPLAY = /^\/display\/[0-9a-z-]+$/;
const PART = /^\/(static\/|theme\.css$|icon\.svg$|logo\.png$)/;
const ELSEWHERE = "/meja/kerangka/lain";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const answer = request.method === "GET" ? page : pressed;
  if (request.mode === "navigate") event.respondWith(answer(request, url));
  else if (request.method === "GET" && PART.test(url.pathname)) event.respondWith(part(request));
});

async function page(request, url) {
  const isDisplay = DISPLAY.test(url.pathname);
  const copy = (await caches.match(url.pathname)) ?? (isDisplay ? undefined : await caches.match(ELSEWHERE));
  try {
    const response = await fetch(request, copy ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    if (AWAY.includes(response.status) && copy) return copy;
    if (isDisplay && response.ok) await (await caches.open(STORE)).put(url.pathname, response.clone());
    return response;
  } catch (problem) {
    if (copy) return copy;
    throw problem;
  }
}

// A button of a page from before the cut: nobody knows whether it arrived, and the page that stands in says so.
async function pressed(request, url) {
  const back = url.pathname.startsWith("/loket/") ? "/loket/" : "/meja/kedatangan";
  const instead = async () => (await caches.match(back)) && Response.redirect(`${back}?luring=1`, 303);
  try {
    const response = await fetch(request);
    return (AWAY.includes(response.status) && (await instead())) || response;
  } catch (problem) {
    const answer = await instead();
    if (answer) return answer;
    throw problem;
  }
}

async function part(request) {
  try {
    const response = await fetch(request);
    return (AWAY.includes(response.status) && (await caches.match(request.url))) || response;
  } catch (problem) {
    const copy = await caches.match(request.url);
    if (copy) return copy;
    throw problem;
  }
}
