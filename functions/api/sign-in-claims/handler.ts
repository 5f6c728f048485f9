/** What Cognito asks before it makes the tokens of a sign-in or a refresh (pre token generation, version 2.0), as far as it is read here. */
export interface TokenGenerationEvent {
  readonly request: { readonly userAttributes: Readonly<Record<string, string | undefined>> };
  readonly response: object;
}

/**
 * Says in the access token what Cognito says in the ID token alone: the verified address, which answers an invitation, and the tenants that the
 * person is listed under, which choose one where a request names none. Neither gives a right (decision 030).
 */
export function addClaims<E extends TokenGenerationEvent>(event: E): E {
  const { email = '', email_verified = 'false', 'custom:tenants': tenants = '' } = event.request.userAttributes;
  const claimsAndScopeOverrideDetails = {
    idTokenGeneration: { claimsToAddOrOverride: { tenants } },
    accessTokenGeneration: { claimsToAddOrOverride: { email, email_verified, tenants } },
  };
  return { ...event, response: { claimsAndScopeOverrideDetails } };
}

/** Lambda entry of the trigger. */
export const handler = async (event: TokenGenerationEvent): Promise<TokenGenerationEvent> => addClaims(event);
