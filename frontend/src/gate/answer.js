// The answer: one huge word with a sound of its own, the same colours for everybody.
const at = (id) => document.getElementById(id);
const body = document.body;
let audio;

// rising: in; falling: out; twice low: read again; a question: please declare
const SOUNDS = { in: [660, 880], out: [660, 440], kept: [660, 660], again: [220, 220], declare: [440, 550, 440] };

function sound(name) {
  try {
    audio ??= new AudioContext();
    SOUNDS[name].forEach((pitch, place) => {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = pitch;
      volume.gain.value = 0.2;
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + place * 0.12);
      tone.stop(audio.currentTime + place * 0.12 + 0.1);
    });
  } catch {
    // a device without sound still shows the word
  }
}

// reasons that the device gives by itself, in the page's language
const reasons = JSON.parse(at("reasons").textContent);
const DECLARE = new Set(["venues.declare-first", "venues.declaration-needed", "venues.declaration-over"]);

function read(answer) {
  if (answer.status === "kept") return ["kept", body.dataset.kept, "", ""];
  if (answer.status !== "refused") {
    const way = answer.state === "out" ? "out" : "in";
    return [way, way === "out" ? body.dataset.out : body.dataset.recorded, answer.shown ?? "", ""];
  }
  const said = document.documentElement.lang === "en" ? answer.message : answer.thong_bao;
  const why = said ?? reasons[answer.reason] ?? "";
  if (DECLARE.has(answer.reason)) return ["declare", body.dataset.declare, "", why];
  if (answer.reason === "venues.read-again") return ["again", body.dataset.again, "", why];
  return ["again", body.dataset.refused, "", why ?? ""];
}

export function showAnswer(answer) {
  const [state, word, who, why] = read(answer);
  body.dataset.state = state;
  at("word").textContent = word;
  at("who").textContent = who;
  at("why").textContent = why;
  at("answer").dataset.shown = String(Number(at("answer").dataset.shown ?? 0) + 1);
  sound(state);
}

export function showState(state, word) {
  body.dataset.state = state;
  at("word").textContent = word;
}

export function showCounts({ place, inside, capacity, mode, online, queue }) {
  if (mode) body.dataset.mode = mode;
  if (place) at("place").textContent = place;
  if (inside !== undefined) at("inside").textContent = `${inside}${capacity ? ` / ${capacity}` : ""} ${body.dataset.inside}`;
  at("net").hidden = online;
  at("net").textContent = online ? "" : body.dataset.offline;
  at("queue").hidden = !queue;
  at("queue").textContent = queue ? `${queue} ${body.dataset.waiting}` : "";
  body.dataset.queue = String(queue ?? 0);
  body.dataset.online = String(Boolean(online));
}
