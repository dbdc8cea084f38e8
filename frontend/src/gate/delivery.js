// From this device to the server: one record at once while there is network, lists when it is back.
import { showCounts } from "./answer.js";
import { seal } from "./seal.js";
import { admits, DECLARATION, isSigned, read, TICKET } from "./signed.js";
import { count, forget, keep, recall, remember, waiting } from "./store.js";

const PATIENCE = 2500; // ms that a person stands and waits before the answer comes from the device
const EVERY = 4000;
const AT_ONCE = 500;
const REFUSED = { status: "refused" };

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
    if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { answer: await answer.json().catch(() => ({})) });
    return answer.json();
  }

  // "online" is an answered ping: a browser that sees a network has not reached the server yet
  async tick() {
    try {
      const told = await this.ask("ping");
      const form = told.form === this.known.questions?.form ? this.known.questions : await this.ask("form");
      const { key, place, asks, mode, register, tickets, results, vehicle } = told;
      const facts = { key, place, asks, mode, register, tickets, results, vehicle, questions: form };
      Object.assign(this.known, facts);
      await remember(facts);
      dispatchEvent(new Event("vx-told"));
      this.online = true;
      const inside = (await this.flush()) ?? told.inside;
      showCounts({ place, inside, capacity: told.capacity, mode, online: true, queue: await count() });
    } catch {
      this.online = false;
      showCounts({ place: this.known.place, mode: this.known.mode, online: false, queue: await count() });
    }
  }

  async take(record) {
    if (this.known.mode === "private") return { ...REFUSED, reason: "venues.private-place" };
    const code = record.code ?? "";
    const text = code && isSigned(code) ? await read(code, this.known.results ?? []) : null;
    if (code && isSigned(code) && text?.kind !== DECLARATION) {
      const answer = await this.ticket(code);
      if (answer) return answer;
    }
    if (!this.online && this.mustDeclare(record, text)) return { ...REFUSED, reason: "venues.declaration-needed", offline: true };
    const whole = { id: crypto.randomUUID(), at: new Date().toISOString(), direction: "", ...record };
    const kept = this.keepSealed(whole);
    if (!this.online) return (await kept) ? { status: "kept" } : REFUSED;
    return this.sendOne(whole, kept);
  }

  // Without network nobody can look a declaration up: a signed result, a paper, or answers given now.
  mustDeclare(record, text) {
    return this.known.asks === "declaration" && !record.answers && !record.shown && text?.kind !== DECLARATION;
  }

  // It is written to this device while it is under way, and forgotten only when the server has answered.
  async sendOne(whole, kept) {
    try {
      const late = new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE));
      const reply = await Promise.race([this.ask("scans", { clock: new Date().toISOString(), records: [whole] }), late]);
      kept.then(() => forget([whole.id])).then(async () => showCounts({ inside: reply.inside, online: true, queue: await count() }));
      return reply.answers[0];
    } catch {
      this.online = false;
      return (await kept) ? { status: "kept" } : REFUSED;
    }
  }

  // Without the server's key nothing can be sealed, so nothing is kept: a gate must have been online once.
  async keepSealed(record) {
    if (!this.known.key) return false;
    await keep({ id: record.id, box: await seal(record, this.known.key) });
    return true;
  }

  // A market ticket: its day, its hour, once a day; the server hears of it when it can.
  async ticket(code) {
    const tickets = this.known.tickets;
    const found = tickets && (await read(code, [tickets.key]));
    if (!found || found.kind !== TICKET) return null;
    const { body } = found;
    if (body.p !== tickets.place) return { ...REFUSED, reason: "venues.ticket-elsewhere" };
    if (!admits(body)) return { ...REFUSED, reason: "venues.ticket-not-now" };
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    const used = ((await recall())?.used ?? []).filter((one) => one.startsWith(today));
    const mark = `${today}:${body.t}`;
    if (used.includes(mark)) return { ...REFUSED, reason: "venues.ticket-used" };
    await remember({ used: [...used, mark] });
    await keep({ id: crypto.randomUUID(), at: new Date().toISOString(), ticket: code });
    if (this.online) this.flush().catch(() => (this.online = false));
    return { status: "accepted", state: "in", shown: `${body.f}–${body.l} h` };
  }

  // People counted and not scanned: a number instead of a fiction.
  async tally(people = 1) {
    await keep({ id: crypto.randomUUID(), at: new Date().toISOString(), people });
    if (this.online) await this.flush().catch(() => (this.online = false));
    showCounts({ online: this.online, queue: await count() });
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
      await this.sendTrips(list.filter((one) => one.trip?.event === "open"));
      const sealed = list.filter((one) => one.box);
      if (sealed.length) {
        const reply = await this.ask("scans", { clock: new Date().toISOString(), sealed });
        await forget(reply.answers.map((answer) => answer.id));
        inside = reply.inside;
      }
      for (const one of list.filter((each) => !each.box && !each.trip)) {
        await (one.people ? this.ask("tally", one) : this.ask("ticket", { id: one.id, at: one.at, code: one.ticket }));
        await forget([one.id]);
      }
      await this.sendTrips(list.filter((one) => one.trip && one.trip.event !== "open"));
    }
    return inside;
  }

  async sendTrips(list) {
    for (const { id, at, trip } of list) {
      await this.ask("trip", { id, at, clock: new Date().toISOString(), ...trip });
      await forget([id]);
    }
  }
}
