// Rows of equally spaced letters in a photograph: where the lines of a machine-readable zone stand. Pure.

/** Darker than the mean of its surroundings (Bradley and Roth): shadows and uneven light do no harm. */
export function ink(grey, width, height) {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    for (let x = 0; x < width; x += 1) {
      row += grey[y * width + x];
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  }
  const half = Math.max(8, width >> 6);
  const dark = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const [top, bottom] = [Math.max(0, y - half), Math.min(height, y + half + 1)];
    for (let x = 0; x < width; x += 1) {
      const [left, right] = [Math.max(0, x - half), Math.min(width, x + half + 1)];
      const sum = sums[bottom * (width + 1) + right] - sums[top * (width + 1) + right]
        - sums[bottom * (width + 1) + left] + sums[top * (width + 1) + left];
      dark[y * width + x] = grey[y * width + x] * (bottom - top) * (right - left) < sum * 0.82 ? 1 : 0;
    }
  }
  return dark;
}

/** Boxes of joined dark points, as large as a letter of a zone can be. */
export function boxes(dark, width, height) {
  const seen = new Uint8Array(dark.length);
  const stack = new Int32Array(dark.length);
  const found = [];
  for (let start = 0; start < dark.length; start += 1) {
    if (!dark[start] || seen[start]) continue;
    let [count, left, right, top, bottom] = [0, width, 0, height, 0];
    let depth = 0;
    stack[depth++] = start;
    seen[start] = 1;
    while (depth) {
      const at = stack[--depth];
      const [x, y] = [at % width, (at / width) | 0];
      count += 1;
      left = Math.min(left, x); right = Math.max(right, x); top = Math.min(top, y); bottom = Math.max(bottom, y);
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          const [nx, ny] = [x + dx, y + dy];
          if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
          const next = ny * width + nx;
          if (dark[next] && !seen[next]) { seen[next] = 1; stack[depth++] = next; }
        }
      }
    }
    const [wide, high] = [right - left + 1, bottom - top + 1];
    if (high >= 7 && high < width / 14 && wide < high * 1.7 && count > 8) {
      found.push({ x: (left + right) / 2, y: (top + bottom) / 2, wide, high });
    }
  }
  return found;
}

const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** The slope at which most centres share a row. */
function slope(found, unit) {
  let best = { score: -1, slope: 0 };
  for (let tilt = -0.16; tilt <= 0.1601; tilt += 0.004) {
    const rows = new Map();
    for (const one of found) {
      const row = Math.round((one.y - tilt * one.x) / (unit / 3));
      rows.set(row, (rows.get(row) ?? 0) + 1);
    }
    let score = 0;
    for (const count of rows.values()) score += count * count;
    if (score > best.score) best = { score, slope: tilt };
  }
  return best.slope;
}

/** Least squares of y over x: [constant, slope]. */
function line(points) {
  const n = points.length;
  const mx = points.reduce((sum, one) => sum + one[0], 0) / n;
  const my = points.reduce((sum, one) => sum + one[1], 0) / n;
  const over = points.reduce((sum, [x, y]) => sum + (x - mx) * (y - my), 0);
  const under = points.reduce((sum, [x]) => sum + (x - mx) ** 2, 0);
  const rise = under ? over / under : 0;
  return [my - rise * mx, rise];
}

/** Letters of one row -> where its cells begin, how wide they are, how many; null where they are not evenly spaced. */
function spaced(row) {
  const xs = row.map((one) => one.x).sort((a, b) => a - b);
  const gaps = xs.slice(1).map((x, n) => x - xs[n]);
  let pitch = middle(gaps);
  if (!(pitch > 4)) return null;
  let places = [];
  for (let round = 0; round < 3; round += 1) {
    places = [];
    let place = 0;
    xs.forEach((x, n) => {
      if (n) place += Math.max(0, Math.round((x - xs[n - 1]) / pitch));
      places.push([place, x]);
    });
    pitch = line(places)[1];
  }
  const [first] = line(places);
  const off = middle(places.map(([place, x]) => Math.abs(x - first - place * pitch)));
  const count = places.at(-1)[0] + 1;
  return off < pitch * 0.2 ? { first, pitch, count } : null;
}

/**
 * Rows that may be lines of a zone, from the top: { first, pitch, count, level: [y0, slope], high }.
 * `level` is the middle of the capitals at x.
 */
export function rows(found) {
  if (found.length < 28) return [];
  const unit = middle(found.map((one) => one.high));
  const tilt = slope(found, unit);
  const sorted = [...found].sort((a, b) => a.y - tilt * a.x - (b.y - tilt * b.x));
  const groups = [];
  for (const one of sorted) {
    const at = one.y - tilt * one.x;
    const last = groups.at(-1);
    if (last && at - last.at < one.high * 0.45) {
      last.list.push(one);
      last.at = at * 0.2 + last.at * 0.8;
    } else groups.push({ at, list: [one] });
  }
  const good = [];
  for (const { list } of groups) {
    if (list.length < 24) continue;
    const tall = middle(list.map((one) => one.high).sort((a, b) => b - a).slice(0, Math.ceil(list.length / 2)));
    const own = list.filter((one) => one.high > tall * 0.5 && one.high < tall * 1.35);
    const cells = own.length < 24 ? null : spaced(own);
    if (cells) good.push({ ...cells, level: line(own.map((one) => [one.x, one.y])), high: tall });
  }
  return good;
}
