import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { allow, lambda, permission, READ_QUEUE, READ_STREAM, type Resources, stackOf, startBench, TABLE } from './support.ts';

// Says what it gets, and then hangs: until the file of notes tells that it is the second life.
const HANGER = `export const handler = async (event) => {
  note((event.Records?.[0].body ?? event.Records?.[0].dynamodb?.Keys.sk.S ?? event.source) + ' begins');
  if (!notes().includes('second life')) await new Promise((done) => setTimeout(done, 60_000));
  note((event.Records?.[0].body ?? event.Records?.[0].dynamodb?.Keys.sk.S ?? event.source) + ' ends');
};`;

it('a killed host loses no message, no event and no stream record', async () => {
  const arn = (id: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [id, attribute] });
  const mapping = (source: object, properties: object = {}) => ({
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { EventSourceArn: source, FunctionName: { Ref: 'Hanger' }, ...properties },
  });
  const resources: Resources = {
    Table: TABLE!,
    Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 90 } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: { EventPattern: { source: ['a'] }, Targets: [{ Id: 'a', Arn: arn('Hanger') }] },
    },
    Allowed: permission('Hanger', 'events.amazonaws.com')!,
    FromQueue: mapping(arn('Queue')),
    FromStream: mapping(arn('Table', 'StreamArn'), { StartingPosition: 'TRIM_HORIZON' }),
  };
  const statements = [allow(READ_QUEUE, 'Queue'), allow(READ_STREAM, arn('Table', 'StreamArn'))];
  const bench = await startBench(stackOf({ resources }, lambda('Hanger', HANGER, { statements, properties: { Timeout: 60 } })));
  try {
    await bench.host.stop();
    const item = { pk: { S: 'T#1' }, sk: { S: 'record' } };
    await bench.engine.handle({ target: 'DynamoDB_20120810.PutItem', body: { TableName: 'Local-Table', Item: item } });
    const args = [
      join(bench.directory, 'cdk.out'),
      bench.engine.endpoint,
      join(bench.directory, 'work'),
      join(bench.directory, 'notes.txt'),
    ];
    const child = spawn(process.execPath, [fileURLToPath(new URL('./crash-child.ts', import.meta.url)), ...args], {
      stdio: 'inherit',
    });
    await expect.poll(() => bench.notes().sort(), { timeout: 8_000 }).toEqual(['a begins', 'in flight begins', 'record begins']);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;

    bench.note('second life');
    await bench.restart();
    await bench.host.idle();
    expect(
      bench
        .notes()
        .filter((text) => text.endsWith('ends'))
        .sort(),
    ).toEqual(['a ends', 'in flight ends', 'record ends']);
  } finally {
    await bench.stop();
  }
});
