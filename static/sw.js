// Keeps ticket pages, and what they need to look right, for the time without a network. Nothing else is kept, and the
// network always comes first: a ticket that was moved or cancelled must not look valid.

const STORE = "tickets-1";
const SNAPSHOT_LIFE = 40 * 24 * 3600 * 1000; // ms; appointments lie at most about a month ahead
const PATIENCE = 8000; // ms for a network that is there but does not move, when a copy exists
const AWAY = [502, 503, 504]; // somebody on the way answers for a server that does not, or it says so itself
const SNAPSHOT_AT = "X-Kept-At"; // so in copies that telephones have
const TICKET = /^\/t\/([0-9A-Za-z]{34})?$/; // or the list of those on this device
const CHANGE = /^(\/t\/[0-9A-Za-z]{34})\/(ubah|batal)$/;
const PART = /^\/(static\/|theme\.css$|icon\.svg$|logo\.png$)/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(Promise.all([clients.claim(), tidy()])));
addEventListener("message", (event) => event.waitUntil(keep(event.data)));

addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  const change = event.request.method === "POST" && CHANGE.exec(url.pathname);
  if (change) return event.respondWith(changed(event.request, change[1]));
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate" && TICKET.test(url.pathname)) event.respondWith(page(event.request, url));
  else if (PART.test(url.pathname)) event.respondWith(part(event.request));
});

async function page(request, url) {
  const copy = await caches.match(url.pathname);
  try {
    const response = await fetch(request, copy ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    if (copy && AWAY.includes(response.status)) return snapshot(copy);
    await remember(url.pathname, response.clone());
    return response;
  } catch (problem) {
    if (copy) return snapshot(copy);
    throw problem;
  }
}

// The page cannot see how it came: what stands in for the server's answer says so itself, and of when it is.
async function snapshot(copy) {
  const keptAt = `data-offline data-kept-at="${copy.headers.get(SNAPSHOT_AT)}" `;
  return new Response((await copy.text()).replace("data-offline ", keptAt), { headers: copy.headers });
}

// Moved or cancelled when the answer is the way to another page; the copy goes even if that page is never reached.
async function changed(request, ticket) {
  const response = await fetch(request);
  if (response.type === "opaqueredirect") await (await caches.open(STORE)).delete(ticket);
  return response;
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

async function keep({ page, parts, known }) {
  if (TICKET.test(page) && !known) await remember(page, await fetch(page));
  if (!(await caches.match(page))) return; // not worth keeping: moved or cancelled
  for (const address of parts) {
    const url = new URL(address);
    if (url.origin === location.origin && PART.test(url.pathname)) await put(url.href, await fetch(url.href));
  }
  await tidy();
}

// The server says with each page whether a copy may stay.
async function remember(path, response) {
  const wish = response.headers.get("Offline-Copy");
  if (response.ok && wish === "keep") return put(path, response);
  if (response.status === 404 || wish === "drop") return (await caches.open(STORE)).delete(path);
}

async function put(key, response) {
  if (!response.ok) return;
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding"); // the blob is unpacked
  headers.delete("Content-Length");
  headers.set(SNAPSHOT_AT, String(Date.now()));
  await (await caches.open(STORE)).put(key, new Response(await response.blob(), { headers }));
}

async function tidy() {
  const store = await caches.open(STORE);
  for (const request of await store.keys()) {
    const copy = await store.match(request);
    if (Date.now() - Number(copy.headers.get(SNAPSHOT_AT)) > SNAPSHOT_LIFE) await store.delete(request);
  }
}
