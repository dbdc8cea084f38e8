// The day's entries that this device took along: found by our code, a zone, a document number, or flight and seat.
import { isSigned, read } from "../gate/signed.js";
import { numbers } from "./mrz.js";

const ENTRY = 6;

async function digest(salt, number) {
  const raw = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${salt}${number}`));
  return Array.from(new Uint8Array(raw).subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const plain = (text) => text.toUpperCase().replace(/[^A-Z0-9]/g, "");

/** -> { entry, signed, problem }: what the text leads to on this device. */
export async function find(text, known) {
  if (isSigned(text)) {
    const found = await read(text, [known.signer]);
    if (!found || found.kind !== ENTRY) return { problem: "code" };
    const entry = known.entries.find((one) => one.id === found.body.d);
    return { entry, signed: { id: found.body.d, class: found.body.c, who: found.body.w } };
  }
  const typed = plain(text);
  for (const number of [...numbers(text), typed]) {
    const key = await digest(known.salt, number);
    const entry = known.entries.find((one) => one.n.includes(key));
    if (entry) return { entry };
  }
  const flight = text.trim().toUpperCase().match(/^([A-Z0-9]{2,3})\s*0*(\d{1,4}[A-Z]?)\s+0*(\d{1,2}[A-L])$/);
  const seat = flight && known.entries.find((one) => one.flight === `${flight[1]}${flight[2]}` && one.seat === flight[3]);
  return seat ? { entry: seat } : { problem: "unknown" };
}
