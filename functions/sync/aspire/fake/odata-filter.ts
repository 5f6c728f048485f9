import type { Row } from '../../../../shared/fake-source/dataset.ts';
import type { FieldType } from './entities.ts';

/** A mistake in a query option: answered with 400 and this text. */
export class ODataError extends Error {}

/** A parsed `$filter`: tells whether a row passes, and which fields it looks at. */
export type Filter = { readonly passes: (row: Row) => boolean; readonly fields: ReadonlySet<string> };

type Token = { readonly kind: 'text' | 'date' | 'number' | 'word' | 'sign'; readonly text: string; readonly at: number };
type Literal = string | number | boolean | null;
type Operand = { readonly type: FieldType | 'null'; readonly read: (row: Row) => Literal };
type Test = (row: Row) => boolean;

const TOKEN =
  /\s*(?:(?<text>'(?:[^']|'')*')|(?<date>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<word>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>[(),]))/y;

const COMPARISONS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
const OPERATORS = new Set([...COMPARISONS, 'and', 'or', 'not', 'in']);

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new ODataError(`Syntax error at position ${at} in '${text}'.`);
    const [kind, value] = Object.entries(match.groups ?? {}).find(([, held]) => held !== undefined) as [Token['kind'], string];
    found.push({ kind, text: value, at });
    at = TOKEN.lastIndex;
    // Two words or numbers run together are one mistake, not two tokens.
    if (kind !== 'sign' && /[A-Za-z0-9_.:]/.test(text[at] ?? ''))
      throw new ODataError(`Syntax error at position ${at} in '${text}'.`);
  }
  return found;
}

/** Milliseconds of a date as the wire holds it; one without an offset counts as it stands. */
function dateValue(text: string): number {
  const zoned = /(Z|[+-]\d\d:\d\d)$/.test(text) || text.length === 10 ? text : `${text}Z`;
  return Date.parse(zoned);
}

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  readonly #types: ReadonlyMap<string, FieldType>;
  readonly fields = new Set<string>();
  #next = 0;

  constructor(source: string, types: ReadonlyMap<string, FieldType>) {
    this.#source = source;
    this.#types = types;
    this.#tokens = tokens(source);
  }

  whole(): Test {
    const test = this.#or();
    if (this.#next < this.#tokens.length) throw this.#wrong();
    return test;
  }

  #or(): Test {
    let left = this.#and();
    while (this.#takeWord('or')) {
      const [a, b] = [left, this.#and()];
      left = (row) => a(row) || b(row);
    }
    return left;
  }

  #and(): Test {
    let left = this.#not();
    while (this.#takeWord('and')) {
      const [a, b] = [left, this.#not()];
      left = (row) => a(row) && b(row);
    }
    return left;
  }

  #not(): Test {
    if (!this.#takeWord('not')) return this.#primary();
    const test = this.#not();
    return (row) => !test(row);
  }

  #primary(): Test {
    if (this.#takeSign('(')) {
      const test = this.#or();
      this.#expectSign(')');
      return test;
    }
    const left = this.#operand();
    if (this.#takeWord('in')) return this.#in(left);
    const word = COMPARISONS.find((name) => this.#takeWord(name));
    if (word !== undefined) return this.#compare(left, word, this.#operand());
    if (left.type !== 'boolean') throw this.#wrong();
    return (row) => left.read(row) === true;
  }

  #in(left: Operand): Test {
    this.#expectSign('(');
    const tests: Test[] = [];
    do tests.push(this.#compare(left, 'eq', this.#operand()));
    while (this.#takeSign(','));
    this.#expectSign(')');
    return (row) => tests.some((test) => test(row));
  }

  #operand(): Operand {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new ODataError(`Expression expected at the end of '${this.#source}'.`);
    this.#next += 1;
    const constant = (type: Operand['type'], value: Literal): Operand => ({ type, read: () => value });
    if (token.kind === 'text') return constant('text', token.text.slice(1, -1).replaceAll("''", "'"));
    if (token.kind === 'number') return constant('number', Number(token.text));
    if (token.kind === 'date') {
      const ms = dateValue(token.text);
      if (Number.isNaN(ms)) throw new ODataError(`'${token.text}' is no date.`);
      return constant('date', ms);
    }
    if (token.kind === 'sign' || OPERATORS.has(token.text)) throw this.#wrong(token);
    if (token.text === 'null') return constant('null', null);
    if (token.text === 'true' || token.text === 'false') return constant('boolean', token.text === 'true');
    return this.#field(token);
  }

  #field(token: Token): Operand {
    if (this.#tokens[this.#next]?.text === '(') throw new ODataError(`The function '${token.text}' is not supported.`);
    const type = this.#types.get(token.text);
    if (type === undefined) throw new ODataError(`Could not find a property named '${token.text}'.`);
    if (type === 'nested') throw new ODataError(`The property '${token.text}' cannot be used in the $filter query option.`);
    this.fields.add(token.text);
    return { type, read: (row) => read(row[token.text], type) };
  }

  #compare(left: Operand, word: string, right: Operand): Test {
    const types = [left.type, right.type].filter((type) => type !== 'null');
    if (new Set(types).size > 1) {
      throw new ODataError(
        `A binary operator with incompatible types was detected: '${types[0]}' and '${types[1]}' for '${word}'.`,
      );
    }
    return (row) => holds(left.read(row), word, right.read(row));
  }

  #takeWord(word: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'word' || token.text !== word) return false;
    this.#next += 1;
    return true;
  }

  #takeSign(sign: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#next += 1;
    return true;
  }

  #expectSign(sign: string): void {
    if (!this.#takeSign(sign)) throw new ODataError(`'${sign}' expected in '${this.#source}'.`);
  }

  #wrong(token = this.#tokens[this.#next]): ODataError {
    if (token === undefined) return new ODataError(`The expression '${this.#source}' is incomplete.`);
    return new ODataError(`Syntax error at position ${token.at} in '${this.#source}'.`);
  }
}

function read(held: unknown, type: FieldType): Literal {
  if (held === null || held === undefined) return null;
  if (type === 'date') return typeof held === 'string' ? dateValue(held) : null;
  return typeof held === 'number' || typeof held === 'string' || typeof held === 'boolean' ? held : null;
}

function holds(a: Literal, word: string, b: Literal): boolean {
  if (word === 'eq') return a === b;
  if (word === 'ne') return a !== b;
  // Order comparisons with nothing are false, never true by accident of the language.
  if (a === null || b === null) return false;
  if (word === 'gt') return a > b;
  if (word === 'ge') return a >= b;
  return word === 'lt' ? a < b : a <= b;
}

/** Reads a `$filter` against the fields of a list. Throws `ODataError` for a syntax error, an unknown field or types that do not compare. */
export function parseFilter(text: string, types: ReadonlyMap<string, FieldType>): Filter {
  const parser = new Parser(text, types);
  const passes = parser.whole();
  return { passes, fields: parser.fields };
}
