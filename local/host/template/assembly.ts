import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isObject, type JsonObject, objectOf, textOf } from '../json.ts';

/** One resource as the template writes it, intrinsics unresolved. */
export type Resource = { readonly type: string; readonly condition: string | undefined; readonly properties: JsonObject };

/** One synthesized stack. `assets` leads from an S3 object key to the folder or file in the assembly. */
export type Stack = {
  readonly name: string;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: JsonObject;
  readonly conditions: JsonObject;
  readonly parameters: JsonObject;
  readonly assets: ReadonlyMap<string, string>;
};

/** Reads every stack that the cloud assembly's manifest lists, those of nested assemblies (stages) included. */
export function readAssembly(directory: string): Stack[] {
  const manifest = readJson(join(directory, 'manifest.json'));
  const artifacts = Object.entries(objectOf(manifest.artifacts, 'manifest artifacts'));
  return artifacts.flatMap(([id, artifact]) => {
    if (!isObject(artifact)) return [];
    const properties = objectOf(artifact.properties, `artifact ${id}`);
    if (artifact.type === 'cdk:cloud-assembly')
      return readAssembly(join(directory, textOf(properties.directoryName, 'directoryName')));
    if (artifact.type !== 'aws:cloudformation:stack') return [];
    const template = readJson(join(directory, textOf(properties.templateFile, 'templateFile')));
    const name = typeof properties.stackName === 'string' ? properties.stackName : id;
    const assetManifests = textList(artifact.dependencies).concat(textList(properties.additionalDependencies));
    return [readStack(name, template, readAssets(directory, manifest, assetManifests))];
  });
}

function readStack(name: string, template: JsonObject, assets: ReadonlyMap<string, string>): Stack {
  const resources = new Map<string, Resource>();
  for (const [id, resource] of Object.entries(objectOf(template.Resources, `resources of ${name}`))) {
    const { Type, Condition, Properties } = objectOf(resource, id);
    const condition = Condition === undefined ? undefined : textOf(Condition, `condition of ${id}`);
    resources.set(id, { type: textOf(Type, `type of ${id}`), condition, properties: objectOf(Properties, id) });
  }
  return {
    name,
    resources,
    assets,
    outputs: objectOf(template.Outputs, 'Outputs'),
    conditions: objectOf(template.Conditions, 'Conditions'),
    parameters: objectOf(template.Parameters, 'Parameters'),
  };
}

function readAssets(directory: string, manifest: JsonObject, artifactIds: readonly string[]): ReadonlyMap<string, string> {
  const assets = new Map<string, string>();
  for (const id of new Set(artifactIds)) {
    const artifact = objectOf(objectOf(manifest.artifacts, 'artifacts')[id], id);
    if (artifact.type !== 'cdk:asset-manifest') continue;
    const file = textOf(objectOf(artifact.properties, id).file, `file of ${id}`);
    for (const asset of Object.values(objectOf(readJson(join(directory, file)).files, 'files'))) {
      const { source, destinations } = objectOf(asset, 'asset');
      const path = objectOf(source, 'source').path;
      if (typeof path !== 'string') continue;
      for (const destination of Object.values(objectOf(destinations, 'destinations'))) {
        assets.set(textOf(objectOf(destination, 'destination').objectKey, 'objectKey'), resolve(directory, path));
      }
    }
  }
  return assets;
}

function readJson(path: string): JsonObject {
  return objectOf(JSON.parse(readFileSync(path, 'utf8')), path);
}

function textList(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
