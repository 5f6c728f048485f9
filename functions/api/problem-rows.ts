import type { ErrorCategory } from '#kernel/errors.ts';

/** What stands behind a problem code: its one status, its fixed title, who must act, and what to do about it. */
export interface ProblemKind {
  readonly status: number;
  readonly title: string;
  readonly category: ErrorCategory;
  /** The next step, in words a user can follow; the text of the problem's page. */
  readonly action: string;
}

type Row = readonly [status: number, title: string, action: string];

/** Faults of the request itself: the caller changes it and tries again. */
const REQUEST: Readonly<Record<string, Row>> = {
  'invalid-json': [400, 'The body is not JSON', 'Send a body that parses as JSON in UTF-8.'],
  'invalid-parameter': [
    400,
    'A query parameter or header is not valid',
    'Correct the parameter named in errors, or leave it out.',
  ],
  'invalid-cursor': [
    400,
    'The cursor is not valid here',
    'Start the list again without a cursor, with the same filters on every page.',
  ],
  'idempotency-key-required': [
    400,
    'An Idempotency-Key is required',
    'Send a fresh Idempotency-Key, and the same one when you retry.',
  ],
  unauthenticated: [401, 'No usable token', 'Send a token that is not revoked as “Authorization: Bearer …”.'],
  forbidden: [403, 'Your role may not do this', 'Ask an admin of your organisation to do it or to give you the right.'],
  'not-found': [404, 'There is nothing here', 'Check the id and the path.'],
  'method-not-allowed': [405, 'This path does not offer the method', 'Use one of the methods in the Allow header.'],
  'mirror-read-only': [
    405,
    'Records of the mirror are changed in their source',
    'Change the record in the integration that is named, then wait for the next run.',
  ],
  'idempotency-in-flight': [
    409,
    'The same request is still running',
    'Repeat the request with the same key after the time in Retry-After.',
  ],
  'cursor-expired': [410, 'The cursor is too old', 'Read the lists again and start a new feed from there.'],
  'precondition-failed': [
    412,
    'The record has changed since you read it',
    'Read it again and repeat the change with its new ETag.',
  ],
  'body-too-large': [413, 'The body is too large', 'Send less at once.'],
  'unsupported-media-type': [415, 'The media type is not supported', 'Send application/json without a content encoding.'],
  'invalid-body': [422, 'The body does not fit', 'Correct the fields named in errors.'],
  'idempotency-key-reused': [422, 'The Idempotency-Key belongs to another request', 'Use a fresh key for a different request.'],
  'precondition-required': [428, 'If-Match is required', 'Read the record and send its ETag as If-Match.'],
  'rate-limited': [429, 'Too many requests', 'Wait for the time in Retry-After.'],
};

/** Connections, runs and settings (M-rules). */
const MIRROR: Readonly<Record<string, Row>> = {
  'resync-quota-exceeded': [429, 'The quota of manual resyncs is used up', 'Wait until retryAt, or for the next scheduled run.'],
  'resync-not-supported': [
    422,
    'This integration offers no such resync',
    'Wait for the next scheduled run; for a file source, upload a file.',
  ],
  'too-many-webhooks': [409, 'There are as many webhooks as there may be', 'Remove an endpoint that is no longer needed.'],
  'connection-not-runnable': [409, 'The connection cannot run now', 'Do what fix names, then try again.'],
  'account-mismatch': [
    409,
    'The credentials belong to another account',
    'Use credentials of the connected account, or make a new connection.',
  ],
  'credentials-refused': [422, 'The source refused the credentials', 'Check the credentials at the source and enter them again.'],
  'authorization-over': [
    400,
    'This approval is unknown, used or over',
    'Connect or reconnect again, and open the new authorizeUrl within ten minutes.',
  ],
  'entity-already-supplied': [
    409,
    'Another connection supplies this already',
    'Take the entity type off one of the two connections.',
  ],
  'upload-not-supported': [422, 'This integration takes no files', 'Ask for a resync instead, or connect a source of files.'],
  'upload-superseded': [
    409,
    'A later upload for the same days was accepted',
    'Upload the file again if it is the newer one; else discard this upload.',
  ],
  'upload-in-line': [409, 'Too many files wait to be read in', 'Wait until some of them have been read, then accept it again.'],
  'link-already-decided': [409, 'The link was decided already', 'Read the list of links again.'],
  'hold-already-decided': [409, 'The held deletions were decided already', 'Read the list of holds again.'],
  'pool-in-use': [
    409,
    'The bonus pool is still needed',
    'Make another pool the default, and take its assignments away, before deleting this one.',
  ],
  'already-assigned': [409, 'The branch or division has a pool', 'Take its present pool away first.'],
  'launch-before-paid-period': [
    409,
    'The launch date lies before the end of a paid pay period',
    'Look at the preview, then save it with confirm=true.',
  ],
  'definition-in-use': [
    409,
    'A template of Pro-Goals asks for it',
    'Take it out of the templates named in templateIds, or archive them.',
  ],
  'division-in-use': [409, 'The division is still needed', 'Take it out of the settings that name it, or close it.'],
  'owner-protected': [409, 'The account owner keeps role and access', 'Pass the ownership on to somebody else first.'],
  'already-invited': [
    409,
    'This person is a user already',
    'Look at the list of users: resend or cancel their invitation there.',
  ],
  'worker-matches': [
    409,
    'A worker may be meant',
    'Look at the matches, then repeat the request with the workerId of one, or with null.',
  ],
  'already-member': [409, 'You belong to this organisation already', 'Sign in; nothing has to be accepted.'],
  'invitation-over': [409, 'The invitation holds no longer', 'Ask for a new one.'],
  'currency-fixed': [409, 'The currency can no longer change', 'Nothing to do: money exists in the present currency.'],
  'unknown-reference': [422, 'A setting names something that does not exist', 'Name a record that is there now.'],
  'premium-paid-by-nobody': [
    422,
    'Nobody would pay the overtime premium',
    'Leave it to payroll with an earning inside of overtime, or issue premiums here.',
  ],
  frozen: [409, 'The record is frozen', 'Reconnect the integration first.'],
};

