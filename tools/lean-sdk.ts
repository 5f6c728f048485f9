import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { inProject } from './project.ts';

/** Packages of the SDK that a function never reaches, with what stands in for them. */
const STAND_INS: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': 'default-credentials.ts',
  '@aws-sdk/middleware-endpoint-discovery': 'endpoint-discovery.ts',
  '@smithy/core/event-streams': 'event-streams.ts',
};

/**
 * Errors whose fields we read, so that the SDK has to know their shape. Every other error still arrives under its own name:
 * the SDK makes a general one of what it does not know.
 */
const ERRORS_WITH_FIELDS = /^(ConditionalCheckFailedException|TransactionCanceledException)$/;

/** Names of services in their host names, where they differ from the name of the client's package. */
const HOST_NAMES: Readonly<Record<string, string>> = { eventbridge: 'events' };

/**
 * Leaves out of a bundle what its AWS clients contain and a function cannot reach: the chain of credential sources, event streams,
 * endpoint discovery and endpoint rules, the classes of a hundred errors, the clients' package descriptions. About 50 KB of
 * each bundle.
 */
export function leanSdk(): Plugin {
  return {
    name: 'lean-sdk',
    setup(build) {
      const packages = Object.keys(STAND_INS).map((name) => name.replaceAll('/', '\\/'));
      build.onResolve({ filter: new RegExp(`^(${packages.join('|')})$`) }, ({ path }) => ({
        path: inProject('shared', 'platform', 'left-out', STAND_INS[path]!),
      }));
      build.onLoad({ filter: /\/@aws-sdk\/client-[a-z-]+\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path }) => ({
        contents: pruneSchemas(readFileSync(path, 'utf8')),
      }));
      build.onLoad({ filter: /\/@aws-sdk\/client-[a-z-]+\/dist-es\/endpoint\/endpointResolver\.js$/ }, ({ path }) => ({
        contents: endpointResolver(path),
        resolveDir: inProject(),
      }));
      build.onLoad({ filter: /\/@aws-sdk\/client-[a-z-]+\/package\.json$/ }, ({ path }) => ({
        contents: JSON.stringify({ version: JSON.parse(readFileSync(path, 'utf8')).version }),
        loader: 'json',
      }));
    },
  };
}

/**
 * Makes a client's schemas removable one by one: drops the registration of errors whose fields nobody reads, and says of each
 * remaining schema that making it has no effect, which the bundler cannot see for itself.
 */
export function pruneSchemas(source: string): string {
  return source
    .replace(/^n0_registry\.registerError\((\w+)\$, \w+\);$/gm, (line, name) => (ERRORS_WITH_FIELDS.test(name) ? line : ''))
    .replace(/^((?:export )?(?:var|const) \w+\$? = )(\[[\s\S]*?\]);$/gm, '$1/* @__PURE__ */ (() => $2)();');
}

function endpointResolver(path: string): string {
  const [, client = ''] = /client-([a-z-]+)\//.exec(path) ?? [];
  const service = HOST_NAMES[client] ?? client;
  return `import { regionalEndpoint } from '#platform/left-out/regional-endpoint.ts';
export const defaultEndpointResolver = regionalEndpoint('${service}');`;
}
