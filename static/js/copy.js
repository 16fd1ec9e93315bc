// A button that copies what stands in a field; where the browser does not allow it, the field can be copied by hand.

const button = document.querySelector("[data-copy]");
const field = button && document.getElementById(button.dataset.copy);

if (field && navigator.clipboard) {
  button.hidden = false;
  field.addEventListener("focus", () => field.select());
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    document.querySelector("[data-copied]").hidden = false;
  });
}
