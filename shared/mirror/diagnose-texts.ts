interface VerdictText {
  readonly row: `V-${number}`;
  readonly title: string;
  readonly detail: string;
  /** Code and words of the one next step. */
  readonly action: readonly [code: string, detail: string];
}

/** Rows of the table after M-125, in words for users. `{source}` stands for the integration's name. */
export const TEXTS = {
  no_connection: {
    row: 'V-1',
    title: 'Nothing supplies these records',
    detail: 'No integration that is or was connected here supplies records of this kind.',
    action: ['connect', 'Connect an integration that supplies them.'],
  },
  merged: {
    row: 'V-2',
    title: 'It was merged into another record',
    detail: '{source} says that this record and another one are the same.',
    action: ['open_target', 'Open the record it was merged into.'],
  },
  deleted_at_source: {
    row: 'V-3',
    title: 'It was deleted in {source}',
    detail: 'It was here and is gone at the source. Lists show it with includeDeleted=true.',
    action: ['restore_at_source', 'Restore it in {source}; the next run brings it back.'],
  },
  hidden_by_role: {
    row: 'V-4',
    title: 'It is outside of what you may see',
    detail: 'The record is here, but your role or scope does not reach it.',
    action: ['ask_admin', 'Ask an admin to widen your scope.'],
  },
  filtered_by_view: {
    row: 'V-5',
    title: 'A filter hides it',
    detail: 'The record is here and you may see it, but a filter of the list you look at leaves it out.',
    action: ['clear_filter', 'Clear the filter that is named.'],
  },
  present: {
    row: 'V-6',
    title: 'It is here',
    detail: 'The record is mirrored and you may see it.',
    action: ['open', 'Open the record.'],
  },
  quarantined: {
    row: 'V-7',
    title: 'A field could not be read',
    detail: 'The record was read from {source}, but one of its fields cannot be used as it is.',
    action: ['correct_at_source', 'Correct the field in {source}, or the map that it goes through.'],
  },
  parent_missing: {
    row: 'V-8',
    title: 'It waits for the record it belongs to',
    detail: 'The record was read from {source}, but what it belongs to is not here.',
    action: ['act_on_parent', 'See why the parent is missing.'],
  },
  ignored_status: {
    row: 'V-9',
    title: 'Its status is ignored',
    detail: 'Records in this status, such as drafts and canceled ones, are not mirrored.',
    action: ['change_status', 'Change the status in {source}, or the rule that ignores it.'],
  },
  out_of_scope: {
    row: 'V-10',
    title: 'It is outside of what is read',
    detail: 'The settings of the connection leave this record out.',
    action: ['change_setting', 'Change the setting that is named.'],
  },
  disconnected: {
    row: 'V-11',
    title: '{source} is disconnected',
    detail: 'Nothing is updated any more. What was mirrored stays readable.',
    action: ['reconnect', 'Reconnect {source}.'],
  },
  reauth_required: {
    row: 'V-12',
    title: '{source} refuses our access',
    detail: 'The credentials are no longer accepted, so nothing can be read.',
    action: ['reconnect', 'Reconnect: enter the credentials again.'],
  },
  connection_failed: {
    row: 'V-12',
    title: 'The connection to {source} has failed',
    detail: 'Runs have failed for some time, so nothing new has arrived.',
    action: ['fix_connection', 'Do what the connection’s page names.'],
  },
  setup_incomplete: {
    row: 'V-13',
    title: 'The set-up of {source} is not finished',
    detail: 'The first run starts once the open steps are done.',
    action: ['finish_setup', 'Finish the open steps.'],
  },
  first_sync_pending: {
    row: 'V-14',
    title: 'The first run is not finished',
    detail: 'Everything is being read for the first time.',
    action: ['wait', 'Wait until the first run is done.'],
  },
  scope_missing: {
    row: 'V-15',
    title: 'A permission is missing in {source}',
    detail: 'The last run could not read these records, because {source} does not let us.',
    action: ['add_permission', 'Add the permission in {source}, then resync.'],
  },
  partial_run: {
    row: 'V-15',
    title: 'The last run did not read everything',
    detail: 'The list that would bring the record was not read to its end.',
    action: ['wait', 'Wait for the next run.'],
  },
  not_synced_yet: {
    row: 'V-16',
    title: 'It has not arrived yet',
    detail: '{source} has the record. It was added or changed after the last run.',
    action: ['wait_or_resync', 'Wait for the next run, or ask for one now.'],
  },
  not_at_source: {
    row: 'V-17',
    title: '{source} does not have it',
    detail: 'We asked {source} for this id and there is no such saved record.',
    action: ['check_id', 'Save or activate it in {source}, or check the id.'],
  },
  never_seen: {
    row: 'V-17',
    title: 'No list ever had it',
    detail: 'No run has seen this record, and {source} could not be asked just now.',
    action: ['check_id', 'Save or activate it in {source}, or check the id.'],
  },
  missed: {
    row: 'V-18',
    title: 'We have missed it',
    detail: '{source} has the record and should have given it to us before. We fetch it now.',
    action: ['contact_support', 'Nothing to do. If it is still missing after the run, tell support the reference.'],
  },
  job_canceled: {
    row: 'V-19',
    title: 'The job is canceled',
    detail: 'Canceled work gets no ProPay.',
    action: ['change_at_source', 'Nothing, or reopen the job in {source}.'],
  },
  source_ignored: {
    row: 'V-19',
    title: 'The job is back in an ignored status',
    detail: 'The job is mirrored, but its status in {source} is now one that is ignored.',
    action: ['change_at_source', 'Change the status in {source}.'],
  },
  out_of_scope_now: {
    row: 'V-19',
    title: 'The job is no longer read',
    detail: 'The settings of the connection leave this job out now.',
    action: ['change_setting', 'Change the setting that leaves it out.'],
  },
  already_has_propay: {
    row: 'V-20',
    title: 'It has a ProPay',
    detail: 'The job or milestone has its ProPay.',
    action: ['open', 'Open the ProPay.'],
  },
  propay_canceled: {
    row: 'V-21',
    title: 'Its ProPay was canceled',
    detail: 'A canceled ProPay stands for this job; there is no second one.',
    action: ['restore', 'Restore the ProPay.'],
  },
  propay_deleted: {
    row: 'V-21',
    title: 'Its ProPay was deleted',
    detail: 'After a deletion no ProPay is made by itself.',
    action: ['create_by_hand', 'Have an admin create one by hand.'],
  },
  recurrence_changed: {
    row: 'V-22',
    title: 'The job changed between recurring and one-off',
    detail: 'A ProPay of the other kind exists, so somebody has to decide first.',
    action: ['decide', 'Decide on the job’s page.'],
  },
  overhead: {
    row: 'V-23',
    title: 'The work is overhead',
    detail: 'Non-billable work gets no ProPay.',
    action: ['change_rule', 'Change the rule or the division.'],
  },
  callback: {
    row: 'V-23',
    title: 'It is rework of an earlier job',
    detail: 'Rework gets no ProPay of its own.',
    action: ['none', 'Nothing to do.'],
  },
  excluded_by_rule: {
    row: 'V-24',
    title: 'An exclusion rule keeps the ProPay back',
    detail: 'The job is here; a rule says that it gets no ProPay.',
    action: ['edit_rule', 'Edit the exclusion rule.'],
  },
  excluded_manually: {
    row: 'V-24',
    title: 'The job was excluded by hand',
    detail: 'Somebody excluded this one job.',
    action: ['include', 'Include the job again.'],
  },
  launch_not_set: {
    row: 'V-25',
    title: 'The launch date is not set',
    detail: 'ProPays are made from the launch date on, and there is none yet.',
    action: ['set_launch', 'Set the launch date.'],
  },
  before_launch_date: {
    row: 'V-25',
    title: 'The work lies before the launch date',
    detail: 'ProPays are made for work from the launch date on.',
    action: ['move_launch', 'Move the launch date, if this work should count.'],
  },
  not_incentivised: {
    row: 'V-26',
    title: 'The branch, division or route is not in the program',
    detail: 'The program’s scope leaves this job out.',
    action: ['add_scope', 'Add it to the program’s scope.'],
  },
  no_budget: {
    row: 'V-27',
    title: 'There is no budget',
    detail: 'The chosen budget type has no valid figure for this job.',
    action: ['add_budget', 'Add the missing information.'],
  },
  awaiting_generation: {
    row: 'V-28',
    title: 'The ProPay is still to come',
    detail: 'Everything is in place; it is made at the next evaluation, or when its date comes near.',
    action: ['wait_or_create', 'Wait, or create it by hand.'],
  },
  auto_create_off: {
    row: 'V-28',
    title: 'ProPays are not made by themselves',
    detail: 'Automatic creation is switched off.',
    action: ['create_by_hand', 'Create it by hand, or switch automatic creation on.'],
  },
} as const satisfies Readonly<Record<string, VerdictText>>;

/** Codes of the verdicts. */
export type VerdictCode = keyof typeof TEXTS;

/** True when a text is a code of the table. */
export function isVerdictCode(text: string): text is VerdictCode {
  return Object.hasOwn(TEXTS, text);
}
