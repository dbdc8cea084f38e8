// What a telephone keeps of a private place: one number an hour, made of what only the poster's readers know
// (venues/private.py). The number says nothing of the place; with the poster in hand it can be told.
const HOUR = 3_600_000;
const LABEL = new TextEncoder().encode("vungxanh-hour-1");

function bytes(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export async function hourId(seed, hour) {
  const raw = new Uint8Array([...LABEL, ...bytes(seed), 0, 0, 0, 0, 0, 0, 0, 0]);
  new DataView(raw.buffer).setBigUint64(raw.length - 8, BigInt(hour));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", raw));
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Every hour from `start` to `end` (milliseconds): half-open, so a stay that ends at ten is not in the hour of ten
export async function hoursOf(seed, start, end) {
  const ids = [];
  for (let hour = Math.floor(start / HOUR); hour * HOUR < Math.max(end, start + 1); hour += 1) ids.push(await hourId(seed, hour));
  return ids;
}

// Stays of this telephone that meet a published window: { ids, start, end, advice }
export function matches(stays, published) {
  const found = [];
  for (const window of published) {
    const ids = new Set(window.ids);
    for (const stay of stays) {
      const start = Math.max(stay.start, window.start * 60_000);
      const end = Math.min(stay.end, window.end * 60_000);
      if (start < end && stay.ids.some((id) => ids.has(id))) found.push({ ...window, minutes: Math.round((end - start) / 60_000), at: start });
    }
  }
  return found;
}