/** Refusals of the bonus layer: bad values. */
const BONUS_VALUES: Readonly<Record<string, Row>> = {
  'invalid-number': [
    422,
    'The number is not whole or out of range',
    'Send a whole number in the unit of the field’s name, within its range.',
  ],
  'invalid-amount': [422, 'The amount is not valid', 'Send an amount the rule allows.'],
  'invalid-percentage': [422, 'The percentage is not valid', 'Send basis points the rule allows.'],
  'invalid-budget': [422, 'The budget is not valid', 'Send a budget that fits the budget type.'],
  'invalid-calendar': [422, 'The pay calendar is not valid', 'Correct the frequency or its parameters.'],
  'invalid-rule': [422, 'The rule is not valid', 'Correct the rule’s type or value.'],
  'invalid-tier': [422, 'A tier is not valid', 'Correct the tier’s bounds or reward.'],
  'tier-order': [422, 'The tiers are out of order', 'Order the tiers so that no reward falls as the index rises.'],
  'duplicate-rule': [422, 'The same rule exists already', 'Change the existing rule.'],
  'template-incomplete': [422, 'The template is incomplete', 'Fill in what is missing before approving it.'],
  'invalid-weight': [422, 'A weight is not valid', 'Use weights that are whole and not negative.'],
  'duplicate-id': [422, 'An id stands twice', 'Name each id once.'],
  'no-weight': [422, 'Nobody has a weight', 'Give at least one person a weight above zero.'],
  'unknown-budget-type': [422, 'The budget type is unknown', 'Use one of the published budget types.'],
  'unknown-formula': [422, 'The distribution formula is unknown', 'Use one of the published formulas.'],
  'unknown-adjustment': [422, 'The adjustment is unknown', 'Use one of the published adjustments.'],
  'adjustment-unit-mismatch': [422, 'The adjustment does not fit the budget’s unit', 'Adjust hours by hours and money by money.'],
  'pool-not-100': [422, 'The shares do not add up to 100 %', 'Make the five shares add up to 10,000 basis points.'],
  'other-members-missing': [422, 'A share for others has nobody to receive it', 'Name the people, or set the share to zero.'],
  'holdback-over-100': [422, 'More is held back than there is', 'Lower the retention or the warranty.'],
  'days-before-waiting': [422, 'A part would be free before the waiting time ends', 'Give the part at least the waiting days.'],
  'extend-not-later': [422, 'The new date is not later', 'Name a date after the present one.'],
  'manual-sum-mismatch': [422, 'The manual amounts do not add up', 'Make the amounts add up to the pool.'],
  'not-in-crew': [422, 'A person is not in the crew', 'Name people who worked on it.'],
  'penalty-amount-missing': [422, 'The penalty needs an amount', 'Give the amount.'],
  'approval-date-out-of-range': [422, 'The approval date is out of range', 'Name a date the rule allows.'],
  'invalid-pay-date': [422, 'The pay date is not valid', 'Name a date the rule allows.'],
};

