/** The values that stand for an account and its endpoints on this machine. */
export type Locality = {
  readonly accountId: string;
  readonly region: string;
  /** `http://127.0.0.1:…` of the AWS endpoint; queue URLs begin with it. */
  readonly awsEndpoint: string;
  /** `http://127.0.0.1:…` of the HTTP API. */
  readonly apiEndpoint: string;
  /** `http://127.0.0.1:…` of the user pool: issuer and sign-in pages. */
  readonly issuerEndpoint: string;
};

/** The account that everything local belongs to. */
export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';

/** Pseudo parameters of templates. */
export function pseudoParameters({ accountId, region }: Locality): Record<string, string> {
  return {
    'AWS::AccountId': accountId,
    'AWS::Region': region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  };
}
