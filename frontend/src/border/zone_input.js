// The photograph of a passport or card that somebody chose: read on this device, and forgotten.
const LONGEST = 1600; // points; a phone's photograph has three times that and takes nine times as long

async function greyOf(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
  const grey = new Uint8ClampedArray(width * height);
  for (let at = 0; at < grey.length; at += 1) grey[at] = data[at * 4] * 0.3 + data[at * 4 + 1] * 0.59 + data[at * 4 + 2] * 0.11;
  return { grey, width, height };
}

/** Shows the box `[data-zone]` and hands every zone that was read whole to `take`. */
export function offerZone(take) {
  const box = document.querySelector("[data-zone]");
  if (!box) return;
  box.hidden = false;
  const input = box.querySelector("input");
  const said = (name) => box.querySelectorAll("[data-said]").forEach((one) => { one.hidden = one.dataset.said !== name; });
  input.addEventListener("change", async () => {
    if (!input.files.length) return;
    said("reading");
    await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); }); // seen before the reading begins
    const photo = await greyOf(input.files[0]).catch(() => null);
    input.value = ""; // the picture is gone
    const { zoneIn } = await import("./zone_photo.js");
    const text = photo && zoneIn(photo);
    said(text ? "read" : "unread");
    if (text) take(text);
  });
}
