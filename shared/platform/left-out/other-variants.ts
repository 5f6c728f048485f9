/**
 * Stand in for variants that the SDK carries along and our clients never choose: its own checksums, for a Node without
 * cryptography, the retry mode `adaptive`, and its protocols. A client that was built without ours fails at once.
 */
class LeftOut {
  constructor() {
    throw new Error('This variant of the AWS SDK is not part of any bundle; use the factories in shared/platform/aws-*.ts.');
  }
}

export {
  LeftOut as AdaptiveRetryStrategy,
  LeftOut as AwsJson1_0Protocol,
  LeftOut as AwsJson1_1Protocol,
  LeftOut as AwsRestJsonProtocol,
  LeftOut as Md5Js,
  LeftOut as Sha256Js,
};
