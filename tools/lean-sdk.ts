import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plugin } from 'esbuild';
import { inProject } from './project.ts';

/** Packages of the SDK that a function never reaches, with what stands in for them. */
const STAND_INS: Readonly<Record<string, string>> = {
  '@aws-sdk/dynamodb-codec': 'shapes.ts',
  '@aws-sdk/credential-provider-node': 'default-credentials.ts',
  '@aws-sdk/middleware-endpoint-discovery': 'endpoint-discovery.ts',
  '@smithy/core/event-streams': 'event-streams.ts',
  '@aws/lambda-invoke-store': 'invoke-store.ts',
};

/** Single modules of the SDK, by the end of their path, with what stands in for them. */
const MODULE_STAND_INS: Readonly<Record<string, string>> = {
  '/@smithy/core/dist-es/submodules/checksum/sha256/Sha256Js.js': 'other-variants.ts',
  '/@smithy/core/dist-es/submodules/checksum/md5/Md5Js.js': 'other-variants.ts',
  '/@aws-sdk/core/dist-es/submodules/protocols/json/AwsJson1_0Protocol.js': 'other-variants.ts',
  '/@aws-sdk/core/dist-es/submodules/protocols/json/AwsJson1_1Protocol.js': 'other-variants.ts',
  '/@aws-sdk/core/dist-es/submodules/protocols/json/AwsRestJsonProtocol.js': 'other-variants.ts',
  '/@smithy/core/dist-es/submodules/schema/schemas/NormalizedSchema.js': 'shapes.ts',
  '/@smithy/core/dist-es/submodules/client/smithy-client/schemaLogFilter.js': 'shapes.ts',
  '/@smithy/core/dist-es/submodules/serde/date-utils.js': 'dates.ts',
  '/@smithy/core/dist-es/submodules/retry/util-retry/AdaptiveRetryStrategy.js': 'other-variants.ts',
  '/@smithy/core/dist-es/submodules/config/node-config-provider/fromSharedConfigFiles.js': 'other-settings.ts',
  '/@smithy/core/dist-es/submodules/config/config-resolver/regionConfig/getInstanceMetadataRegion.js': 'other-settings.ts',
  '/@smithy/core/dist-es/submodules/config/defaults-mode/resolveDefaultsModeConfig.js': 'advice.ts',
  '/@smithy/core/dist-es/submodules/endpoints/middleware-endpoint/service-customizations/index.js': 'advice.ts',
  '/@aws-sdk/core/dist-es/submodules/client/emitWarningIfUnsupportedVersion.js': 'advice.ts',
  '/@aws-sdk/core/dist-es/submodules/client/middleware-logger/loggerMiddleware.js': 'advice.ts',
  '/@aws-sdk/core/dist-es/submodules/client/middleware-user-agent/check-features.js': 'advice.ts',
  '/@aws-sdk/core/dist-es/submodules/client/middleware-user-agent/configurations.js': 'user-agent.ts',
  '/@aws-sdk/core/dist-es/submodules/client/middleware-user-agent/user-agent-middleware.js': 'user-agent.ts',
  '/@aws-sdk/core/dist-es/submodules/client/util-user-agent-node/defaultUserAgent.js': 'user-agent.ts',
  '/@smithy/signature-v4/dist-es/HeaderFormatter.js': 'header-formatter.ts',
  '/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partition.js': 'partitions.ts',
};

/** Names of services in their host names, where they differ from the name of the client's package. */
const HOST_NAMES: Readonly<Record<string, string>> = { eventbridge: 'events', sesv2: 'email' };

/**
 * Leaves out of a bundle what its AWS clients contain and a function cannot reach: other sources of credentials and settings
 * than the environment, its protocols with their tables of shapes (ours are in `shared/platform/wire.ts`), event streams, the trace of
 * invocations side by side, endpoint discovery and endpoint rules, its log and advice, its introduction of itself, parsers of dates, paginators, extensions, the classes of a hundred
 * errors, the clients' package descriptions. Throws when a module it replaces is not where it was, so that a new version of the SDK is looked at.
 */
