/**
 * Stands in for what the SDK's signer needs for the messages of an event stream; every signer carries one. It has a file of its own: the
 * bundler starts `event-streams.ts` only where that is asked for at run time, which would be too late for a signer.
 */
export class HeaderFormatter {
  /** No operation of ours streams events. */
  format(): never {
    throw new Error('Signing the messages of a stream is not part of any bundle.');
  }
}
