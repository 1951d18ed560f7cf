/** Dates as `date -d` takes them: a moment, and steps from it such as `-1 day`, `2 weeks ago` or `next month`. */

type Unit = "second" | "minute" | "hour" | "day" | "week" | "fortnight" | "month" | "year";

/** The longest date, in characters. */
const MAX_LENGTH = 200;
const STEP =
  /([+-]?\s*\d+|\bnext|\blast|\ba|\ban)?\s*\b(sec(?:ond)?|min(?:ute)?|hour|day|week|fortnight|month|year)s?\b(\s+ago)?/gi;
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const WEEKDAY = /\b(next|last|this)?\s*\b(sun|mon|tues|wednes|thurs|fri|satur)day\b/i;
const MILLISECONDS: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  fortnight: 1_209_600_000,
};

/** Returns a date in UTC, in milliseconds; undefined for a text that is none. */
export function parseDate(text: string, now: number): number | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  let rest = text.trim().replace(/^TZ="[^"]*"\s*/, "");
  const steps: { unit: Unit; count: number }[] = [];
  rest = rest.replace(STEP, (_, count: string | undefined, name: string, ago?: string) => {
    const word = count?.replace(/\s/g, "").toLowerCase() ?? "1";
    const size = word === "next" || word.startsWith("a") ? 1 : word === "last" ? -1 : Number(word);
    steps.push({ unit: unitOf(name.toLowerCase()), count: ago ? -size : size });
    return " ";
  });
  let weekday: { day: number; direction: number } | undefined;
  rest = rest.replace(WEEKDAY, (_, word: string | undefined, name: string) => {
    const day = WEEKDAYS.findIndex((it) => it.startsWith(name.toLowerCase()));
    weekday = { day, direction: word?.toLowerCase() === "last" ? -1 : word ? 1 : 0 };
    return " ";
  });
  const base = baseOf(rest.trim().replace(/\s+/g, " "), now, weekday !== undefined);
  if (base === undefined) return undefined;
  const date = new Date(base);
  if (weekday) {
    const ahead = (weekday.day - date.getUTCDay() + 7) % 7;
    const days = weekday.direction < 0
      ? ahead - 7
      : weekday.direction > 0 && ahead === 0
      ? 7
      : ahead;
    date.setUTCDate(date.getUTCDate() + days);
  }
  for (const { unit, count } of steps) add(date, unit, count);
  return date.getTime();
}

function unitOf(name: string): Unit {
  if (name === "sec") return "second";
  if (name === "min") return "minute";
  return name as Unit;
}

function add(date: Date, unit: Unit, count: number): void {
  if (unit === "month") date.setUTCMonth(date.getUTCMonth() + count);
  else if (unit === "year") date.setUTCFullYear(date.getUTCFullYear() + count);
  else date.setTime(date.getTime() + count * MILLISECONDS[unit]!);
}

function baseOf(text: string, now: number, isWeekday: boolean): number | undefined {
  const day = MILLISECONDS["day"]!;
  const midnight = Math.floor(now / day) * day;
  const lower = text.toLowerCase();
  if (lower === "") return isWeekday ? midnight : now;
  if (lower === "now" || lower === "today") return now;
  if (lower === "yesterday") return now - day;
  if (lower === "tomorrow") return now + day;
  if (lower === "midnight") return midnight;
  if (lower === "noon") return midnight + day / 2;
  const seconds = /^@(-?\d+(?:\.\d+)?)$/.exec(text)?.[1];
  if (seconds !== undefined) return Number(seconds) * 1_000;
  const compact = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  if (compact) return Date.parse(`${compact[1]}-${compact[2]}-${compact[3]}T00:00Z`);
  const time = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text);
  if (time) {
    const [hours, minutes, rest = 0] = time.slice(1).map((it) => Number(it ?? 0));
    return midnight + ((hours! * 60 + minutes!) * 60 + rest) * 1_000;
  }
  const iso = /^\d{4}-\d\d?-\d\d?([T ]|$)/.test(text);
  const zoned = /([+-]\d\d:?\d\d|Z|GMT|UTC)$/i.test(text);
  const plain = iso ? text.replace(/^(\d{4})-(\d\d?)-(\d\d?)/, pad).replace(" ", "T") : text;
  const dated = iso && !plain.includes("T") ? `${plain}T00:00` : plain;
  const parsed = Date.parse(
    zoned ? dated.replace(/ ?UTC$/i, "Z") : iso ? `${dated}Z` : `${dated} UTC`,
  );
  return Number.isNaN(parsed) ? undefined : parsed;
}

function pad(_: string, year: string, month: string, day: string): string {
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}
