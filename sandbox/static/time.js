/** The simulated clock and how times are written, always in the organisation's zone. */

const DAY_MS = 86_400_000;
let zone = "Asia/Shanghai";
let base = Date.now();
let since = performance.now();

/** Sets the clock to what the server says; it goes on at real speed from here. */
export function setClock(iso, newZone) {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return;
  if (newZone) zone = newZone;
  base = at;
  since = performance.now();
}

/** The simulated moment, in milliseconds since 1970. */
export const now = () => base + (performance.now() - since);

const formats = new Map();

/** year, month, day, hour, minute, second (numbers) and weekday (日…六) of a moment in the zone. */
export function parts(ms) {
  if (!formats.has(zone)) {
    formats.set(zone, new Intl.DateTimeFormat("en-US", {
      timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    }));
  }
  const found = {};
  for (const { type, value } of formats.get(zone).formatToParts(new Date(ms))) {
    if (type !== "literal") found[type] = Number(value);
  }
  found.weekday = "日一二三四五六"[new Date(Date.UTC(found.year, found.month - 1, found.day)).getUTCDay()];
  return found;
}

const two = (number) => String(number).padStart(2, "0");

export const hourMinute = (ms) => { const p = parts(ms); return `${two(p.hour)}:${two(p.minute)}`; };
export const hourMinuteSecond = (ms) => `${hourMinute(ms)}:${two(parts(ms).second)}`;
export const longDate = (ms) => { const p = parts(ms); return `${p.year}年${p.month}月${p.day}日 星期${p.weekday}`; };
export const shortDate = (ms) => { const p = parts(ms); return `${p.month}月${p.day}日 周${p.weekday}`; };
export const fullTime = (ms) => `${longDate(ms)} ${hourMinuteSecond(ms)}`;

const dayNumber = (ms) => { const p = parts(ms); return Math.round(Date.UTC(p.year, p.month - 1, p.day) / DAY_MS); };

/** As a chat writes it: 09:41 · 昨天 09:41 · 星期三 09:41 · 10月22日 09:41. */
export function chatTime(ms) {
  const age = dayNumber(now()) - dayNumber(ms);
  if (age === 0) return hourMinute(ms);
  if (age === 1) return `昨天 ${hourMinute(ms)}`;
  const p = parts(ms);
  if (age > 1 && age < 7) return `星期${p.weekday} ${hourMinute(ms)}`;
  const year = p.year === parts(now()).year ? "" : `${p.year}年`;
  return `${year}${p.month}月${p.day}日 ${hourMinute(ms)}`;
}

/** What a datetime-local input wants: YYYY-MM-DDTHH:MM. */
export function toLocalInput(ms) {
  const p = parts(ms);
  return `${p.year}-${two(p.month)}-${two(p.day)}T${two(p.hour)}:${two(p.minute)}`;
}

/** The zone's offset from UTC at a moment, in minutes. */
function offsetMinutes(ms) {
  const p = parts(ms);
  return Math.round((Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second) - ms) / 60_000);
}

/** A datetime-local value, read in the zone, as ISO 8601 with offset; "" when it is no time. */
export function fromLocalInput(value) {
  const utc = Date.parse(`${value}Z`);
  if (Number.isNaN(utc)) return "";
  const minutes = offsetMinutes(utc - offsetMinutes(utc) * 60_000);
  const size = Math.abs(minutes);
  const local = value.length === 16 ? `${value}:00` : value;
  return `${local}${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
