import type { Callback } from './callback.ts';
import type { MirrorRecord } from './mirror-record.ts';
import type { Phase } from './phase.ts';
import type { ProPay, ProPayResult, Verdict } from './propay.ts';

/** A job, or one milestone of a recurring job: what a ProPay is about (B-15). */
export interface ProPayTarget {
  readonly jobId: string;
  /** Null for a non-recurring job, whose ProPay covers all its milestones. */
  readonly milestoneId: string | null;
}

/** The mirrored records that a ProPay is calculated from, live and dead ones: what counts is decided by the rules. */
export interface ProPayRecords {
  readonly job: MirrorRecord<'job'> | null;
  readonly milestones: readonly MirrorRecord<'milestone'>[];
  readonly budgets: readonly MirrorRecord<'budget_info'>[];
  readonly materials: readonly MirrorRecord<'material_allocation'>[];
  readonly entries: readonly MirrorRecord<'time_entry'>[];
  readonly drives: readonly MirrorRecord<'drive_time'>[];
}

/** A piece of recorded time: a time entry or drive time. */
export type TimeRecord = MirrorRecord<'time_entry'> | MirrorRecord<'drive_time'>;

/** Everything a worker has recorded over some days, on any job or none; `branchId` is the worker's own. */
export interface WorkerTime {
  readonly branchId: string | null;
  readonly records: readonly TimeRecord[];
}

/** The time of several workers, by worker. */
export type WorkerTimes = ReadonlyMap<string, WorkerTime>;

/** A job, or a milestone of it, that time was recorded on. */
export interface WorkPlace {
  readonly jobId: string;
  readonly milestoneId: string | null;
}

/** Headers of jobs and milestones, by id; what is not mirrored is missing. */
export interface WorkPlaces {
  readonly jobs: ReadonlyMap<string, MirrorRecord<'job'>>;
  readonly milestones: ReadonlyMap<string, MirrorRecord<'milestone'>>;
}

/** One reading of a target: its ProPay with its result, or the verdict why there is none, and the records. */
export interface ProPayState {
  readonly target: ProPayTarget;
  readonly records: ProPayRecords;
  /** The latest ProPay of the target, a canceled or deleted one included; null when there never was one. */
  readonly proPay: ProPay | null;
  readonly result: ProPayResult | null;
  readonly verdict: Verdict | null;
  /** Every ProPay seen in the job's partition during this reading, by its target's milestone (null: the job itself). */
  readonly proPays: readonly ProPay[];
  /** Rework of the job (B-150), dismissed one included; of a visit of a recurring job none is known. */
  readonly callbacks: readonly Callback[];
  /** The phases that are stored of the job's ProPays (B-111). */
  readonly phases: readonly Phase[];
  /** The job that the source links as the parent of this one; null where it links none or that one is not mirrored. */
  readonly parent: MirrorRecord<'job'> | null;
  /** The same work under other jobs; absent where the job stands alone. */
  readonly linked?: LinkedJobs;
}

/** The jobs that are linked with one as the same work, and which of them has the work's one ProPay. */
export interface LinkedJobs {
  readonly jobIds: readonly string[];
  /** Another of them has it; null where this job may have it, or has it. */
  readonly heldBy: string | null;
  /** The job that all lead to: its time goes on, that of the others is as it was when they were linked. */
  readonly survivorId: string;
}
