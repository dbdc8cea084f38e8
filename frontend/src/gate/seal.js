// Seals a record to the server: ECDH P-256 with a key of its own, HKDF-SHA-256, AES-256-GCM (venues/sealing.py).
const INFO = new TextEncoder().encode("vungxanh-gate-box-1");

function bytes(text) {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

function text(raw) {
  let found = "";
  for (const byte of raw) found += String.fromCharCode(byte);
  return btoa(found).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// A key of its own for one record, agreed with the server's.
async function agreed(publicKey) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", bytes(publicKey), curve, false, []);
  const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const hkdf = { name: "HKDF", hash: "SHA-256", salt: point, info: INFO };
  const key = await crypto.subtle.deriveKey(hkdf, base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  return { publicKey, point, key };
}

let next; // made while nobody waits, used once

export async function seal(record, publicKey) {
  const ready = next;
  next = undefined;
  const made = await ready?.catch(() => null);
  const { point, key } = made?.publicKey === publicKey ? made : await agreed(publicKey);
  setTimeout(() => (next ??= agreed(publicKey)), 300);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(record));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: INFO }, key, plain);
  const whole = new Uint8Array(point.length + nonce.length + sealed.byteLength);
  whole.set(point);
  whole.set(nonce, point.length);
  whole.set(new Uint8Array(sealed), point.length + nonce.length);
  return text(whole);
}
