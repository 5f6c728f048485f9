import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessages } from '#functions/bonus/on-inputs/messages.ts';

const message = {
  tenantId: 'tnt1',
  targets: [
    { jobId: 'a', milestoneId: null },
    { jobId: 'a', milestoneId: 'm' },
  ],
  jobIds: ['b'],
};

describe('a message of the recalculation queue', () => {
  it('reads back as it was sent', () => {
    const read = encodeMessages(message).map(decodeMessage);
    expect(read.flatMap(({ targets }) => targets)).toEqual(message.targets);
    expect(read.flatMap(({ jobIds }) => jobIds)).toEqual(['b']);
    expect(new Set(read.map(({ tenantId }) => tenantId))).toEqual(new Set(['tnt1']));
  });

  it('holds at most a hundred scopes', () => {
    const jobIds = Array.from({ length: 250 }, (_, at) => `job${at}`);
    const read = encodeMessages({ ...message, targets: [], jobIds }).map(decodeMessage);
    expect(read.map((one) => one.jobIds.length)).toEqual([100, 100, 50]);
    expect(read.flatMap((one) => one.jobIds)).toEqual(jobIds);
  });

  const sent = { v: 1, tenantId: 'tnt1', targets: [['a', null]], jobIds: [] };
  it.each([
    ['no object', 5],
    ['another version', { ...sent, v: 2 }],
    ['no tenant', { ...sent, tenantId: '#' }],
    ['no targets', { ...sent, targets: undefined }],
    ['a target of one part', { ...sent, targets: [['a']] }],
    ['a milestone that is a number', { ...sent, targets: [['a', 1]] }],
    ['a job that is a number', { ...sent, jobIds: [1] }],
  ])('with %s is refused, so that it ends among the dead letters', (_, value) => {
    expect(() => decodeMessage(JSON.stringify(value))).toThrow();
  });
});
