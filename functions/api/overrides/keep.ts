import { sourceRoleOf } from '#bonus/inputs/people.ts';
import { BUDGET_FIELDS, type LocalBudget, type Override, type OverrideField, type WorkerState } from '#model/overrides.ts';
import { readWageHistory } from '#store/propay-inputs.ts';
import { notFound } from '../problem.ts';
import { idParameter } from '../query.ts';
import { defineRoute } from '../route.ts';
import { readSource } from './budget.ts';
import { changeOverride, type OverrideChange } from './change.ts';
import { managerWithout } from './manager.ts';
import { CHANGE_ROLES, CHANGE_STATES, EDIT_JOBS, EDIT_WAGES, requireRoleEditor, requireWageEditor } from './rights.ts';
import { overridesAnswer } from './shapes.ts';
import { jobSubject, type OverrideEntity, type Subject, workerSubject, workSubject } from './subject.ts';
import { keptWage } from './wage.ts';

const KEEP = { method: 'POST', group: 'overrides', idempotency: 'accepted', answer: overridesAnswer } as const;

/** Who keeps an override has seen what the source says now: the conflict ends, and nothing else changes (M-118). */
export const keepWage = defineRoute({
  ...KEEP,
  path: '/v1/workers/{id}/overrides/wage/keep',
  summary: 'Keep a person’s wage although the source says otherwise',
  access: EDIT_WAGES,
  handler: (request) => {
    const { ports, scope, params } = request;
    const subject = async () => {
      const found = await workerSubject(request, params.id);
      await requireWageEditor(request);
      return found;
    };
    return changeOverride(request, { subject, ifMatch: null }, async (found) => {
      return keptWage(found, await readWageHistory(ports.table, scope, found.record.id)) ?? nothingToKeep();
    });
  },
});

export const keepRole = defineRoute({
  ...KEEP,
  path: '/v1/workers/{id}/overrides/role/keep',
  summary: 'Keep a person’s role although the source says otherwise',
  access: CHANGE_ROLES,
  handler: (request) => {
    const subject = async () => {
      const found = await workerSubject(request, request.params.id);
      const { role } = found.record.own.overrides;
      requireRoleEditor(request, role === null ? [] : [role.value]);
      return found;
    };
    return changeOverride(request, { subject, ifMatch: null }, async ({ record, mirror }) =>
      kept(record, 'role', record.own.overrides.role, sourceRoleOf(record, mirror.tenant)),
    );
  },
});

export const keepActive = defineRoute({
  ...KEEP,
  path: '/v1/workers/{id}/overrides/active/keep',
  summary: 'Keep a person’s state although the source says otherwise',
  access: CHANGE_STATES,
  handler: (request) =>
    changeOverride(request, { subject: () => workerSubject(request, request.params.id), ifMatch: null }, async ({ record }) => {
      const source: WorkerState = record.fields.sourceActive ? 'active' : 'deactivated';
      return kept(record, 'active', record.own.overrides.active, source);
    }),
});

export const keepManager = defineRoute({
  ...KEEP,
  path: '/v1/jobs/{id}/overrides/manager/keep',
  summary: 'Keep a job’s manager although the source says otherwise',
  access: EDIT_JOBS,
  handler: (request) =>
    changeOverride(request, { subject: () => jobSubject(request, request.params.id), ifMatch: null }, async (subject) =>
      kept(subject.record, 'manager', subject.record.own.overrides.manager, managerWithout(subject)),
    ),
});

export const keepBudget = defineRoute({
  ...KEEP,
  path: '/v1/jobs/{id}/overrides/budget/keep',
  summary: 'Keep an added budget for when the source has none again',
  access: EDIT_JOBS,
  query: { milestoneId: idParameter('Of this milestone of the job') },
  handler: (request) => {
    const subject = () => workSubject(request, request.params.id, request.query.milestoneId);
    return changeOverride(request, { subject, ifMatch: null }, async (found) => {
      const { budget } = found.record.own.overrides;
      const source = await readSource(request, found);
      const names = BUDGET_FIELDS.filter((name) => budget?.value[name] !== undefined && source[name] !== undefined);
      const seen: LocalBudget = Object.fromEntries(names.map((name) => [name, source[name]]));
      return kept(found.record, 'budget', budget, names.length === 0 ? null : seen);
    });
  },
});

function kept<V>(
  { own }: Subject<OverrideEntity>['record'],
  field: Exclude<OverrideField, 'wage'>,
  override: Override<V> | null,
  sourceValueWhenSet: V | null,
): OverrideChange {
  if (override === null) return nothingToKeep();
  return {
    overrides: () => ({ ...own.overrides, [field]: { ...override, sourceValueWhenSet, kept: true } }),
    act: { field, act: 'kept', value: override.value, sourceValueWhenSet },
  };
}

function nothingToKeep(): never {
  throw notFound();
}
