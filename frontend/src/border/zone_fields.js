// A whole zone -> answers by the names of the entry form's fields. Server: codes/mrz.py.
const words = (text) => text.split("<").filter(Boolean).map((one) => one[0] + one.slice(1).toLowerCase()).join(" ");

/** A birth lies never in the future: of two centuries the later one that is over. */
function year(two, today = new Date()) {
  const late = Math.floor(today.getFullYear() / 100) * 100 + Number(two);
  return String(late > today.getFullYear() ? late - 100 : late);
}

export function fieldsOf(text) {
  const lines = text.split("\n");
  const card = lines.length === 3;
  const [surname, given = ""] = (card ? lines[2] : lines[0].slice(5)).split("<<");
  const held = card ? lines[1] : lines[1].slice(13);
  const number = card ? lines[0].slice(5, 14) : lines[1].slice(0, 9);
  const chip = card && /^IDVNM\d{9}[\d<]\d{12}/.test(lines[0]) ? lines[0].slice(15, 27) : "";
  return {
    full_name: `${words(surname)} ${words(given)}`.trim(),
    document: chip || number.replaceAll("<", ""),
    document_kind: chip ? "cccd" : card ? "" : lines[0][0] === "P" ? "passport" : "",
    nationality: card ? lines[1].slice(15, 18) : lines[1].slice(10, 13),
    birth_year: /^\d\d/.test(held) ? year(held.slice(0, 2)) : "",
    sex: { M: "1", F: "2" }[held[7]] ?? "",
  };
}
