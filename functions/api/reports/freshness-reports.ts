import { catalogue } from '#functions/sync/catalogue.ts';
import { msOf } from '#kernel/instant.ts';
import type { ReportDefinition } from './report.ts';

/** How old what each list of a source brought is, and whether that is too old to approve by (M-110). */
export const dataFreshness: ReportDefinition = {
  filters: ['connectionId'],
  columns: [
    ...['connectionId', 'connection', 'provider', 'state', 'stream', 'entity', 'dataAsOf', 'ageSeconds', 'stale'],
    ...['lastOutcome', 'lastRunId', 'lastSuccessfulAt', 'lastSuccessfulRunId'],
  ],
  read: ({ desk: { context, syncs, now }, given }) => {
    const limitMs = context.maxDataAgeMinutes * 60_000;
    const items = Object.entries(context.connections)
      .filter(([id]) => given.connectionId === undefined || id === given.connectionId)
      .flatMap(([connectionId, { provider, name }]) => {
        const sync = syncs.get(connectionId);
        const streams = catalogue.find((one) => one.provider === provider)?.streams ?? [];
        return streams.map(({ stream, entity }) => {
          const state = sync?.streams[stream];
          const dataAsOf = state?.dataAsOf ?? null;
          const ageMs = dataAsOf === null ? null : msOf(now) - msOf(dataAsOf);
          return {
            ...{ connectionId, connection: name, provider, state: sync?.state ?? null, stream, entity, dataAsOf },
            ageSeconds: ageMs === null ? null : Math.floor(ageMs / 1_000),
            // What was never read cannot be told to be fresh.
            stale: ageMs === null ? null : ageMs > limitMs,
            ...{ lastOutcome: state?.lastOutcome ?? null, lastRunId: state?.lastRunId ?? null },
            lastSuccessfulAt: state?.lastSuccessfulAt ?? null,
            lastSuccessfulRunId: state?.lastSuccessfulRunId ?? null,
          };
        });
      });
    return {
      figures: {
        streams: items.length,
        stale: items.filter(({ stale }) => stale === true).length,
        neverRead: items.filter(({ stale }) => stale === null).length,
      },
      items,
      ids: items.map(({ connectionId, stream }) => `${connectionId} ${stream}`),
    };
  },
};
