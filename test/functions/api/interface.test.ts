import { describe, expect, it } from 'vitest';
import { routes } from '#functions/api/routes.ts';

/** Method and path of every route of the bonus layer that clients rely on; names of path parameters do not matter. */
const FIXED = `
GET /v1/propays
POST /v1/propays
GET /v1/propays/{}
PATCH /v1/propays/{}
DELETE /v1/propays/{}
POST /v1/propays/{}/approve
POST /v1/propays/{}/unapprove
POST /v1/propays/{}/cancel
POST /v1/propays/{}/restore
POST /v1/propays/{}/recalculate
PUT /v1/propays/{}/disqualifiers/{}
PUT /v1/propays/{}/penalties/{}
DELETE /v1/propays/{}/penalties/{}
POST /v1/propays/{}/sync-definitions
GET /v1/propays/{}/explain
GET /v1/propays/{}/source-changes
POST /v1/propays/{}/source-changes/accept
POST /v1/propays/{}/source-changes/dismiss
GET /v1/propays/{}/phases
POST /v1/propays/{}/phases/{}/approve
POST /v1/propays/{}/phases/{}/unapprove
POST /v1/propays/{}/phases/{}/exclude
POST /v1/propays/{}/phases/{}/include
POST /v1/propays/{}/release-reserve
POST /v1/propays/bulk-approve
POST /v1/propays/preview
GET /v1/callbacks
GET /v1/callbacks/{}
POST /v1/callbacks/{}/accept
POST /v1/callbacks/{}/dismiss
GET /v1/groups
POST /v1/groups
GET /v1/groups/{}
PATCH /v1/groups/{}
POST /v1/groups/{}/approve
POST /v1/groups/{}/unapprove
POST /v1/groups/{}/dissolve
PUT /v1/groups/{}/members/{}
DELETE /v1/groups/{}/members/{}
GET /v1/bonus-pools
POST /v1/bonus-pools
GET /v1/bonus-pools/{}
PATCH /v1/bonus-pools/{}
DELETE /v1/bonus-pools/{}
GET /v1/bonus-pools/{}/assignments
POST /v1/bonus-pools/{}/assignments
DELETE /v1/bonus-pools/{}/assignments/{}
GET /v1/disqualifiers
POST /v1/disqualifiers
GET /v1/disqualifiers/{}
PATCH /v1/disqualifiers/{}
DELETE /v1/disqualifiers/{}
GET /v1/penalties
POST /v1/penalties
GET /v1/penalties/{}
PATCH /v1/penalties/{}
DELETE /v1/penalties/{}
GET /v1/exclusion-rules
POST /v1/exclusion-rules
GET /v1/exclusion-rules/{}
PATCH /v1/exclusion-rules/{}
DELETE /v1/exclusion-rules/{}
GET /v1/divisions
POST /v1/divisions
GET /v1/divisions/{}
PATCH /v1/divisions/{}
DELETE /v1/divisions/{}
GET /v1/pro-goal-templates
POST /v1/pro-goal-templates
GET /v1/pro-goal-templates/{}
PATCH /v1/pro-goal-templates/{}
DELETE /v1/pro-goal-templates/{}
POST /v1/pro-goal-templates/{}/approve
POST /v1/pro-goal-templates/{}/archive
GET /v1/pro-goals
POST /v1/pro-goals
GET /v1/pro-goals/{}
POST /v1/pro-goals/{}/approve
POST /v1/pro-goals/{}/unapprove
POST /v1/pro-goals/{}/cancel
GET /v1/pro-goals/{}/results
PUT /v1/pro-goals/{}/results
GET /v1/statements
GET /v1/statements/{}
POST /v1/statements/{}/line-items
GET /v1/line-items
POST /v1/line-items
GET /v1/line-items/{}
POST /v1/line-items/{}/hold
POST /v1/line-items/{}/release
POST /v1/line-items/{}/extend
POST /v1/line-items/{}/void
POST /v1/statements/{}/pay
POST /v1/statements/{}/void
POST /v1/statements/{}/reopen
POST /v1/statements/{}/acknowledge
POST /v1/statements/{}/dispute
POST /v1/statements/{}/answer
POST /v1/statements/bulk-pay
GET /v1/exports
POST /v1/exports
GET /v1/exports/{}
GET /v1/exports/{}/file
POST /v1/exports/{}/export
POST /v1/exports/{}/confirm
POST /v1/exports/{}/cancel
PUT /v1/milestones/{}/progress
PUT /v1/milestones/{}/installed/{}
PUT /v1/workers/{}/settings
PUT /v1/jobs/{}/exclusion
DELETE /v1/jobs/{}/exclusion
PUT /v1/jobs/{}/callback-of
DELETE /v1/jobs/{}/callback-of
GET /v1/settings
GET /v1/settings/{}
PUT /v1/settings/{}
GET /v1/alerts
GET /v1/reports/{}
`;

describe('the fixed core of the interface', () => {
  const offered = new Map(routes.map((route) => [`${route.method} ${route.path.replace(/\{[^}]+\}/g, '{}')}`, route]));
  const fixed = FIXED.trim().split('\n');

  it('is offered whole', () => {
    expect(fixed.filter((route) => !offered.has(route))).toEqual([]);
  });

  const MONEY =
    /\/(approve|unapprove|pay|bulk-pay|reopen|release-reserve|bulk-approve|hold|release|extend|line-items)$|line-items\/\{\}\/void$|source-changes\/accept$|callbacks\/\{\}\/accept$|\/exports$|exports\/\{\}\/(export|confirm|cancel)$/;
  it.each(fixed.filter((route) => route.startsWith('POST') && MONEY.test(route) && !route.includes('templates')))(
    '%s asks for an Idempotency-Key',
    (route) => {
      expect(offered.get(route)?.idempotency).toBe('required');
    },
  );

  const TAGGED = /propays|groups|bonus-pools\/\{\}$|disqualifiers|penalties|exclusion-rules|templates|settings\/\{\}$/;
  it.each(fixed.filter((route) => /^(PUT|PATCH|DELETE)/.test(route) && TAGGED.test(route)))('%s asks for If-Match', (route) => {
    expect(offered.get(route)?.ifMatch).toBe(true);
  });
});
