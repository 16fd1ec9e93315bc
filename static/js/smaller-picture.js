// A picture from a telephone has megabytes, and a form takes 64 KB: it is drawn smaller before it is sent. The server
// draws every logo smaller than this anyway, so nothing is lost that anybody would see.

const WIDEST = 800;
const HIGHEST = 160;

for (const field of document.querySelectorAll("[data-largest]")) {
  const said = document.createElement("p");
  said.className = "govuk-body";
  said.setAttribute("role", "status");
  field.after(said);
  field.addEventListener("change", async () => {
    said.textContent = "";
    const [file] = field.files;
    if (!file || file.size <= Number(field.dataset.largest)) return;
    const smaller = await drawnSmaller(file, Number(field.dataset.largest));
    if (field.files[0] !== file) return; // another one was chosen meanwhile
    const sent = new DataTransfer();
    if (smaller) sent.items.add(new File([smaller], file.name, { type: smaller.type }));
    field.files = sent.files;
    said.textContent = smaller ? field.dataset.smaller : field.dataset.refused;
  });
}

// As a file of at most so many bytes; null of what is no picture.
async function drawnSmaller(file, largest) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  const scale = Math.min(1, WIDEST / picture.width, HIGHEST / picture.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  for (const type of ["image/png", "image/webp"]) {
    const drawn = await new Promise((done) => canvas.toBlob(done, type, 0.9));
    if (drawn && drawn.size <= largest) return drawn;
  }
  return null;
}
