// Signed texts of ours (codes/signed.py), checked without network: market tickets and results of declarations.
const ALPHABET = "0123456789BCFGHJKLMNPQRSTVXZ";
const PREFIX = "VX1:";
const HEAD = 6;
const FRAME = HEAD + 64;
const DOMAIN = new TextEncoder().encode("vungxanh-signed-1");

export const DECLARATION = 5;
export const TICKET = 8;

function bytes(text) {
  let value = 0n;
  for (const letter of text) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return null;
    value = value * 28n + BigInt(digit);
  }
  const size = Math.floor((text.length * Math.log2(28)) / 8);
  const raw = new Uint8Array(size);
  for (let place = size - 1; place >= 0; place -= 1) {
    raw[place] = Number(value & 255n);
    value >>= 8n;
  }
  return value ? null : raw;
}

// The little of CBOR that a statement uses: whole numbers, text, lists, maps.
function cbor(raw) {
  let at = 0;
  const length = (low) => {
    if (low < 24) return low;
    if (low > 27) throw new Error("cbor");
    const size = 1 << (low - 24);
    let value = 0;
    for (let n = 0; n < size; n += 1) value = value * 256 + raw[at++];
    return value;
  };
  const item = () => {
    const first = raw[at++];
    const size = length(first & 31);
    switch (first >> 5) {
      case 0: return size;
      case 1: return -1 - size;
      case 3: at += size; return new TextDecoder().decode(raw.subarray(at - size, at));
      case 4: return Array.from({ length: size }, item);
      case 5: return Object.fromEntries(Array.from({ length: size }, () => [item(), item()]));
      default: throw new Error("cbor");
    }
  };
  return item();
}

function point(text) {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

export const isSigned = (text) => text.trim().toUpperCase().startsWith(PREFIX);

// -> { kind, issued, expires, body } where one of `points` signed it and it counts at `now`, else null
export async function read(text, points, now = Date.now()) {
  const raw = bytes(text.trim().toUpperCase().slice(PREFIX.length));
  if (!raw || raw.length <= FRAME || raw[0] !== 1 || raw[1] !== 2) return null;
  const message = new Uint8Array([...DOMAIN, ...raw.subarray(0, HEAD), ...raw.subarray(FRAME)]);
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  for (const known of points) {
    const key = await crypto.subtle.importKey("raw", point(known), algorithm, false, ["verify"]);
    if (!(await crypto.subtle.verify(algorithm, key, raw.subarray(HEAD, FRAME), message))) continue;
    try {
      const [kind, issued, expires, body] = cbor(raw.subarray(FRAME));
      const minute = Math.floor(now / 60_000);
      return minute >= issued && minute < expires ? { kind, issued, expires, body } : null;
    } catch {
      return null;
    }
  }
  return null;
}

// Is it the day and the hour of a ticket, on the clock of Viet Nam?
export function admits(body, now = Date.now()) {
  const local = new Date(now + 7 * 3_600_000);
  const weekday = (local.getUTCDay() + 6) % 7; // Monday is 0
  const hour = local.getUTCHours();
  return Boolean((body.w >> weekday) & 1) && hour >= body.f && hour < body.l;
}
