import { describe, expect, it } from 'vitest';
import { table } from '#cli/output.ts';
import { runCommandLine } from '#cli/program.ts';
import { refusalText } from '#cli/run.ts';
import { treeOf } from '#cli/trace-tree.ts';

async function cli(args: readonly string[], environment: Record<string, string> = {}) {
  const out: string[] = [];
  const error: string[] = [];
  let code = 0;
  await runCommandLine(args, {
    environment,
    demoFile: '/nowhere/demo.json',
    out: (text) => void out.push(text),
    error: (text) => void error.push(text),
    sleep: async () => {},
    exit: (given) => {
      code = given;
    },
  });
  return { out: out.join('\n'), error: error.join('\n'), code };
}

describe('a command line', () => {
  it('tells its commands and its exit codes when asked', async () => {
    const { out, code } = await cli(['--help']);
    expect(code).toBe(0);
    for (const command of ['connections', 'resync', 'runs', 'diagnose', 'explain', 'approve', 'audit'])
      expect(out).toContain(command);
    expect(out).toContain('3 the API cannot be reached');
  });

  it.each([
    ['an unknown command', ['frob'], "unknown command 'frob'"],
    ['a missing argument', ['explain'], "missing required argument 'propay'"],
    ['a kind that cannot be asked about', ['diagnose', 'truck', '--name', 'x'], 'Allowed choices'],
    ['nobody who asks', ['me'], '--url and --token'],
    ['two ways to name a record', ['diagnose', 'job', '--name', 'x', '--number', '1'], 'exactly one'],
    ['an acceptance without a reason', ['approve', 'p', '--accept', 'not-complete'], 'code=reason'],
  ])('with %s is wrong usage', async (_, args, words) => {
    const { error, code } = await cli(args, args[0] === 'me' ? {} : { PROTIV_URL: 'http://127.0.0.1:9', PROTIV_TOKEN: 't' });
    expect(error).toContain(words);
    expect(code).toBe(2);
  });

  it('tells an API that cannot be reached by a code of its own', async () => {
    const { error, code } = await cli(['--url', 'http://127.0.0.1:9', '--token', 't', 'me']);
    expect(error).toBe('unreachable: http://127.0.0.1:9 cannot be reached.');
    expect(code).toBe(3);
  });
});

describe('a refusal', () => {
  it('is told with its fields, what to do next and the request', () => {
    const errors = [{ pointer: '/mode', code: 'invalid', detail: 'must be delta or full' }];
    const refusal = {
      code: 'invalid-body',
      status: 422,
      detail: 'Not readable.',
      errors,
      nextAction: 'Correct it.',
      requestId: 'r1',
    };
    expect(refusalText(refusal)).toBe(
      'invalid-body (422): Not readable.\n  /mode must be delta or full (invalid)\nCorrect it.\nrequest r1',
    );
  });
});

describe('a table', () => {
  it('has columns as wide as their widest cell', () => {
    const rows = [
      ['a', null],
      ['long', 12],
    ];
    expect(table(['id', 'n'], rows, 'none')).toBe('id    n\na     -\nlong  12');
  });

  it('without rows says so', () => {
    expect(table(['id'], [], 'There is none.')).toBe('There is none.');
  });
});

describe('a trace as a tree', () => {
  const step = (
    id: string,
    value: number,
    inputs: readonly ({ node: string } | { record: string; recordId: string; revision: number })[],
  ) => ({
    ...{ id, rule: id.split(':')[0]!, version: 1, inputs: [...inputs] },
    ...{ value, unit: 'cents' as const, outcome: 'applies' as const },
  });
  const nodes = [
    step('cost:w1', 5, [{ record: 'time_entry', recordId: 't1', revision: 2 }]),
    step('savings', 7, [{ node: 'cost:w1' }]),
    step('share:w1', 3, [{ node: 'savings' }, { node: 'cost:w1' }]),
  ];

  it('begins with the results and ends at the records; a step met again is only named', () => {
    expect(treeOf(nodes, { workerId: null, depth: 9 })).toEqual([
      'share w1 = 3 cents',
      '  savings = 7 cents',
      '    cost w1 = 5 cents',
      '      time_entry t1 (revision 2)',
      '  cost w1 = 5 cents (above)',
    ]);
  });

  it('goes as deep as it is asked to, for the worker that is asked for', () => {
    expect(treeOf(nodes, { workerId: 'w1', depth: 0 })).toEqual(['share w1 = 3 cents']);
    expect(treeOf(nodes, { workerId: 'w2', depth: 9 })).toEqual([]);
  });
});
