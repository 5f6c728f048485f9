/**
 * Stands in for `@aws-sdk/middleware-endpoint-discovery` in every bundle: DynamoDB may offer to discover endpoints, we never
 * ask it to, and the middleware brings 8 KB of caches.
 */
export function resolveEndpointDiscoveryConfig<Config>(config: Config): Config {
  return config;
}

/** Where the SDK reads whether discovery is wanted: nowhere, it is off. */
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = {
  environmentVariableSelector: (): boolean => false,
  configFileSelector: (): boolean => false,
  default: false,
};
