import type { World } from './world.ts';

/** Where a check gets its worlds from; all of them are stopped behind it. */
export interface Worlds {
  /** A world that has read nothing yet; `good` false: with credentials that the source refuses. */
  fresh(good?: boolean): Promise<World>;
  /** A world after its first sync. */
  synced(): Promise<World>;
  /** A world after its first sync that all checks share which change nothing in it. */
  shared(): Promise<World>;
}

/** One line of the suite: what every integration has to show against its fake. */
export interface Check {
  /** Short name: the column of the table. */
  readonly name: string;
  /** What is shown, as a test report says it. */
  readonly shows: string;
  /** Fails as a test does. */
  run(worlds: Worlds): Promise<void>;
}
