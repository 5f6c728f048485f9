import type { SettingKey } from './provider-settings.ts';

/** What a source has that settings of a connection name. */
export type ValueKind =
  | 'custom_field'
  | 'status'
  | 'role'
  | 'jobcode'
  | 'project'
  | 'pay_code'
  | 'time_label'
  | 'time_type'
  | 'contact_type'
  | 'job_type'
  | 'branch_list'
  | 'division_list';

/** One such value as it was found. */
export interface SourceValue {
  readonly kind: ValueKind;
  /** What the setting names it by. */
  readonly id: string;
  readonly name: string | null;
  readonly parentId: string | null;
  /** A few values that records hold there, or records that have it. */
  readonly samples: readonly string[];
  /** Of a value that has no place of its own: the one whose it becomes, until somebody says otherwise (M-62). */
  readonly rollsUpInto?: string;
}

/** The setting that says what values of a kind mean. */
export const SETTING_OF: Readonly<Record<ValueKind, SettingKey>> = {
  custom_field: 'customFieldUses',
  status: 'statusMap',
  role: 'roleMap',
  jobcode: 'jobcodeMap',
  project: 'projectAllowList',
  pay_code: 'payCodeMap',
  time_label: 'driveLabels',
  time_type: 'timeTypeMap',
  contact_type: 'employeeContactTypes',
  job_type: 'recurringTypes',
  branch_list: 'branchFrom',
  division_list: 'divisionFrom',
};
