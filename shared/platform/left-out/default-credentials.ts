/**
 * Stands in for `@aws-sdk/credential-provider-node` in every bundle. The SDK asks for its default chain (profile files,
 * single sign-on, metadata service, web identity) only when a client was built without credentials; our factories always
 * pass those of the environment. Leaving the chain out saves about 120 KB of code per function, and a client that forgot
 * its credentials fails at its first call and says why.
 */
export function defaultProvider(): () => Promise<never> {
  return async () => {
    throw new Error('An AWS client was built without credentials; use the factories in shared/platform/aws-*.ts.');
  };
}
