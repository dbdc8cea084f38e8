// Column choice of a data table, remembered on this machine under the table's name.
const key = (table) => `vx-columns-${table.dataset.columns}`;

function hidden(table) {
  try { return JSON.parse(localStorage.getItem(key(table))) || []; } catch { return []; }
}

function apply(table) {
  const away = hidden(table);
  table.querySelectorAll("[data-column]").forEach((cell) => { cell.hidden = away.includes(cell.dataset.column); });
}

function chooser(table, box) {
  box.replaceChildren();
  table.querySelectorAll("thead [data-column]").forEach((head) => {
    const label = document.createElement("label");
    const tick = document.createElement("input");
    tick.type = "checkbox";
    tick.checked = !hidden(table).includes(head.dataset.column);
    tick.addEventListener("change", () => {
      const away = new Set(hidden(table));
      tick.checked ? away.delete(head.dataset.column) : away.add(head.dataset.column);
      localStorage.setItem(key(table), JSON.stringify([...away]));
      apply(table);
    });
    label.append(tick, " ", head.textContent.trim());
    box.append(label);
  });
}

export function columns(root) {
  root.querySelectorAll("table[data-columns]").forEach((table) => {
    apply(table);
    const box = document.querySelector(`[data-columns-for="${table.dataset.columns}"]`);
    if (box) { chooser(table, box); box.closest("details").hidden = false; }
  });
}
