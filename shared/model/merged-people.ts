/** Which record of the same person another one was merged into (M-149), and the link that says so. */
export interface MergedInto {
  readonly into: string;
  readonly linkId: string;
  readonly revision: number;
}

/** The tenant's merged people: by the worker id that was given up. One may lead to another that was given up as well. */
export type MergedPeople = Readonly<Record<string, MergedInto>>;

/** As much of the tenant's context as tells who is who. */
export interface PeopleContext {
  readonly mergedPeople: MergedPeople;
}

/** The worker that stands for a person: the id itself, or the last one it leads to. */
export function survivorOf({ mergedPeople }: PeopleContext, workerId: string): string {
  let id = workerId;
  for (let next = mergedPeople[id]; next !== undefined; next = mergedPeople[id]) id = next.into;
  return id;
}

/** Every worker id that one person has had, the one that stands for the person first. */
export function idsOfPerson(context: PeopleContext, workerId: string): readonly string[] {
  const survivor = survivorOf(context, workerId);
  const former = Object.keys(context.mergedPeople).filter((id) => survivorOf(context, id) === survivor);
  return [survivor, ...former.sort()];
}

/** Whether a person has more ids than one. */
export function isMerged({ mergedPeople }: PeopleContext): boolean {
  for (const _id in mergedPeople) return true;
  return false;
}

/** Names of one person stand once, under the id that stands for the person. */
export function survivorsOf(context: PeopleContext, workerIds: readonly string[]): readonly string[] {
  return isMerged(context) ? [...new Set(workerIds.map((id) => survivorOf(context, id)))] : workerIds;
}

/** The ids of all persons among some workers. */
export function idsOfPeople(context: PeopleContext, workerIds: readonly string[]): readonly string[] {
  return isMerged(context) ? [...new Set(workerIds.flatMap((id) => idsOfPerson(context, id)))] : workerIds;
}

/** People whose ids lead elsewhere now than before. */
export function movedPeople(before: PeopleContext, after: PeopleContext): readonly string[] {
  const ids = new Set([...Object.keys(before.mergedPeople), ...Object.keys(after.mergedPeople)]);
  const moved = [...ids].filter((id) => survivorOf(before, id) !== survivorOf(after, id));
  return [...new Set(moved.flatMap((id) => [id, survivorOf(before, id), survivorOf(after, id)]))].sort();
}
