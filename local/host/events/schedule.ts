/** Whether a schedule fires in the minute that begins at an instant (milliseconds, UTC). */
export type Schedule = (minuteMs: number) => boolean;

const MINUTE_MS = 60_000;
const UNIT_MINUTES: Readonly<Record<string, number>> = { minute: 1, minutes: 1, hour: 60, hours: 60, day: 1440, days: 1440 };

/**
 * Reads `rate(5 minutes)` or `cron(0 6 ? * MON-FRI *)` as EventBridge spells them. A rate fires at whole multiples of
 * itself since the epoch (on AWS it counts from the rule's creation). Throws on an expression AWS would refuse.
 */
export function readSchedule(expression: string): Schedule {
  const rate = /^rate\((\d+) (minutes?|hours?|days?)\)$/.exec(expression);
  if (rate !== null) {
    const count = Number(rate[1]);
    const unit = rate[2]!;
    if (count < 1 || (count === 1) === unit.endsWith('s')) throw new Error(`Schedule expression ${expression} is not valid`);
    const every = count * UNIT_MINUTES[unit]! * MINUTE_MS;
    return (minuteMs) => minuteMs % every === 0;
  }
  const cron = /^cron\((.+)\)$/.exec(expression);
  const fields = cron?.[1]?.trim().split(/\s+/) ?? [];
  if (fields.length !== 6) throw new Error(`Schedule expression ${expression} is not valid`);
  return readCron(fields as [string, string, string, string, string, string], expression);
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

function readCron(
  [minute, hour, dayOfMonth, month, dayOfWeek, year]: [string, string, string, string, string, string],
  whole: string,
): Schedule {
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw new Error(`Schedule expression ${whole} is not valid: exactly one of the day fields is "?"`);
  const minutes = readField(minute, 0, 59, []);
  const hours = readField(hour, 0, 23, []);
  const months = readField(month, 1, 12, ['', ...MONTHS]);
  const years = readField(year, 1970, 2199, []);
  const inMonth = dayOfMonth === '?' ? () => true : readDayOfMonth(dayOfMonth);
  const inWeek = dayOfWeek === '?' ? () => true : readDayOfWeek(dayOfWeek);
  return (minuteMs) => {
    const date = new Date(minuteMs);
    return (
      minutes(date.getUTCMinutes()) &&
      hours(date.getUTCHours()) &&
      months(date.getUTCMonth() + 1) &&
      years(date.getUTCFullYear()) &&
      inMonth(date) &&
      inWeek(date)
    );
  };
}

function readField(text: string, low: number, high: number, names: readonly string[]): (value: number) => boolean {
  const tests = text.split(',').map((part) => readRange(part, low, high, names));
  return (value) => tests.some((test) => test(value));
}

function readRange(part: string, low: number, high: number, names: readonly string[]): (value: number) => boolean {
  const number = (text: string) => {
    const named = names.indexOf(text.toUpperCase());
    const value = named > 0 || (named === 0 && text !== '') ? named : Number(text);
    if (text === '' || !Number.isInteger(value) || value < low || value > high)
      throw new Error(`"${part}" is not valid in a schedule expression`);
    return value;
  };
  const [range = '', step] = part.split('/');
  const every = step === undefined ? 1 : Number(step);
  if (!Number.isInteger(every) || every < 1) throw new Error(`"${part}" is not valid in a schedule expression`);
  const [first = '', last] = range === '*' ? [String(low), String(high)] : range.split('-');
  const from = number(first);
  // `5/10` counts from 5 to the end; a bare `5` is only 5.
  const to = last !== undefined ? number(last) : step === undefined ? from : high;
  return (value) => value >= from && value <= to && (value - from) % every === 0;
}

function lastDay(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function readDayOfMonth(text: string): (date: Date) => boolean {
  if (text === 'L') return (date) => date.getUTCDate() === lastDay(date);
  if (/^\d+W$/.test(text)) {
    const wanted = Number(text.slice(0, -1));
    return (date) => date.getUTCDate() === nearestWeekday(date, wanted);
  }
  const test = readField(text, 1, 31, []);
  return (date) => test(date.getUTCDate());
}

// The working day closest to a day of the month, inside that month.
function nearestWeekday(date: Date, wanted: number): number {
  const day = Math.min(wanted, lastDay(date));
  const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), day)).getUTCDay();
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === lastDay(date) ? day - 2 : day + 1;
  return day;
}

function readDayOfWeek(text: string): (date: Date) => boolean {
  // Days count from 1 (Sunday) to 7.
  const names = ['', ...DAYS];
  const nth = /^(\w+)#([1-5])$/.exec(text);
  if (nth !== null) {
    const day = readField(nth[1]!, 1, 7, names);
    return (date) => day(date.getUTCDay() + 1) && Math.ceil(date.getUTCDate() / 7) === Number(nth[2]);
  }
  if (text === 'L') return (date) => date.getUTCDay() === 6;
  if (/^\w+L$/.test(text)) {
    const day = readField(text.slice(0, -1), 1, 7, names);
    return (date) => day(date.getUTCDay() + 1) && date.getUTCDate() > lastDay(date) - 7;
  }
  const test = readField(text, 1, 7, names);
  return (date) => test(date.getUTCDay() + 1);
}
