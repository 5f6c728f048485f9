import { hashText } from '#kernel/hash.ts';
import type { IdentitySpace } from './entities.ts';

/** Length of a mirror id: 96 bits in base64url. */
export const MIRROR_ID_LENGTH = 16;

/**
 * The mirror id of a source record (M-24): the first 96 bits of SHA-256 over connection, identity space, source id and generation.
 * Computed, never looked up, so a child can be stored under a parent that has not arrived yet.
 */
export function mirrorId(connectionId: string, space: IdentitySpace, sourceId: string, generation = 1): string {
  return hashText(`${connectionId}\n${space}\n${generation}\n${sourceId}`).slice(0, MIRROR_ID_LENGTH);
}

const MIRROR_ID = /^[A-Za-z0-9_-]{16}$/;

/** True when the text has the form of a mirror id. */
export function isMirrorId(text: string): boolean {
  return MIRROR_ID.test(text);
}

/** Where a ProPay lives: its job, its milestone on a recurring job, and its number there. */
export interface ProPayRef {
  readonly jobId: string;
  readonly milestoneId: string | null;
  readonly n: number;
}

/** `<job>.<milestone or ->.<n>`: the id carries its key, so what was just created is read at once without an index. */
export function proPayId(ref: ProPayRef): string {
  return `${ref.jobId}.${ref.milestoneId ?? '-'}.${ref.n}`;
}

/** Reads a ProPay id back; null when the text is none. */
export function parseProPayId(text: string): ProPayRef | null {
  const [jobId, milestone, n, rest] = text.split('.');
  if (rest !== undefined || !jobId || !milestone || !n) return null;
  if (!isMirrorId(jobId) || !(milestone === '-' || isMirrorId(milestone)) || !/^[1-9]\d{0,5}$/.test(n)) return null;
  return { jobId, milestoneId: milestone === '-' ? null : milestone, n: Number(n) };
}

/** Where a Pro-Goal lives: its template, and the first day of its period. */
export interface GoalRef {
  readonly templateId: string;
  readonly startDate: string;
}

/** `<template>.<first day>`: the same template and period always give the same goal. */
export function goalId(ref: GoalRef): string {
  return `${ref.templateId}.${ref.startDate}`;
}

/** Reads a goal id back; null when the text is none. */
export function parseGoalId(text: string): GoalRef | null {
  const [templateId, startDate, rest] = text.split('.');
  if (rest !== undefined || !templateId || !startDate || !isGoalTemplateId(templateId) || !LOCAL_DATE.test(startDate))
    return null;
  return { templateId, startDate };
}

/** True when the text has the form of a goal template's id, a ULID. */
export function isGoalTemplateId(text: string): boolean {
  return /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text);
}

/** The id of the group that a route's rule makes for one of its periods: computed, so that two first members meet in one group. */
export function routeGroupId(routeId: string, kind: 'week' | 'pay', startDate: string): string {
  return hashText(`${routeId}\n${kind}\n${startDate}`).slice(0, MIRROR_ID_LENGTH);
}

/** `<original job>.<rework job>`. */
export function callbackId(ref: { readonly originalJobId: string; readonly jobId: string }): string {
  return `${ref.originalJobId}.${ref.jobId}`;
}

/** Reads a callback id back; null when the text is none. */
export function parseCallbackId(text: string): { readonly originalJobId: string; readonly jobId: string } | null {
  const [originalJobId, jobId, rest] = text.split('.');
  if (rest !== undefined || !originalJobId || !jobId || !isMirrorId(originalJobId) || !isMirrorId(jobId)) return null;
  return { originalJobId, jobId };
}

/** Where a line item was born: worker, pay calendar, assignment date at birth, and a unique tail. */
export interface LineItemRef {
  readonly workerId: string;
  readonly calendarId: string;
  readonly assignOn: string;
  readonly tail: string;
}

/** `<worker>.<calendar>.<assignOn at birth>.<tail>`. */
export function lineItemId(ref: LineItemRef): string {
  return `${ref.workerId}.${ref.calendarId}.${ref.assignOn}.${ref.tail}`;
}

/** Reads a line item id back; null when the text is none. */
export function parseLineItemId(text: string): LineItemRef | null {
  const [workerId, calendarId, assignOn, tail, rest] = text.split('.');
  if (rest !== undefined || !workerId || !calendarId || !assignOn || !tail) return null;
  if (!isMirrorId(workerId) || !CALENDAR_ID.test(calendarId) || !LOCAL_DATE.test(assignOn) || !/^[A-Za-z0-9_-]{8,43}$/.test(tail))
    return null;
  return { workerId, calendarId, assignOn, tail };
}

export interface StatementRef {
  readonly workerId: string;
  readonly calendarId: string;
  readonly startDate: string;
}

/** `<worker>.<calendar>.<first day of the period>`. */
export function statementId(ref: StatementRef): string {
  return `${ref.workerId}.${ref.calendarId}.${ref.startDate}`;
}

/** Reads a statement id back; null when the text is none. */
export function parseStatementId(text: string): StatementRef | null {
  const [workerId, calendarId, startDate, rest] = text.split('.');
  if (rest !== undefined || !workerId || !calendarId || !startDate) return null;
  if (!isMirrorId(workerId) || !CALENDAR_ID.test(calendarId) || !LOCAL_DATE.test(startDate)) return null;
  return { workerId, calendarId, startDate };
}

/** `tenant` for the tenant's own pay calendar, else the mirror id of the branch that overrides it. */
const CALENDAR_ID = /^(tenant|[A-Za-z0-9_-]{16})$/;
const LOCAL_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** `<tenant>.<n>`: a provider's hook that names nothing but the connection still names its tenant. */
export function connectionId(tenantId: string, n: number): string {
  return `${tenantId}.${n}`;
}

/** Reads a connection id back; null when the text is none. */
export function parseConnectionId(text: string): { tenantId: string; n: number } | null {
  const match = /^([a-z0-9]{4,32})\.([1-9]\d{0,5})$/.exec(text);
  return match ? { tenantId: match[1]!, n: Number(match[2]) } : null;
}
