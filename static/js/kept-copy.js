// Asks the service worker to keep this page, with what it needs to look right, for the time without a network.

export function keepThisPage({ known }) {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker
    .register("/sw.js", { scope: "/t/" })
    .then(() => navigator.serviceWorker.ready)
    .then((worker) => keep(worker, known), () => {});
}

function keep(registration, known) {
  const links = "link[rel=stylesheet], link[rel=modulepreload], link[rel=icon]";
  const parts = document.querySelectorAll(`${links}, script[src], .brand img`);
  registration.active.postMessage({
    page: location.pathname,
    parts: Array.from(parts, (part) => part.href || part.src),
    known,
  });
}
