import { BECOMES, FILE_ENTITIES, type FileEntity } from '#imports/columns.ts';
import { ENTITIES } from '#model/entities.ts';
import type { IntegrationManifest, StreamManifest } from '#model/manifest.ts';

/** Files that have to be there for the rows of another to find their parents; a row whose parent is missing waits for it all the same. */
const AFTER: { readonly [E in FileEntity]?: readonly FileEntity[] } = {
  wages: ['workers'],
  milestones: ['jobs'],
  budgets: ['jobs'],
  materials: ['milestones'],
  time_entries: ['workers'],
};

/**
 * Files that people upload, for systems without a usable interface: LMN, BOSS LM, BusyBusy, ClockShark, and any other that exports
 * tables. Each kind of file is a stream; an accepted file is its listing (M-70, M-71), so nothing is ever asked of a source.
 */
export const manifest: IntegrationManifest = {
  provider: 'file-import',
  name: 'File import',
  auth: 'file',
  cycles: [60],
  manualResync: false,
  resyncModes: [],
  setupSteps: [
    { step: 'file_profile', settings: ['fileProfile'] },
    { step: 'role_map', settings: ['roleMap'] },
    { step: 'manager_map', settings: ['managerMap'], afterFirstRun: true },
  ],
  allowedHosts: [],
  requestsPerSecond: 1,
  entities: ENTITIES,
  settings: {
    fileProfile: { default: [], touches: [] },
    expectedFileEveryDays: { default: 7, touches: [] },
    importWages: { default: true, touches: [] },
    payCodeMap: { default: {}, touches: [] },
    roleMap: { default: {}, touches: [] },
  },
  streams: FILE_ENTITIES.map(streamOf),
  auxiliary: [],
};

function streamOf(stream: FileEntity): StreamManifest {
  const { entity, space, also } = BECOMES[stream];
  return {
    stream,
    entity,
    space,
    ...(also.length > 0 ? { also } : {}),
    refresh: 'daily',
    delta: { kind: 'whole' },
    deletes: stream === 'time_entries' ? { kind: 'window_sweep' } : { kind: 'sweep' },
    dependsOn: AFTER[stream] ?? [],
    mayBeEmpty: 'Nobody has to upload a file of every kind.',
  };
}
