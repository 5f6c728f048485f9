import { isObject, type JsonObject } from '../json.ts';
import { readAssembly, type Stack } from './assembly.ts';
import { localAttributes } from './attributes.ts';
import { type Locality, pseudoParameters } from './locality.ts';
import { createResolver } from './resolve.ts';

/** One resource with every intrinsic replaced. */
export type Resolved = {
  readonly stack: Stack;
  readonly id: string;
  readonly type: string;
  readonly properties: JsonObject;
  /** What `Ref` gives. */
  readonly ref: string;
  /** What `Fn::GetAtt` gives. */
  attribute(name: string): string;
};

/** The resources of all stacks, resolved when they are asked for. */
export type Template = {
  readonly locality: Locality;
  /** The resources of a type whose condition holds, in template order. */
  of(type: string): Resolved[];
  /** Types in the templates, each once. */
  readonly types: readonly string[];
};

/** Reads the synthesized assembly in `directory` with the values of this machine. */
export function loadTemplate(directory: string, locality: Locality): Template {
  const stacks = readAssembly(directory);
  const attributeOf = localAttributes(locality);
  const resolver = createResolver(stacks, pseudoParameters(locality), attributeOf);
  const everything = stacks.flatMap((stack) => [...stack.resources].map(([id, resource]) => ({ stack, id, resource })));

  return {
    locality,
    types: [...new Set(everything.map(({ resource }) => resource.type))],
    of: (type) =>
      everything
        .filter(({ stack, resource }) => resource.type === type && resolver.isActive(stack, resource.condition))
        .map(({ stack, id, resource }) => {
          const properties = resolver.value(stack, resource.properties);
          const target = { stack, id, type };
          return {
            stack,
            id,
            type,
            properties: isObject(properties) ? properties : {},
            get ref() {
              return attributeOf(target, null, resolver);
            },
            attribute: (name) => attributeOf(target, name, resolver),
          };
        }),
  };
}
