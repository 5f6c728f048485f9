import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  ClientAttributes,
  FeaturePlan,
  LambdaVersion,
  Mfa,
  OAuthScope,
  StandardThreatProtectionMode,
  StringAttribute,
  UserPool,
  UserPoolClient,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Stage } from '#lib/stage.ts';

export interface PeoplePoolProps {
  /** Adds claims to the tokens before they are made. */
  readonly claims: LambdaFunction;
  readonly stage: Pick<Stage, 'name' | 'appUrls' | 'signInDomainPrefix'>;
}

/** Where the command line listens while somebody signs in. Cognito takes plain http for this machine alone. */
export const CLI_CALLBACK = 'http://localhost:8788/signed-in';

/**
 * The people who can sign in: a pool of addresses and passwords with a second factor for everybody, since this product decides what people
 * are paid. Nobody signs up: people are invited. Of tenants, roles and rights the pool knows nothing that counts; those stand in the table.
 */
export class PeoplePool extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, props: PeoplePoolProps) {
    super(scope, id);
    const { claims, stage } = props;
    const { appUrls } = stage;
    // Unique in a region.
    const domainPrefix = stage.signInDomainPrefix ?? `protiv-${stage.name}-${Aws.ACCOUNT_ID}`;
    this.pool = new UserPool(this, 'Pool', {
      userPoolName: 'protiv-people',
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      userInvitation: {
        emailSubject: 'Your sign-in to Protiv',
        emailBody: 'You were invited to Protiv. Sign in as {username} with the first password {####}; then choose your own.',
      },
      autoVerify: { email: true },
      keepOriginal: { email: true },
      standardAttributes: { email: { required: true, mutable: true } },
      // Ids with spaces between. The product writes it, people do not; see decision 030.
      customAttributes: { tenants: new StringAttribute({ mutable: true, maxLen: 2_048 }) },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireSymbols: true,
        requireUppercase: true,
        tempPasswordValidity: Duration.days(7),
      },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, claims, LambdaVersion.V2_0);
    this.pool.addDomain('Domain', { cognitoDomain: { domainPrefix } });
    this.client = new UserPoolClient(this, 'App', {
      userPool: this.pool,
      userPoolClientName: 'protiv',
      // A public client: nothing that runs with people can keep a secret, so codes are bound by PKCE.
      generateSecret: false,
      authFlows: { userSrp: true },
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: [CLI_CALLBACK, ...appUrls],
        logoutUrls: [CLI_CALLBACK, ...appUrls],
      },
      readAttributes: new ClientAttributes()
        .withStandardAttributes({ email: true, emailVerified: true })
        .withCustomAttributes('tenants'),
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true }),
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      refreshTokenRotationGracePeriod: Duration.minutes(1),
    });
  }

  /** What names the pool to who changes it. */
  get poolVariables(): { readonly USER_POOL_ID: string } {
    return { USER_POOL_ID: this.pool.userPoolId };
  }

  /** Lets invited people in, and lists them under tenants; nobody's password, factors or sessions. */
  get manageStatement(): PolicyStatement {
    return new PolicyStatement({
      sid: 'ManagePeople',
      actions: ['cognito-idp:AdminCreateUser', 'cognito-idp:AdminGetUser', 'cognito-idp:AdminUpdateUserAttributes'],
      resources: [this.pool.userPoolArn],
    });
  }

  /** What the authorizer believes: the pool's address and the app that tokens are made for. */
  get variables(): { readonly ISSUER: string; readonly CLIENT_ID: string } {
    return { ISSUER: this.pool.userPoolProviderUrl, CLIENT_ID: this.client.userPoolClientId };
  }
}
