// A zone in a photograph: rows of cells, each compared with the letters of OCR-B. Nothing counts whose check digits
// are wrong, so a letter that was misread is never taken for another. No picture leaves the device.
import glyphs from "./glyphs.json";
import { whole } from "./mrz.js";
import { boxes, ink, rows } from "./zone_rows.js";

const { wide: WIDE, high: HIGH, margin: MARGIN } = glyphs;
const DIGITS = "0123456789";
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
// shapes of a zone: letters a line, lines
const SHAPES = [[44, 2], [36, 2], [30, 3]];
// what may stand where, a class a letter: a letters, n digits, x all three; fillers go everywhere (ICAO 9303 4 to 7)
const CLASSES = {
  44: ["a".repeat(44), "xxxxxxxxxnaaannnnnnnannnnnnn" + "x".repeat(14) + "nn"],
  36: ["a".repeat(36), "xxxxxxxxxnaaannnnnnnannnnnnn" + "x".repeat(7) + "n"],
  30: ["aaaaaxxxxxxxxxn" + "x".repeat(15), "nnnnnnnannnnnnnaaa" + "x".repeat(11) + "n", "a".repeat(30)],
};
const ALLOWED = { a: `${LETTERS}<`, n: `${DIGITS}<`, x: `${DIGITS}${LETTERS}<` };

const TEMPLATES = Object.entries(glyphs.glyphs).map(([letter, drawn]) => ({ letter, ...levelled(Float64Array.from(drawn, (one) => parseInt(one, 16))) }));

/** Mean taken away, length one: two of these multiplied give how alike they are, whatever the light. */
function levelled(values) {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const shifted = values.map((one) => one - mean);
  const length = Math.sqrt(shifted.reduce((sum, one) => sum + one * one, 0)) || 1;
  return { values: shifted.map((one) => one / length), length };
}

function point(photo, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < 0 || top < 0 || left + 1 >= photo.width || top + 1 >= photo.height) return 255;
  const [dx, dy] = [x - left, y - top];
  const at = top * photo.width + left;
  const { grey, width } = photo;
  return (grey[at] * (1 - dx) + grey[at + 1] * dx) * (1 - dy) + (grey[at + width] * (1 - dx) + grey[at + width + 1] * dx) * dy;
}

/** The cell around (x, y) as the templates are drawn; dark is high. Several points a step, so that noise is averaged. */
function cell(photo, row, x, y, zoom) {
  const values = new Float64Array(WIDE * HIGH);
  const tall = row.high * zoom * (1 + 2 * MARGIN);
  const across = row.pitch / WIDE;
  const down = tall / HIGH;
  const rise = row.level[1];
  for (let v = 0; v < HIGH; v += 1) {
    for (let u = 0; u < WIDE; u += 1) {
      let sum = 0;
      for (const [fu, fv] of [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]) {
        const dx = (u + fu) * across - row.pitch / 2;
        const dy = (v + fv) * down - tall / 2;
        sum += point(photo, x + dx - dy * rise, y + dy + dx * rise);
      }
      values[v * WIDE + u] = 1020 - sum;
    }
  }
  return levelled(values);
}

/** Letters for one cell, the likest first: [letter, likeness, zoom, dy]. */
function read(photo, row, n, allowed, zooms, heights) {
  const best = new Map();
  const step = row.pitch / WIDE;
  const x = row.first + n * row.pitch;
  const y = row.level[0] + row.level[1] * x;
  const drawn = TEMPLATES.filter((one) => allowed.includes(one.letter));
  for (const zoom of zooms) {
    for (const dy of heights) {
      for (let dx = -2; dx <= 2; dx += 1) {
        const seen = cell(photo, row, x + dx * step, y + dy * step, zoom).values;
        for (const { letter, values } of drawn) {
          let like = 0;
          for (let at = 0; at < values.length; at += 1) like += values[at] * seen[at];
          if (!(like <= best.get(letter)?.[1])) best.set(letter, [letter, like, zoom, dy]);
        }
      }
    }
  }
  return [...best.values()].sort((a, b) => b[1] - a[1]);
}

const LOOSE = [0.85, 0.92, 0.99, 1.06];
const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];

/**
 * First the size and height of the row's print, from every third cell, then each cell at that size alone: a nought is
 * taller than the letter O, and nothing else tells them apart.
 */
function lettersOf(photo, row, count, kinds) {
  const cells = [...kinds].slice(0, count).map((kind, n) => [n, ALLOWED[kind]]);
  const sample = cells.filter(([n]) => n % 3 === 0)
    .map(([n, allowed]) => read(photo, row, n, allowed, LOOSE, [-2, -1, 0, 1, 2])[0]).filter(([letter]) => letter !== "<");
  const zoom = sample.length ? middle(sample.map((one) => one[2])) : 0.99;
  const dy = sample.length ? middle(sample.map((one) => one[3])) : 0;
  return cells.map(([n, allowed]) => read(photo, row, n, allowed, [zoom - 0.03, zoom + 0.01], [dy - 0.5, dy, dy + 0.5]));
}

const SMALLEST = 13; // points a letter; below, letters of the first line, which no check digit guards, run together
const UNSURE = 0.05; // likeness by which two letters are as good as each other
const MOST = 6; // cells that may be tried with their second letter

/** The zone that all check digits agree with: as read, else the only one with one or two doubtful letters changed. */
function agreed(cells, lines) {
  const pick = (changed) => cells.map((line, l) => line.map((one, n) => one[changed.has(`${l},${n}`) ? 1 : 0][0]).join("")).join("\n");
  const first = pick(new Set());
  if (whole(first)) return first;
  const doubts = cells.flatMap((line, l) => line.map((one, n) => ({ key: `${l},${n}`, gap: one.length > 1 ? one[0][1] - one[1][1] : 9, line: l })))
    .filter((one) => one.gap < UNSURE && (lines === 3 ? one.line < 2 : one.line === 1))
    .sort((a, b) => a.gap - b.gap).slice(0, MOST);
  const fits = new Set();
  doubts.forEach((one, n) => {
    for (const other of [one, ...doubts.slice(n + 1)]) {
      const text = pick(new Set([one.key, other.key]));
      if (whole(text)) fits.add(text);
    }
  });
  return fits.size === 1 ? [...fits][0] : null;
}

/** Grey picture -> text of the zone with line ends, or null. */
export function zoneIn(photo) {
  const found = rows(boxes(ink(photo.grey, photo.width, photo.height), photo.width, photo.height));
  for (const [count, lines] of SHAPES) {
    const own = found.filter((row) => row.count === count && row.pitch >= SMALLEST);
    for (let start = own.length - lines; start >= 0; start -= 1) {
      const block = own.slice(start, start + lines);
      const text = agreed(block.map((row, n) => lettersOf(photo, row, count, CLASSES[count][n])), lines);
      if (text) return text;
    }
  }
  return null;
}
