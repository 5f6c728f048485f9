/**
 * Stand in for variants that the SDK carries along and our clients never choose: its own SHA-256, for a Node without
 * cryptography, and the retry mode `adaptive`.
 */
class LeftOut {
  constructor() {
    throw new Error('This variant of the AWS SDK is not part of any bundle.');
  }
}

export { LeftOut as AdaptiveRetryStrategy, LeftOut as Sha256Js };
