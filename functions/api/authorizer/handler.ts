import { requiredVariable, systemPorts } from '#platform/ports.ts';
import { openTableOf } from '../ports.ts';
import { openAccessTokens } from './access-token.ts';
import { type AuthorizerAnswer, type AuthorizerEvent, type AuthorizerPorts, authorize } from './authorize.ts';
import { fetchIssuerKeys, issuerOf } from './issuer-keys.ts';

const ports: AuthorizerPorts = {
  table: openTableOf(process.env, systemPorts()),
  readAccessToken: openAccessTokens({
    issuer: issuerOf(process.env),
    clientId: requiredVariable(process.env, 'CLIENT_ID'),
    fetchKeys: fetchIssuerKeys,
  }),
};

/** Lambda entry of the authorizer. */
export const handler = (event: AuthorizerEvent): Promise<AuthorizerAnswer> => authorize(ports, event);
