// The ticket page: kept for the time without a network, and says so when there is none.

const note = document.querySelector("[data-offline]");

function showNetwork() {
  note.hidden = navigator.onLine;
}

addEventListener("online", showNetwork);
addEventListener("offline", showNetwork);
showNetwork();

if ("serviceWorker" in navigator) {
  // Asked before a new worker takes the page over: a page that came through the worker was kept on its way, unless it
  // says something for once only: then the worker asks for the plain one.
  const known = Boolean(navigator.serviceWorker.controller) && !("later" in note.dataset);
  navigator.serviceWorker
    .register("/sw.js", { scope: "/t/" })
    .then(() => navigator.serviceWorker.ready)
    .then((worker) => keep(worker, known), () => {});
}

function keep(registration, known) {
  const parts = document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], link[rel=icon], script[src]");
  registration.active.postMessage({
    page: location.pathname,
    parts: Array.from(parts, (part) => part.href || part.src),
    known,
  });
}

const copy = document.querySelector("[data-copy]");

if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector("[data-code]").textContent);
    copy.firstChild.data = copy.dataset.copied;
  });
}
