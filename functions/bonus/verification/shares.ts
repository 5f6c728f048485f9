import { hashText } from '#kernel/hash.ts';
import { dayNumberOf, type Instant } from '#kernel/instant.ts';

/** Days in which everything, open or not, has been verified once. */
const SHARES = 7;

/** Tells whether a record's turn comes on the day of an instant: each record's comes once in seven days, spread evenly by its id. */
export function todaysShare(time: Instant): (id: string) => boolean {
  const share = dayNumberOf(time.slice(0, 10)) % SHARES;
  return (id) => Buffer.from(hashText(id), 'base64url').readUInt32BE(0) % SHARES === share;
}
