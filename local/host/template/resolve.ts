import { isObject, type JsonObject, listOf, objectOf, textOf } from '../json.ts';
import type { Stack } from './assembly.ts';

/** One resource at its place: the stack and the logical id. */
export type Target = { readonly stack: Stack; readonly id: string; readonly type: string };

/** Answers what `Ref` (attribute null) or `Fn::GetAtt` of a resource give; throws on what has no local value. */
export type AttributeOf = (target: Target, attribute: string | null, resolver: Resolver) => string;

export type Resolver = {
  /** The value with every intrinsic replaced. Throws on an intrinsic that templates of this product do not use. */
  value(stack: Stack, node: unknown): unknown;
  /** Whether a resource's condition holds; one without a condition is always there. */
  isActive(stack: Stack, condition: string | undefined): boolean;
  target(stack: Stack, id: string): Target;
};

const NOTHING = Symbol('AWS::NoValue');

/** Makes a resolver over all stacks; `pseudo` gives the values of `AWS::Region` and its like. */
export function createResolver(
  stacks: readonly Stack[],
  pseudo: Readonly<Record<string, string>>,
  attributeOf: AttributeOf,
): Resolver {
  const resolver: Resolver = {
    value: (stack, node) => {
      const value = resolve(stack, node);
      return value === NOTHING ? undefined : value;
    },
    isActive: (stack, condition) => condition === undefined || holds(stack, { Condition: condition }),
    target: (stack, id) => {
      const resource = stack.resources.get(id);
      if (resource === undefined) throw new Error(`Stack ${stack.name} has no resource ${id}`);
      return { stack, id, type: resource.type };
    },
  };
  const text = (stack: Stack, node: unknown, what: string) => textOf(resolve(stack, node), what);
  const exports = readExports(stacks, (stack, node) => text(stack, node, 'export name'));

  function reference(stack: Stack, name: string): unknown {
    if (name === 'AWS::NoValue') return NOTHING;
    if (name === 'AWS::StackName') return stack.name;
    if (pseudo[name] !== undefined) return pseudo[name];
    if (isObject(stack.parameters[name])) {
      const parameter = stack.parameters[name];
      if (String(parameter.Type).startsWith('AWS::SSM'))
        throw new Error(`Parameter ${name} of ${stack.name} comes from SSM, which has no local part`);
      return parameter.Default;
    }
    return attributeOf(resolver.target(stack, name), null, resolver);
  }

  function attribute(stack: Stack, id: string, name: string): string {
    return attributeOf(resolver.target(stack, id), name, resolver);
  }

  function substitute(stack: Stack, argument: unknown): string {
    const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const given = objectOf(variables, 'variables of Fn::Sub');
    return textOf(pattern, 'pattern of Fn::Sub').replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (name in given) return String(resolve(stack, given[name]));
      const dot = name.indexOf('.');
      return String(dot === -1 ? reference(stack, name) : attribute(stack, name.slice(0, dot), name.slice(dot + 1)));
    });
  }

  function imported(stack: Stack, argument: unknown): unknown {
    const name = text(stack, argument, 'name of Fn::ImportValue');
    const found = exports.get(name);
    if (found === undefined) throw new Error(`Stack ${stack.name} imports ${name}, which no stack exports`);
    return resolve(found.stack, found.value);
  }

  function holds(stack: Stack, node: unknown): boolean {
    if (!isObject(node)) throw new Error(`Not a condition: ${JSON.stringify(node)}`);
    const [[name, argument] = ['', undefined]] = Object.entries(node);
    const parts = listOf(argument);
    if (name === 'Condition') {
      const definition = stack.conditions[textOf(argument, 'Condition')];
      if (definition === undefined) throw new Error(`Stack ${stack.name} has no condition ${String(argument)}`);
      return holds(stack, definition);
    }
    if (name === 'Fn::Equals') return resolve(stack, parts[0]) === resolve(stack, parts[1]);
    if (name === 'Fn::Not') return !holds(stack, parts[0]);
    if (name === 'Fn::And') return parts.every((part) => holds(stack, part));
    if (name === 'Fn::Or') return parts.some((part) => holds(stack, part));
    throw new Error(`Condition function ${name} in stack ${stack.name} is not supported`);
  }

  function intrinsic(stack: Stack, name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return reference(stack, textOf(argument, 'Ref'));
      case 'Fn::GetAtt': {
        const [id, ...path] = typeof argument === 'string' ? argument.split('.') : listOf(argument);
        return attribute(stack, textOf(id, 'Fn::GetAtt'), path.map((part) => text(stack, part, 'Fn::GetAtt')).join('.'));
      }
      case 'Fn::Join': {
        const [separator, parts] = listOf(argument);
        return listOf(resolve(stack, parts)).map(String).join(textOf(separator, 'Fn::Join'));
      }
      case 'Fn::Sub':
        return substitute(stack, argument);
      case 'Fn::Select': {
        const [index, list] = listOf(argument);
        const chosen = listOf(resolve(stack, list))[Number(index)];
        if (chosen === undefined) throw new Error(`Fn::Select ${String(index)} of a shorter list in stack ${stack.name}`);
        return chosen;
      }
      case 'Fn::Split': {
        const [separator, joined] = listOf(argument);
        return text(stack, joined, 'Fn::Split').split(textOf(separator, 'Fn::Split'));
      }
      case 'Fn::ImportValue':
        return imported(stack, argument);
      case 'Fn::If': {
        const [condition, yes, no] = listOf(argument);
        return resolve(stack, holds(stack, { Condition: condition }) ? yes : no);
      }
      default:
        throw new Error(`Intrinsic ${name} in stack ${stack.name} is not supported`);
    }
  }

  function resolve(stack: Stack, node: unknown): unknown {
    if (Array.isArray(node)) return node.map((one: unknown) => resolve(stack, one)).filter((one) => one !== NOTHING);
    if (!isObject(node)) return node;
    const names = Object.keys(node);
    const [only] = names;
    if (names.length === 1 && only !== undefined && (only === 'Ref' || only.startsWith('Fn::')))
      return intrinsic(stack, only, node[only]);
    const entries = names.map((name) => [name, resolve(stack, node[name])] as const).filter(([, value]) => value !== NOTHING);
    return Object.fromEntries(entries) as JsonObject;
  }

  return resolver;
}

function readExports(
  stacks: readonly Stack[],
  text: (stack: Stack, node: unknown) => string,
): Map<string, { stack: Stack; value: unknown }> {
  const exports = new Map<string, { stack: Stack; value: unknown }>();
  for (const stack of stacks) {
    for (const output of Object.values(stack.outputs)) {
      if (!isObject(output) || !isObject(output.Export)) continue;
      exports.set(text(stack, output.Export.Name), { stack, value: output.Value });
    }
  }
  return exports;
}
