import { readdirSync, readFileSync } from 'node:fs';
import { assemblyFolder, assemblyOf } from '#tools/synth.ts';

/** A value of a template: literals, lists, and objects such as `{ Ref }` and `{ "Fn::GetAtt" }`. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };
export type Properties = { readonly [key: string]: Value };

export interface Resource {
  readonly stack: string;
  readonly id: string;
  readonly type: string;
  readonly properties: Properties;
  readonly deletionPolicy?: string;
}

interface Template {
  readonly Resources: Readonly<Record<string, { Type: string; Properties?: Properties; DeletionPolicy?: string }>>;
}

/** The text of every template of the usual stage, by file name. */
export const templateTexts = textsIn(assemblyFolder);

/** Every resource of every stack of the usual stage. */
export const resources = resourcesIn(templateTexts);

/** Every resource of every stack of a stage. */
export function resourcesOf(stage: string): readonly Resource[] {
  return resourcesIn(textsIn(assemblyOf(stage)));
}

function textsIn(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.template.json'));
  return new Map(files.map((file) => [file, readFileSync(`${folder}/${file}`, 'utf8')]));
}

function resourcesIn(texts: ReadonlyMap<string, string>): readonly Resource[] {
  return [...texts].flatMap(([file, text]) => {
    const template: Template = JSON.parse(text);
    return Object.entries(template.Resources).map(([id, resource]) => ({
      stack: file.replace('.template.json', ''),
      id,
      type: resource.Type,
      properties: resource.Properties ?? {},
      ...(resource.DeletionPolicy === undefined ? {} : { deletionPolicy: resource.DeletionPolicy }),
    }));
  });
}

/** The resources of one type. */
export function ofType(type: string): readonly Resource[] {
  return resources.filter((resource) => resource.type === type);
}

/** The value under a path of keys; undefined where a step is missing. */
export function at(value: Value | undefined, ...path: readonly (string | number)[]): Value | undefined {
  let current: Value | undefined = value;
  for (const step of path) {
    if (current === null || typeof current !== 'object') return undefined;
    current = Array.isArray(current) ? current[Number(step)] : (current as Properties)[step];
  }
  return current;
}

/** A value as a list: itself, the one value wrapped, or nothing. */
export function list(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The logical id that a `Ref` or `Fn::GetAtt` within the same stack points to; undefined for anything else. */
export function referenced(value: Value | undefined): string | undefined {
  const target = at(value, 'Ref') ?? at(value, 'Fn::GetAtt', 0);
  return typeof target === 'string' ? target : undefined;
}

export interface Statement {
  readonly resource: Resource;
  readonly effect: Value | undefined;
  readonly actions: readonly Value[];
  readonly resources: readonly Value[];
  readonly conditions: Value | undefined;
}

/** The statements of every policy of one resource type; `property` says where the document stands. */
export function statements(type: string, property: string): readonly Statement[] {
  return ofType(type).flatMap((resource) =>
    list(at(resource.properties, property, 'Statement')).map((statement) => ({
      resource,
      effect: at(statement, 'Effect'),
      actions: list(at(statement, 'Action')),
      resources: list(at(statement, 'Resource')),
      conditions: at(statement, 'Condition'),
    })),
  );
}
