// What staff do for somebody without a code, without a declaration, or with a telephone only.
const at = (id) => document.getElementById(id);
const english = document.documentElement.lang === "en";
const guest = at("guest");
const form = at("guest-form");
const phone = at("phone-dialog");
let pending = null; // the record that waits for its declaration

function drawQuestions(known) {
  const asked = known.asks === "declaration" ? (known.questions?.questions ?? []) : [];
  at("guest-questions").hidden = !asked.length;
  at("guest-paper").hidden = !asked.length;
  at("guest-questions").replaceChildren(...asked.map(question));
  at("guest-period").textContent = asked.length ? known.questions.title[english ? "en" : "vi"] : "";
}

function question(one) {
  const row = document.createElement("fieldset");
  const legend = document.createElement("legend");
  legend.textContent = one[english ? "en" : "vi"];
  row.append(legend);
  for (const [value, word] of [["no", form.dataset.no], ["yes", form.dataset.yes]]) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name: `q-${one.id}`, value, required: true });
    label.append(input, word);
    row.append(label);
  }
  return row;
}

// `record`: a code that was read and whose person is known; without one the person is asked too
export function askDeclaration(known, record = null) {
  pending = record;
  drawQuestions(known);
  at("guest-who").hidden = Boolean(record);
  at("guest-host-row").hidden = !known.register;
  for (const input of at("guest-who").querySelectorAll("input")) input.disabled = Boolean(record);
  if (!guest.open) guest.showModal();
}

function answers(given) {
  const asked = Object.entries(given).filter(([name]) => name.startsWith("q-"));
  return asked.length ? Object.fromEntries(asked.map(([name, value]) => [name.slice(2), value === "yes"])) : null;
}

function whole(given) {
  const record = pending ? { ...pending } : { guest: person(given), way: "typed" };
  const said = answers(given);
  if (said) record.answers = said;
  if (given.host) record.host = given.host;
  delete record.id;
  delete record.at;
  return record;
}

function person(given) {
  const told = { name: given.name ?? "", tail: given.tail ?? "", phone: given.phone ?? "" };
  return given.birth_year ? { ...told, birth_year: Number(given.birth_year) } : told;
}

function done() {
  guest.close();
  form.reset();
  pending = null;
  at("line").focus();
}

export function dialogs(delivery, take) {
  at("declare").addEventListener("click", () => askDeclaration(delivery.known));
  at("guest-cancel").addEventListener("click", done);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const record = whole(Object.fromEntries(new FormData(form)));
    done();
    take(record);
  });
  at("guest-paper").addEventListener("click", () => {
    const record = { ...whole(Object.fromEntries(new FormData(form))), shown: "paper" };
    delete record.answers;
    if (!pending && !record.guest.name) return at("guest-name").focus();
    done();
    take(record);
  });
  telephone(delivery, take);
}

function telephone(delivery, take) {
  const list = at("phone-people");
  const number = at("phone-number");
  const code = at("phone-code");
  const say = (text) => (at("phone-said").textContent = text ?? "");
  const close = () => {
    phone.close();
    at("phone-form").reset();
    list.replaceChildren();
    at("phone-code-row").hidden = true;
    say("");
    at("line").focus();
  };
  at("by-phone").addEventListener("click", () => phone.showModal());
  at("phone-cancel").addEventListener("click", close);
  at("phone-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      if (at("phone-code-row").hidden) {
        const sent = await delivery.ask("phone", { id: crypto.randomUUID(), phone: number.value });
        at("phone-code-row").hidden = false;
        say(sent.shown);
        return code.focus();
      }
      const people = await delivery.ask("phone/check", { phone: number.value, code: code.value.trim() });
      if (!people.length) {
        const typed = number.value;
        close();
        askDeclaration(delivery.known);
        at("guest-phone").value = typed;
        return undefined;
      }
      list.replaceChildren(...people.map((one) => {
        const button = Object.assign(document.createElement("button"), { type: "button", className: "vx-gate__button", textContent: one.shown });
        button.addEventListener("click", () => { close(); take({ proof: one.proof, way: "typed" }); });
        return button;
      }));
      list.querySelector("button").focus();
    } catch (error) {
      say(error.answer?.[english ? "message" : "thong_bao"] ?? document.body.dataset.offline);
    }
    return undefined;
  });
}
