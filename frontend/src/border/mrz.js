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

/** Is the text a zone of which every check digit is right? ICAO 9303 parts 4 to 7; an empty optional field may have none. */
export function whole(text) {
  const lines = linesOf(text);
  const part = (line, from, to) => lines[line].slice(from - 1, to);
  const good = (field, digit) => checks(field, digit) || (digit === "<" && /^<*$/.test(field));
  if (lines.length === 2 && lines.every((line) => line.length === lines[0].length) && [44, 36].includes(lines[0].length)) {
    const dated = checks(part(1, 1, 9), part(1, 10, 10)) && checks(part(1, 14, 19), part(1, 20, 20)) && checks(part(1, 22, 27), part(1, 28, 28));
    if (lines[0].startsWith("V")) return dated; // visas have no composite
    const last = lines[0].length;
    const sum = part(1, 1, 10) + part(1, 14, 20) + part(1, 22, last - 1);
    return dated && checks(sum, part(1, last, last)) && (last === 36 || good(part(1, 29, 42), part(1, 43, 43)));
  }
  if (lines.length !== 3 || lines.some((line) => line.length !== 30)) return false;
  // a number longer than nine goes on in the optional field, its check digit behind it
  const long = part(0, 15, 15) === "<" ? part(0, 16, 30).match(/^([A-Z0-9]+?)(\d)<*$/) : null;
  const number = long ? checks(part(0, 6, 14) + long[1], long[2]) : checks(part(0, 6, 14), part(0, 15, 15));
  const sum = part(0, 6, 30) + part(1, 1, 7) + part(1, 9, 15) + part(1, 19, 29);
  return number && checks(part(1, 1, 6), part(1, 7, 7)) && checks(part(1, 9, 14), part(1, 15, 15)) && checks(sum, part(1, 30, 30));
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
