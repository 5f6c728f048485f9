import type { Diagnosis } from '#mirror/diagnose.ts';
import type { EntityName } from '#model/entities.ts';
import type { Reach } from '../access.ts';

const COLLECTIONS: Readonly<Partial<Record<EntityName, string>>> = {
  worker: '/v1/workers',
  job: '/v1/jobs',
  milestone: '/v1/milestones',
  time_entry: '/v1/time-entries',
};

/** What a caller who may ask about own records only is told of everything else: no more than that (M-124). */
export const NOT_AVAILABLE = {
  verdict: null,
  code: 'not_available',
  title: 'No answer for your role',
  detail: 'You get answers about records of your own.',
  evidence: {},
  nextAction: { code: 'ask_manager', detail: 'Ask your manager.', href: null },
  nextRunAt: null,
  record: null,
  parent: null,
  probe: { done: false, result: null },
  checklist: [],
};

/** A verdict as the API serves it. Managers are told which rule holds, not what stands in a record that may not be theirs. */
export function diagnosisView(verdict: Diagnosis, reach: Reach) {
  const { supplier, record, nextAction, evidence, ...words } = verdict;
  const recordHref = record === null ? null : `${COLLECTIONS[record.entity] ?? ''}/${record.id}`;
  const { value: _value, ...narrow } = evidence;
  return {
    ...words,
    evidence: reach === 'A' || reach === 'R' || record !== null ? evidence : narrow,
    nextAction: { ...nextAction, href: hrefOf(verdict, recordHref) },
    nextRunAt: supplier?.nextRunAt ?? null,
    record: record === null ? null : { entity: record.entity, id: record.id, href: recordHref },
  };
}

/** Where the next action is taken. */
function hrefOf({ nextAction, supplier, evidence }: Diagnosis, recordHref: string | null): string | null {
  const connection = supplier === null ? '/v1/connections' : `/v1/connections/${supplier.connectionId}`;
  switch (nextAction.code) {
    case 'connect':
      return '/v1/connections';
    case 'open':
      return typeof evidence.proPayId === 'string' ? `/v1/propays/${evidence.proPayId}` : recordHref;
    case 'restore':
      return `/v1/propays/${evidence.proPayId}`;
    case 'reconnect':
      return `${connection}/reconnect`;
    case 'wait_or_resync':
      return `${connection}/resyncs`;
    case 'edit_rule':
      return `/v1/exclusion-rules/${evidence.rule}`;
    case 'set_launch':
    case 'move_launch':
      return '/v1/settings/propay';
    case 'change_setting':
    case 'fix_connection':
    case 'finish_setup':
    case 'add_permission':
    case 'wait':
      return connection;
    default:
      return recordHref;
  }
}

type ProbeResult = { readonly result: string } | null;
interface ChecklistStep {
  readonly step: string;
  readonly done: boolean;
  readonly result: string;
}

/** The checklist that people are given for a missing record (M-16), walked for them. */
export function checklistOf(verdict: Diagnosis, probe: ProbeResult, now: string): readonly ChecklistStep[] {
  const { supplier, code } = verdict;
  const lastRun = supplier?.sync.lastSuccessfulAt ?? null;
  const asked = probe !== null && probe.result !== 'left_out';
  return [
    {
      step: 'wait_one_cycle',
      done: supplier?.sync.firstSyncDone ?? false,
      result: supplier?.nextRunAt ? `The next run is at ${supplier.nextRunAt}.` : 'No run is scheduled.',
    },
    {
      step: 'look_at_sync_timestamp',
      done: supplier !== null,
      result: lastRun === null ? 'No run has succeeded yet.' : `The last good run ended at ${lastRun}; it is ${now} now.`,
    },
    {
      step: 'check_exclusions',
      done: verdict.verdict === 'V-24' || Number(verdict.verdict.slice(2)) >= 19 || code === 'present',
      result: verdict.verdict === 'V-24' ? 'An exclusion holds.' : 'Exclusions concern ProPays only, never the record itself.',
    },
    {
      step: 'check_at_source',
      done: asked,
      result: asked ? `Asked the source: ${probe.result}.` : 'What is stored decides; the source was not asked.',
    },
    { step: 'resync', done: false, result: supplier === null ? 'Nothing is connected.' : 'A resync can be asked for.' },
    {
      step: 'contact_support',
      done: code === 'missed',
      result:
        code === 'missed' ? `Reference ${String(verdict.evidence.reference ?? verdict.evidence.fetchedByRunId)}.` : 'Not needed.',
    },
  ];
}
