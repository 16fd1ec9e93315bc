// Every page of staff: a page that the browser kept in memory must not show itself again after logging out.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
