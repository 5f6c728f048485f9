/**
 * Stands in for the SDK's parsers of dates, of which our protocols need none: they read and write JSON. What remains is the date of a
 * `Retry-After` header, as RFC 7231 writes it.
 */
export function parseRfc7231DateTime(text: string): Date {
  return new Date(text);
}

function leftOut(): never {
  throw new Error('Dates in the answers of AWS are not read by any bundle; see shared/platform/wire.ts.');
}

export {
  leftOut as dateToUtcString,
  leftOut as parseEpochTimestamp,
  leftOut as parseRfc3339DateTime,
  leftOut as parseRfc3339DateTimeWithOffset,
};
