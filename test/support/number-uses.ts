import {
  type CallExpression,
  isBinaryExpression,
  isCallExpression,
  isIdentifier,
  isNumericLiteral,
  isPrefixUnaryExpression,
  isPropertyAccessExpression,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast';
import { API, type Checker, TypeFlags } from 'typescript/unstable/sync';

/** How an integer can turn into a fraction, or lose digits: a literal, a division, a rounding, a conversion, a text of decimals. */
export type NumberUse = 'literal' | 'division' | 'rounding' | 'conversion' | 'decimals';

/** One such place of a source. */
export type NumberPlace = { readonly path: string; readonly line: number; readonly use: NumberUse; readonly text: string };

/** What of Math keeps integers integers, exactly. */
const EXACT_MATH = new Set(['abs', 'max', 'min', 'sign', 'imul']);
const DECIMALS = new Set(['parseFloat', 'toFixed', 'toPrecision', 'toExponential']);

/**
 * Reads TypeScript files with the compiler and lists each place where a number can stop being an exact integer. Types tell: a division
 * of big integers is exact and not listed, everything else that is divided is.
 */
export function numberUses(project: string, isOfInterest: (path: string) => boolean): NumberPlace[] {
  const api = new API();
  try {
    const snapshot = api.updateSnapshot({ openProjects: [project] });
    return snapshot.getProjects().flatMap(({ program, checker }) =>
      program
        .getSourceFileNames()
        .filter(isOfInterest)
        .flatMap((path) => {
          const file = program.getSourceFile(path);
          return file === undefined ? [] : usesIn(path, file, checker);
        }),
    );
  } finally {
    api.close();
  }
}

function usesIn(path: string, file: SourceFile, checker: Checker): NumberPlace[] {
  const places: NumberPlace[] = [];
  const visit = (node: Node): void => {
    const use = useOf(node, checker);
    if (use !== null) {
      const line = file.text.slice(0, node.getStart(file)).split('\n').length;
      places.push({ path, line, use, text: node.getText(file).split('\n')[0]! });
    }
    node.forEachChild(visit);
  };
  visit(file);
  return places;
}

function useOf(node: Node, checker: Checker): NumberUse | null {
  if (isNumericLiteral(node)) return Number.isSafeInteger(Number(node.text)) ? null : 'literal';
  if (isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const fractional = kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken || isPower(kind);
    return fractional && !isBigInt(node, checker) ? 'division' : null;
  }
  if (isPrefixUnaryExpression(node)) {
    return node.operator === SyntaxKind.PlusToken ? 'conversion' : null;
  }
  return isCallExpression(node) ? useOfCall(node) : useOfName(node);
}

function isPower(kind: SyntaxKind): boolean {
  return kind === SyntaxKind.AsteriskAsteriskToken || kind === SyntaxKind.AsteriskAsteriskEqualsToken;
}

function isBigInt(node: Node, checker: Checker): boolean {
  const flags = checker.getTypeAtLocation(node)?.flags ?? TypeFlags.None;
  return (flags & TypeFlags.BigIntLike) !== 0;
}

function useOfCall({ expression }: CallExpression): NumberUse | null {
  return isIdentifier(expression) && expression.text === 'Number' ? 'conversion' : null;
}

/** Also a function that is passed on by its name: `list.map(Math.round)`, `texts.map(Number)`. */
function useOfName(node: Node): NumberUse | null {
  if (isIdentifier(node)) {
    if (DECIMALS.has(node.text)) return 'decimals';
    return node.text === 'Number' && isPassedOn(node) ? 'conversion' : null;
  }
  if (!isPropertyAccessExpression(node) || !isIdentifier(node.expression) || node.expression.text !== 'Math') return null;
  return EXACT_MATH.has(node.name.text) ? null : 'rounding';
}

function isPassedOn(node: Node): boolean {
  return isCallExpression(node.parent) && node.parent.expression !== node;
}