/** Refusals of the bonus layer: the state does not allow it. */
const BONUS_STATES: Readonly<Record<string, Row>> = {
  'cannot-tell': [409, 'An input is missing', 'Supply what missing names.'],
  'not-complete': [409, 'The work is not complete', 'Wait for completion, or accept it with a reason.'],
  'disqualifier-pending': [409, 'A disqualifier is not answered', 'Answer the disqualifiers.'],
  'open-time-entry': [409, 'A clock is still running', 'Close the time entry at the source, or accept it with a reason.'],
  'no-actual-time': [409, 'No time has been recorded', 'Wait for time from the source.'],
  phased: [409, 'It is decided by its phases', 'Act on the phases: what is meant for the whole does not apply.'],
  'member-of-group': [409, 'It belongs to a group', 'Act on the group, or take it out first.'],
  'group-conflict': [409, 'The members of the group differ', 'Settle the differences that are listed.'],
  'inputs-changed': [409, 'The figures have changed since you saw them', 'Look at the new figures and approve those.'],
  'stale-data': [409, 'The source data is too old', 'Wait for a run, or accept it with a reason.'],
  'manager-missing': [409, 'The manager is missing', 'Assign a manager.'],
  'not-eligible': [409, 'There can be no ProPay here', 'See reason.'],
  deleted: [409, 'It was deleted', 'Nothing to do.'],
  'approved-unapprove-first': [409, 'It is approved', 'Unapprove it first.'],
  'locked-choice': [409, 'The choice is locked', 'It cannot change after approval.'],
  'partly-paid': [409, 'Part of it is paid', 'Correct it by a new line item.'],
  'callback-applied': [409, 'A callback was applied', 'Correct it by a new line item.'],
  'paid-is-final': [409, 'What is paid is final', 'Correct it by a new line item.'],
  'wrong-state': [409, 'The present state does not allow this', 'Read it again to see its state.'],
  'earlier-statement-open': [409, 'An earlier statement is open', 'Settle the earlier statement first.'],
  'later-statement-paid': [409, 'A later statement is paid', 'Reopen the later one first, or correct by a new line item.'],
  'period-open': [409, 'The period has not ended', 'Wait for its end, or accept it with a reason.'],
  'premium-incomplete': [409, 'The overtime premium is not final', 'Wait for the hours, or accept it with a reason.'],
  'dispute-open': [409, 'The worker disputes it', 'Answer the disputes that are named, then try again.'],
  'already-exported': [409, 'It was exported already', 'Replace the export, or cancel it.'],
  'preflight-failed': [409, 'The export is not ready', 'Put right what preflight lists, then try again.'],
  'export-target-missing': [409, 'Nobody has set this payroll up', 'Choose its mode in the settings area exports.'],
  'nothing-to-export': [409, 'No statement of this period is paid', 'Pay statements first.'],
  'no-bonus-to-deduct': [409, 'There is no bonus to deduct from', 'Wait for a bonus.'],
  'deductions-blocked': [409, 'Deductions are blocked', 'See detail.'],
  'too-many-items': [409, 'The command concerns too many records', 'Do it in smaller parts; see count and most.'],
  'premium-already-owned': [
    409,
    'Somebody else computes the premium of this week',
    'Cancel the export that named the other one, or export in its mode.',
  ],
};

const PASSING: Readonly<Record<string, Row>> = {
  'source-failed': [502, 'The source did not answer properly', 'Try again later; the source or our link to it has a problem.'],
  'store-throttled': [503, 'The store is busy', 'Try again after the time in Retry-After.'],
  'store-unavailable': [503, 'The store cannot be reached', 'Try again after the time in Retry-After.'],
  'store-conflict': [503, 'Others change the same records', 'Try again after the time in Retry-After.'],
  'pool-unavailable': [503, 'The sign-in service cannot be reached', 'Try again after the time in Retry-After.'],
  'deadline-passed': [504, 'It took too long', 'Try again; with the same Idempotency-Key nothing happens twice.'],
};

const OURS: Readonly<Record<string, Row>> = {
  'internal-error': [500, 'Something went wrong on our side', 'Tell support the requestId.'],
};

/** The rows of the one table of errors, by code. Bundles hold them as data, worked out when they are built (tools/packed-json.ts). */
export const problemRows: Readonly<Record<string, ProblemKind>> = {
  ...rows(REQUEST, 'customer'),
  ...rows(MIRROR, 'customer'),
  ...rows(BONUS_VALUES, 'customer'),
  ...rows(BONUS_STATES, 'customer'),
  ...rows(PASSING, 'transient'),
  ...rows(OURS, 'ours'),
};

function rows(table: Readonly<Record<string, Row>>, category: ErrorCategory): Record<string, ProblemKind> {
  return Object.fromEntries(
    Object.entries(table).map(([code, [status, title, action]]) => [code, { status, title, category, action }]),
  );
}