export function leanSdk(): Plugin {
  return {
    name: 'lean-sdk',
    setup(build) {
      const packages = Object.keys(STAND_INS).map((name) => name.replaceAll('/', '\\/'));
      build.onResolve({ filter: new RegExp(`^(${packages.join('|')})$`) }, ({ path }) => ({
        path: inProject('shared', 'platform', 'left-out', STAND_INS[path]!),
      }));
      build.onLoad({ filter: /\/@aws-sdk\/client-[a-z0-9-]+\/dist-es\/schemas\/schemas_0\.js$/ }, ({ path }) => ({
        contents: operationsOnly(readFileSync(path, 'utf8')),
      }));
      build.onLoad({ filter: /\/@aws-sdk\/client-[a-z0-9-]+\/dist-es\/endpoint\/endpointResolver\.js$/ }, ({ path }) => ({
        contents: endpointResolver(path),
        resolveDir: inProject(),
      }));
      // Lets callers of a client's constructor add extensions to its settings; ours add none, and without any they come out as they went in.
      build.onLoad({ filter: /\/@aws-sdk\/client-[a-z0-9-]+\/dist-es\/runtimeExtensions\.js$/ }, () => ({
        contents: 'export const resolveRuntimeExtensions = (settings) => settings;',
      }));
      // Loops over all pages, which bring the command to read a whole table along. Whoever wants one finds that it cannot be imported.
      build.onLoad({ filter: /\/@aws-sdk\/lib-dynamodb\/dist-es\/pagination\/\w+Paginator\.js$/ }, () => ({
        contents: 'export {};',
      }));
      // Signing for several regions at once, which only global endpoints of EventBridge ask for; the plain signer does for one.
      build.onLoad({ filter: /\/@aws-sdk\/signature-v4-multi-region\/dist-es\/index\.js$/ }, ({ path }) => ({
        contents: `export { SignatureV4 as SignatureV4MultiRegion } from '@smithy/signature-v4';`,
        resolveDir: dirname(path),
      }));
      for (const [module, standIn] of Object.entries(MODULE_STAND_INS)) {
        if (!existsSync(inProject('node_modules', module)))
          throw new Error(`The SDK has no ${module} any more: look at what took its place.`);
        build.onLoad({ filter: new RegExp(`${module.replaceAll(/[/.]/g, '\\$&')}$`) }, () => ({
          contents: `export * from '#platform/left-out/${standIn}';`,
          resolveDir: inProject(),
        }));
      }
      build.onLoad({ filter: /\/@aws-sdk\/client-[a-z0-9-]+\/package\.json$/ }, ({ path }) => ({
        contents: JSON.stringify({ version: JSON.parse(readFileSync(path, 'utf8')).version }),
        loader: 'json',
      }));
    },
  };
}

/**
 * What remains of a client's tables of shapes: the names of its operations, each removable by itself. Our own protocols
 * (`shared/platform/wire.ts`) need nothing else, and the tables are what the SDK's protocols walk. Throws when it finds none.
 */
export function operationsOnly(source: string): string {
  const names = [...source.matchAll(/^export (?:var|const) (\w+)\$ = \[9,/gm)].map(([, name]) => name);
  if (names.length === 0) throw new Error('The SDK declares its operations in another way: look at its schemas.');
  const operations = names.map((name) => `export const ${name}$ = [9, '', '${name}', 0, 'unit', 'unit'];`);
  return ['export const errorTypeRegistries = [];', ...operations].join('\n');
}

function endpointResolver(path: string): string {
  const [, client = ''] = /client-([a-z0-9-]+)\//.exec(path) ?? [];
  const service = HOST_NAMES[client] ?? client;
  return `import { regionalEndpoint } from '#platform/left-out/regional-endpoint.ts';
export const defaultEndpointResolver = regionalEndpoint('${service}');`;
}
