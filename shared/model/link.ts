import type { Instant } from '#kernel/instant.ts';
import type { ReferenceTarget } from './entities.ts';
import { mirrorId } from './ids.ts';

/**
 * Says that a record one connection refers to is a record that another one supplies (M-43): the jobs of one system under the hours of
 * another. Only a confirmed one counts.
 */
export interface Link {
  /** `<connection>.<id>`: the id that the linked connection's own record would have. */
  readonly id: string;
  readonly connectionId: string;
  readonly n: number;
  readonly space: ReferenceTarget;
  readonly sourceId: string;
  /** Mirror id of the record that is meant. */
  readonly targetId: string;
  readonly state: 'proposed' | 'confirmed' | 'discarded';
  /** What the two had in common where it was proposed; `hand` where a person said so. */
  readonly basis: 'employee_number' | 'payroll_id' | 'number' | 'code' | 'email' | 'phone' | 'name' | 'hand';
  readonly at: Instant;
  readonly decidedBy: string | null;
  readonly decidedAt: Instant | null;
  readonly revision: number;
}

/** Key and id of a link: what is linked, as the connection's own mirror id. */
export function linkedId(connectionId: string, space: ReferenceTarget, sourceId: string): string {
  return mirrorId(connectionId, space, sourceId);
}
