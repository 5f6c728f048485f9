/**
 * Stand in for what the SDK's own protocols need and ours do not: the view on a shape, the filter that hides a shape's secrets from the
 * client's log, DynamoDB's codec.
 */
export const NormalizedSchema = {
  /** Asked of each command's input and output, to learn whether it streams events; none of ours does. */
  of: (): { getEventStreamMember(): string } => ({ getEventStreamMember: () => '' }),
};

/** Our clients have no log; should one get it, it shows nothing of what was sent. */
export function schemaLogFilter(): string {
  return '***';
}

/** A setting of the protocol that is not there. */
export class DynamoDBJsonCodec2 {}

/** Exported by the module that this one replaces, for the SDK's protocols alone. */
export const isStaticSchema = (): boolean => true;
/** See `isStaticSchema`. */
export const simpleSchemaCacheN = [];
/** See `isStaticSchema`. */
export const simpleSchemaCacheS = {};
