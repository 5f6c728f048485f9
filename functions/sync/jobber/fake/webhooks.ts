import { createHmac } from 'node:crypto';
import { instantFromMs } from '#kernel/instant.ts';
import { localTimeOf, offsetSeconds } from '#kernel/zone.ts';
import type { SentEvent } from '../../../../shared/fake-source/hook-posts.ts';
import type { Edit } from '../../../../shared/fake-source/tenant-data.ts';

/** Topics by list; users have no event of deletion, and the account none of its rows. */
const TOPICS: Readonly<Record<string, string>> = {
  clients: 'CLIENT',
  properties: 'PROPERTY',
  users: 'USER',
  jobs: 'JOB',
  visits: 'VISIT',
  timeSheetEntries: 'TIMESHEET',
};

/** The event of an edit; null where Jobber sends none. */
export function eventOf(
  { entity, before, after }: Edit,
  about: {
    readonly appId: string;
    readonly accountId: string;
    readonly zone: string;
    readonly atMs: number;
    readonly oldSpelling: boolean;
  },
): string | null {
  const prefix = TOPICS[entity.path];
  const itemId = (after ?? before)?.id;
  if (prefix === undefined || typeof itemId !== 'string' || (prefix === 'USER' && after === null)) return null;
  const topic = `${prefix}_${before === null ? 'CREATE' : after === null ? 'DESTROY' : 'UPDATE'}`;
  const { appId, accountId } = about;
  const occurred = { [about.oldSpelling ? 'occuredAt' : 'occurredAt']: zoned(about.atMs, about.zone) };
  return JSON.stringify({ data: { webHookEvent: { topic, appId, accountId, itemId, ...occurred } } });
}

/** Signs an event with the app's secret, as the header of the real one is. */
export function signed(body: string, secret: string): SentEvent {
  const hmac = createHmac('sha256', secret).update(body).digest('base64');
  return { headers: { 'Content-Type': 'application/json', 'X-Jobber-Hmac-SHA256': hmac }, body };
}

/** Local time with its offset, to the second. */
function zoned(ms: number, zone: string): string {
  const instant = instantFromMs(ms);
  const minutes = offsetSeconds(instant, zone) / 60;
  const pair = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, '0');
  return `${localTimeOf(instant, zone).slice(0, 19)}${minutes < 0 ? '-' : '+'}${pair(minutes / 60)}:${pair(minutes % 60)}`;
}
