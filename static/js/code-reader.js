// Reads QR codes from pictures of a camera: with what the browser has, else with the decoder that is loaded only now.

const WIDEST = 960; // px: more costs time, and a ticket that fills a fifth of the picture is read at this width

// Gives a function from a video element to the code in the middle of its present picture, "" where there is none.
export async function makeReader() {
  const native = await nativeReader();
  if (!native) return ownReader();
  let read = native;
  return async (video) => {
    try {
      return await read(video);
    } catch (problem) {
      if (read !== native) throw problem;
      read = await ownReader(); // some browsers promise what their system then does not have
      return read(video);
    }
  };
}

async function nativeReader() {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  if (!formats.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => {
    const found = await detector.detect(video);
    const middle = ({ x, y, width, height }) => [x + width / 2, y + height / 2];
    const shown = found.map((one) => [one.rawValue, ...middle(one.boundingBox)]);
    return middlemost(shown, video.videoWidth, video.videoHeight);
  };
}

async function ownReader() {
  const { prepareZXingModule, readBarcodes } = await import("../vendor/zxing-wasm/reader/index.js");
  const locateFile = (name) => new URL(`../vendor/zxing-wasm/reader/${name}`, import.meta.url).href;
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const options = { formats: ["QRCode"], tryHarder: true, tryRotate: true, tryInvert: true, maxNumberOfSymbols: 4 };
  return async (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = context.getImageData(0, 0, canvas.width, canvas.height);
    const found = (await readBarcodes(picture, options)).filter((one) => one.isValid);
    const middle = ({ topLeft: a, bottomRight: b }) => [(a.x + b.x) / 2, (a.y + b.y) / 2];
    const shown = found.map((one) => [one.text, ...middle(one.position)]);
    return middlemost(shown, canvas.width, canvas.height);
  };
}

// A family's page shows several codes at once: the one that is held to the middle is meant. Gives "" for none.
function middlemost(shown, width, height) {
  const away = ([, x, y]) => Math.hypot(x - width / 2, y - height / 2);
  return shown.sort((one, other) => away(one) - away(other))[0]?.[0] ?? "";
}
