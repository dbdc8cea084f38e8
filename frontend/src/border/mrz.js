// Numbers in a machine-readable zone (ICAO 9303), only those whose check digit is right. Server: codes/mrz.py.
const WEIGHTS = [7, 3, 1];

function value(letter) {
  if (letter >= "0" && letter <= "9") return letter.charCodeAt(0) - 48;
  if (letter >= "A" && letter <= "Z") return letter.charCodeAt(0) - 55;
  return letter === "<" ? 0 : Number.NaN;
}

export function checks(field, digit) {
  const sum = [...field].reduce((total, letter, place) => total + value(letter) * WEIGHTS[place % 3], 0);
  return String(sum % 10) === digit;
}

const bare = (field) => field.replaceAll("<", "");

// length of a zone read in one piece -> length of its lines
const LINES = { 88: 44, 72: 36, 90: 30 };

function linesOf(text) {
  const lines = text.toUpperCase().split(/[\r\n]+/).map((line) => line.replace(/\s/g, "")).filter(Boolean);
  const length = lines.length === 1 ? LINES[lines[0].length] : undefined;
  return length ? lines[0].match(new RegExp(`.{${length}}`, "g")) : lines;
}

/** Document numbers that the text holds; none where it is no zone or a check digit is wrong. */
export function numbers(text) {
  const lines = linesOf(text);
  if (![2, 3].includes(lines.length) || !lines.every((line) => /^[A-Z0-9<]{28,44}$/.test(line))) return [];
  // two lines: the number opens the second; three (cards): it stands behind the issuer. A lost filler harms neither.
  const [line, start] = lines.length === 2 ? [lines[1], 0] : [lines[0], 5];
  const number = line.slice(start, start + 9);
  if (!checks(number, line[start + 9])) return [];
  const found = [bare(number)];
  // a Vietnamese chip card: the zone's number is the last nine digits, the whole twelve stand behind it
  const whole = line.slice(15, 27);
  if (lines.length === 3 && line.startsWith("IDVNM") && /^\d{12}$/.test(whole)) found.push(whole);
  return found;
}
