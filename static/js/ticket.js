// The ticket page: kept for the time without a network, and says so when there is none.

const note = document.querySelector("[data-offline]");

function showNetwork() {
  note.hidden = navigator.onLine;
}

addEventListener("online", showNetwork);
addEventListener("offline", showNetwork);
showNetwork();

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js", { scope: "/t/" }).then(() => navigator.serviceWorker.ready).then(keep, () => {});
}

function keep(registration) {
  const parts = document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], link[rel=icon], script[src]");
  registration.active.postMessage({
    page: location.pathname,
    parts: Array.from(parts, (part) => part.href || part.src),
    // A page that came through the worker was kept on its way.
    known: Boolean(navigator.serviceWorker.controller),
  });
}
