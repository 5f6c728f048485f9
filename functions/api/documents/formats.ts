/** How a document writes figures: dates, times and hours by language and by the tenant's settings; money is the same in both languages of the US. */
export interface Formats {
  readonly language: Language;
  readonly timeFormat: '12h' | '24h';
  readonly hoursDisplay: 'decimal' | 'h:mm';
  /** Of tables: dates and amounts as machines read them (M-156). */
  readonly plain: boolean;
}

export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

const MONTHS = {
  en: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  es: ['ene', 'feb', 'mar', 'abr', 'may', 'jun', 'jul', 'ago', 'sep', 'oct', 'nov', 'dic'],
} as const;

/** `2026-03-09` → `Mar 9, 2026` or `9 mar 2026`; plain as it is. */
export function dateText(date: string, { language, plain }: Pick<Formats, 'language' | 'plain'>): string {
  if (plain) return date;
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const name = MONTHS[language][month - 1]!;
  return language === 'en' ? `${name} ${day}, ${year}` : `${day} ${name} ${year}`;
}

/** `14:05` of a local day → `2:05 PM`, or as it is. */
export function timeText(time: string, { timeFormat, language }: Formats): string {
  const [hour, minute] = time.split(':') as [string, string];
  if (timeFormat === '24h') return `${hour}:${minute}`;
  const noon = Number(hour) < 12 ? { en: 'AM', es: 'a.m.' } : { en: 'PM', es: 'p.m.' };
  return `${((Number(hour) + 11) % 12) + 1}:${minute} ${noon[language]}`;
}

/** A decimal as the API gives it, in the currency: `-1234.50` → `-$1,234.50`; other currencies go by their code. */
export function moneyText(amount: string, currency: string): string {
  const [whole, cents] = amount.replace('-', '').split('.') as [string, string | undefined];
  const grouped = `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${cents === undefined ? '' : `.${cents}`}`;
  const sign = amount.startsWith('-') ? '-' : '';
  return currency === 'USD' ? `${sign}$${grouped}` : `${sign}${grouped} ${currency}`;
}

/** Seconds as hours: `30.25 h` rounded to hundredths, or `30:15`. */
export function hoursText(seconds: number, { hoursDisplay }: Formats): string {
  const sign = seconds < 0 ? '-' : '';
  const size = Math.abs(seconds);
  if (hoursDisplay === 'h:mm') {
    const minutes = Math.floor((size + 30) / 60);
    return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`;
  }
  const hundredths = Math.floor((size + 18) / 36);
  return `${sign}${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')} h`;
}

/** Basis points as a percentage: `70%`, `12.5%`. */
export function percentText(bp: number): string {
  const sign = bp < 0 ? '-' : '';
  const size = Math.abs(bp);
  const rest = String(size % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${sign}${Math.floor(size / 100)}${rest === '' ? '' : `.${rest}`}%`;
}
