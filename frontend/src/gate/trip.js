// The crew's trip: opened, run and ended on this device alone; the server hears of it when it can.
import { keep, remember } from "./store.js";

const at = (id) => document.getElementById(id);
const panel = at("trip");
let seat = "";

// `Thái Nguyên – Phổ Yên – Hà Nội, 07:00`: the stops after the first (venues/trips.py)
const stopsOf = (route) => route.split(",")[0].replaceAll(" - ", "–").split("–").map((stop) => stop.trim()).slice(1).filter(Boolean);

// `2+2*10,5`: rows of groups of labels (places/seats.py)
function planOf(layout) {
  const rows = layout.replaceAll(" ", "").split(",").filter(Boolean).flatMap((part) => {
    const [groups, times] = part.split("*");
    return Array.from({ length: Number(times ?? 1) }, () => groups.split("+").map(Number));
  });
  return rows.map((groups, row) => {
    let column = 0;
    return groups.map((size) => Array.from({ length: size }, () => `${row + 1}${String.fromCharCode(65 + column++)}`));
  });
}

export class Trip {
  constructor(delivery) {
    this.delivery = delivery;
    at("trip-open").addEventListener("click", () => this.ask());
    at("trip-cancel").addEventListener("click", () => at("trip-dialog").close());
    at("trip-form").addEventListener("submit", (event) => this.open(event));
    at("trip-seat").addEventListener("click", () => this.choose());
    at("seat-form").addEventListener("submit", (event) => { event.preventDefault(); this.sits(at("seat-row").value); });
    at("trip-stop").addEventListener("click", () => this.stop());
    at("trip-close").addEventListener("click", () => this.close());
    addEventListener("vx-told", () => this.show());
    this.show();
  }

  get known() { return this.delivery.known; }

  // what a passenger's record says besides who they are
  extra() {
    const found = {};
    if (seat) found.seat = seat;
    if (this.known.trip && at("trip-to").value) found.to = at("trip-to").value;
    return found;
  }

  async boarded() {
    if (seat) await this.keep({ ...this.known.trip, taken: [...this.known.trip.taken, seat] });
    seat = "";
    this.show();
  }

  async keep(trip) {
    this.known.trip = trip;
    await remember({ trip });
  }

  // an opening goes before the records of its trip, a stop and the end after them: the queue is sent in this order
  async tell(mark, event) {
    const now = new Date().toISOString();
    await keep({ id: `${mark}${now}-${crypto.randomUUID()}`, at: now, trip: event });
    this.show();
    this.delivery.tick();
  }

  ask() {
    const last = this.known.vehicle ?? {};
    at("trip-plate").value = last.plate ?? "";
    at("trip-route").value = last.route ?? "";
    at("trip-layout").value = last.layout ?? "";
    at("trip-dialog").showModal();
  }

  async open(event) {
    event.preventDefault();
    const { plate, route, layout } = Object.fromEntries(new FormData(at("trip-form")));
    at("trip-dialog").close();
    await this.keep({ plate, route, layout, taken: [], ahead: stopsOf(route) });
    await this.tell("!", { event: "open", plate, route, seat_layout: layout });
    at("line").focus();
  }

  async stop() {
    const [stop, ...ahead] = this.known.trip.ahead;
    await this.keep({ ...this.known.trip, ahead });
    await this.tell("~", { event: "stop", stop });
  }

  async close() {
    await this.keep(null);
    await this.tell("~", { event: "close" });
  }

  choose() {
    const { layout, taken } = this.known.trip;
    const button = (label) => {
      const one = Object.assign(document.createElement("button"), { type: "button", textContent: label, disabled: taken.includes(label) });
      one.addEventListener("click", () => this.sits(label));
      return one;
    };
    at("seat-plan").replaceChildren(...planOf(layout).map((groups) => {
      const row = document.createElement("div");
      row.append(...groups.map((labels) => {
        const group = document.createElement("span");
        group.append(...labels.map(button));
        return group;
      }));
      return row;
    }));
    at("seat-row").value = "";
    at("seat-dialog").showModal();
  }

  sits(label) {
    seat = label;
    at("seat-dialog").close();
    this.show();
    at("line").focus();
  }

  show() {
    panel.hidden = !this.known.vehicle;
    const trip = this.known.trip;
    at("trip-open").hidden = Boolean(trip);
    at("trip-running").hidden = !trip;
    at("trip-now").textContent = trip ? `${trip.plate} · ${trip.route}` : "";
    if (!trip) return;
    at("trip-seat").textContent = `${panel.dataset.seat}: ${seat || "–"}`;
    at("trip-stop").hidden = !trip.ahead.length;
    at("trip-stop").textContent = `${panel.dataset.arrived} ${trip.ahead[0] ?? ""}`;
    const chosen = at("trip-to").value;
    at("trip-to").replaceChildren(...trip.ahead.map((stop) => new Option(stop, stop)));
    at("trip-to").value = trip.ahead.includes(chosen) ? chosen : (trip.ahead.at(-1) ?? "");
  }
}
