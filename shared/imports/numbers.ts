import { hoursToSeconds, parseDecimal } from '#kernel/decimal.ts';
import { MAX_SECONDS } from '#kernel/money.ts';
import type { Profile } from './profile.ts';

export type Unit = Profile['columns'][string]['unit'];
type Marks = Pick<Profile['locale'], 'decimal' | 'thousands'>;

const PLAIN = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const CLOCK = /^([+-]?)(\d{1,6}):([0-5]\d)(?::([0-5]\d))?$/;

/** Turns numbers as a profile writes them into plain decimal text; null for anything else, such as `1.234,50` under a decimal point. */
export function numberReader({ decimal, thousands }: Marks): (text: string) => string | null {
  if (decimal === '.' && thousands === '') return (text) => (PLAIN.test(text) ? text : null);
  const mark = literally(decimal);
  const group = literally(thousands);
  const whole = thousands === '' ? '\\d+' : `(?:\\d{1,3}(?:${group}\\d{3})+|\\d+)`;
  const form = new RegExp(`^[+-]?(?:${whole}(?:${mark}\\d*)?|${mark}\\d+)$`);
  return (text) => {
    if (!form.test(text)) return null;
    const ungrouped = thousands === '' ? text : text.replaceAll(thousands, '');
    return ungrouped.replace(decimal, '.');
  };
}

function literally(mark: string): string {
  return mark.replace(/[.]/g, '\\$&');
}

/**
 * A duration in its unit as whole seconds, exactly, halves away from zero. `unit`: written in another one than the profile says;
 * `number`: not a number at all, or too large for any duration.
 */
export function readDuration(text: string, unit: Unit, plain: (text: string) => string | null): number | 'unit' | 'number' {
  const clock = CLOCK.exec(text);
  if (unit === 'hh:mm') {
    if (clock === null) return plain(text) === null ? 'number' : 'unit';
    const seconds = Number(clock[2]) * 3_600 + Number(clock[3]) * 60 + Number(clock[4] ?? 0);
    return bounded(clock[1] === '-' && seconds > 0 ? -seconds : seconds);
  }
  if (clock !== null) return 'unit';
  const number = plain(text);
  if (number === null) return 'number';
  if (unit !== 'hours') return bounded(scaledSeconds(number, unit === 'minutes' ? 60n : 1n));
  // The kernel rounds halves up, which below zero is towards it: the sign is put back behind.
  const negative = number.startsWith('-');
  const seconds = hoursToSeconds(negative ? number.slice(1) : number);
  return seconds === null ? 'number' : bounded(negative && seconds > 0 ? -seconds : seconds);
}

function scaledSeconds(number: string, secondsPerUnit: bigint): number | null {
  const decimal = parseDecimal(number);
  if (decimal === null) return null;
  const unit = 10n ** BigInt(decimal.scale);
  const magnitude = decimal.digits < 0n ? -decimal.digits : decimal.digits;
  const seconds = Number((magnitude * secondsPerUnit * 2n + unit) / (unit * 2n));
  return decimal.digits < 0n && seconds > 0 ? -seconds : seconds;
}

function bounded(seconds: number | null): number | 'number' {
  return seconds === null || Math.abs(seconds) > MAX_SECONDS ? 'number' : seconds;
}
