// From this device to the server: one record at once while there is network, lists when it is back.
import { showCounts } from "./answer.js";
import { seal } from "./seal.js";
import { count, forget, keep, remember, waiting } from "./store.js";

const PATIENCE = 2500; // ms that a person stands and waits before the answer comes from the device
const EVERY = 4000;
const AT_ONCE = 500;

export class Delivery {
  constructor(known) {
    this.known = known;
    this.online = true;
    this.sending = null;
  }

  begin() {
    this.tick();
    setInterval(() => this.tick(), EVERY);
    addEventListener("online", () => this.tick());
  }

  async ask(path, body) {
    const answer = await fetch(`/api/venues/${path}`, {
      method: body ? "POST" : "GET",
      headers: { Authorization: `Bearer ${this.known.token}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout?.(body ? 30_000 : PATIENCE),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  // "online" is an answered ping: a browser that sees a network has not reached the server yet
  async tick() {
    try {
      const told = await this.ask("ping");
      Object.assign(this.known, { key: told.key, place: told.place });
      await remember(this.known);
      this.online = true;
      const inside = (await this.flush()) ?? told.inside;
      showCounts({ place: told.place, inside, capacity: told.capacity, online: true, queue: await count() });
    } catch {
      this.online = false;
      showCounts({ place: this.known.place, online: false, queue: await count() });
    }
  }

  async take({ code, guest, way, direction = "" }) {
    const record = { id: crypto.randomUUID(), at: new Date().toISOString(), way, direction };
    if (code) record.code = code;
    if (guest) record.guest = guest;
    const kept = await this.keepSealed(record);
    if (!this.online && kept) return { status: "kept", queue: await count() };
    try {
      const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE));
      const reply = await Promise.race([this.ask("scans", { clock: new Date().toISOString(), records: [record] }), late]);
      await forget([record.id]);
      showCounts({ inside: reply.inside, online: true, queue: await count() });
      return reply.answers[0];
    } catch {
      this.online = false;
      return kept ? { status: "kept", queue: await count() } : { status: "refused" };
    }
  }

  // Without the server's key nothing can be sealed, so nothing is kept: a gate must have been online once.
  async keepSealed(record) {
    if (!this.known.key) return false;
    await keep({ id: record.id, box: await seal(record, this.known.key) });
    return true;
  }

  // One flush at a time; a record goes when it has a verdict, whichever it is.
  flush() {
    this.sending ??= this.sendAll().finally(() => (this.sending = null));
    return this.sending;
  }

  // -> how many are inside after the last list, nothing where there was none
  async sendAll() {
    let inside;
    for (let list = await waiting(AT_ONCE); list.length; list = await waiting(AT_ONCE)) {
      const reply = await this.ask("scans", { clock: new Date().toISOString(), sealed: list });
      await forget(reply.answers.map((answer) => answer.id));
      inside = reply.inside;
    }
    return inside;
  }
}
