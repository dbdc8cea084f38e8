// A photograph of an identity card fills fields. It is read here and kept nowhere: no picture leaves the device.
const KEPT = "vx-card";
const NUMBER = /^\d{12}$/;

/** `number|old number|name|DDMMYYYY|Nam or Nữ|residence|DDMMYYYY` -> answers by the names of fields. */
export function fieldsOf(text) {
  const [number, , name, birth, sex, residence] = text.split("|").map((part) => part.trim());
  if (!NUMBER.test(number ?? "") || !name) return null;
  const title = name === name.toUpperCase() ? name.toLowerCase().replace(/(^|\s)\p{L}/gu, (c) => c.toUpperCase()) : name;
  return {
    full_name: title, document: number, birth_year: (birth ?? "").slice(4, 8),
    sex: { nam: "1", "nữ": "2" }[(sex ?? "").toLowerCase()] ?? "", address: residence ?? "",
  };
}

/** Empty fields of this page that the card knows; what somebody typed stays. */
export function fill(known, root = document) {
  for (const [name, value] of Object.entries(known)) {
    const fields = [...root.querySelectorAll(`[name="${name}"]`)];
    if (!value || !fields.length) continue;
    if (fields[0].type === "radio") {
      if (!fields.some((one) => one.checked)) fields.forEach((one) => { one.checked = one.value === value; });
    } else if (!fields[0].value) fields[0].value = value;
    fields[0].dispatchEvent(new Event("change", { bubbles: true }));
  }
}

async function texts(file) {
  const picture = await createImageBitmap(file);
  if ("BarcodeDetector" in globalThis) {
    const known = await BarcodeDetector.getSupportedFormats().catch(() => []);
    if (known.includes("qr_code")) return (await new BarcodeDetector({ formats: ["qr_code"] }).detect(picture)).map((one) => one.rawValue);
  }
  const { readPicture } = await import("./card_zxing.js");
  return readPicture(picture);
}

export function offerCard() {
  const box = document.querySelector("[data-card]");
  if (!box) return;
  box.hidden = false;
  fill(offered());
  const input = box.querySelector("input");
  const said = (name) => box.querySelectorAll("[data-said]").forEach((one) => { one.hidden = one.dataset.said !== name; });
  input.addEventListener("change", async () => {
    const found = (await texts(input.files[0]).catch(() => [])).map(fieldsOf).find(Boolean);
    input.value = ""; // the picture is gone
    said(found ? "read" : "unread");
    if (!found) return;
    keepCard(found);
    fill(found);
  });
}

/** What a document said on an earlier page of this visit. */
export function offered() {
  try { return JSON.parse(sessionStorage.getItem(KEPT)) ?? {}; } catch { return {}; }
}

export function keepCard(found) {
  try { sessionStorage.setItem(KEPT, JSON.stringify(found)); } catch { /* this page is filled, the next asks */ }
}

export const forgetCard = () => sessionStorage.removeItem(KEPT);
