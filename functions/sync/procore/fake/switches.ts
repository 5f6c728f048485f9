import { HOOK_TARGET } from '../../../../shared/fake-source/hook-posts.ts';
import { oneOf, type SwitchSpec, wholeNumber } from '../../../../shared/fake-source/switches.ts';

function projectIds(value: unknown): string | null {
  const good = Array.isArray(value) && value.every((id) => typeof id === 'string' || typeof id === 'number');
  return good ? null : '"value" must be a list of project ids';
}

function limits(value: unknown): string | null {
  const { hour, spike } = (value ?? {}) as { hour?: unknown; spike?: unknown };
  const good = (count: unknown) => typeof count === 'number' && Number.isInteger(count) && count >= 0;
  return good(hour) && good(spike) ? null : '"value" must be {"hour":N,"spike":N}';
}

/** What this source can be made to do beyond the general faults; the defaults are its standing behaviour. */
export const PROCORE_SWITCHES: readonly SwitchSpec[] = [
  { name: 'limits', default: { hour: 3600, spike: 25 }, check: limits, effect: 'requests an hour and in ten seconds' },
  { name: 'overload', default: false, onValue: 2, check: wholeNumber(0, 86_400), effect: '503; value: seconds of Retry-After' },
  {
    name: 'hiddenProjects',
    default: false,
    check: projectIds,
    effect: 'projects no longer permitted: lists leave them and their time out, direct reads answer 404',
  },
  { name: 'deniedProjects', default: false, check: projectIds, effect: 'projects whose own lists (crews, budget …) answer 403' },
  { name: 'disconnected', default: false, onValue: true, effect: '403 App is not connected to this company' },
  {
    name: 'deletedAtFilter',
    default: 'works',
    check: oneOf('works', 'ignored', 'refused'),
    effect: 'filters[deleted_at] on time: works, ignored (all live rows), refused (400)',
  },
  { name: 'deptWithoutId', default: false, onValue: true, effect: 'departments have no id' },
  { name: 'moneyAs', default: false, onValue: 'swapped', effect: 'money is a number on v1.0 and text on v1.1' },
  {
    name: 'errorShape',
    default: 'mixed',
    check: oneOf('mixed', 'text', 'fields', 'code', 'oauth'),
    effect: 'form of error bodies: one of the four, or mixed',
  },
  { name: 'timeout408', default: false, onValue: 100, check: wholeNumber(1, 100_000), effect: '408 when per_page is above this' },
  { name: 'refreshReplyLost', default: false, onValue: true, effect: 'a refresh is done and its answer is lost' },
  { name: 'tokenSeconds', default: 5400, check: wholeNumber(1, 31_536_000), effect: 'lifetime of new access tokens in seconds' },
  { name: 'noLinkHeader', default: false, onValue: true, effect: 'no Link header: page until an empty page' },
  HOOK_TARGET,
  {
    name: 'webhooks',
    default: 'ok',
    onValue: 'ok',
    check: oneOf('ok', 'duplicate', 'delay', 'lost', 'v4'),
    effect:
      'how events of edits are posted: once each, twice, late, not at all (the queue was discarded), in the payload of version 4.0',
  },
  { name: 'idsAsText', default: false, onValue: true, effect: 'ids of rows are text, as in version 2' },
];
