import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { addDays } from '#kernel/instant.ts';
import type { Json } from '#test/support/product-client.ts';
import { centsOf, type StoryWorld } from './story-world.ts';
import type { Yard } from './yard.ts';

/** One person of 20.00 with ten hours of a budget of thirty: 400.00 saved, half of it to pay out. */
async function simple(world: StoryWorld, yard: Yard, name: string) {
  const [person] = await yard.people([20]);
  const made = await yard.job({ name, hours: 30, time: [{ worker: person!, date: '2026-03-02', hours: 10 }] });
  await world.resync();
  return { person: person!, ...made, proPay: await world.proPay(made.id) };
}

/** What happens to money after it is earned: waiting, premiums, corrections, goals, groups, rework. */
export function payStories(worldOf: () => StoryWorld): void {
  it('releases what waited by itself when its day has come', async () => {
    const world = worldOf();
    const yard = await world.yard({ pool: { waitingDays: 14 } });
    const [early, late] = await Promise.all([simple(world, yard, 'Waited long ago'), simple(world, yard, 'Waits now')]);
    const today = new Date().toISOString().slice(0, 10);
    const [released] = await world.approved(early.proPay, { approvalDate: addDays(today, -20) });
    expect(released).toMatchObject({ status: 'In Process', amount: '200.00', releaseOn: addDays(today, -6) });
    const [waiting] = await world.approved(late.proPay);
    expect(waiting).toMatchObject({ status: 'Held', amount: '200.00', statementId: null });
    expect(await world.paid([early.person])).toEqual({ [early.person]: '200.00' });
    expect(await world.paid([late.person])).toEqual({});
    const held = await world.owner.list('/v1/line-items?status=Held');
    expect(held.map((item) => item.id)).toContain(waiting!.id);
    // Nobody has to wait for the day: a release brings it forward.
    await world.done('POST', `/v1/line-items/${waiting!.id}/release`, {});
    expect(await world.paid([late.person])).toEqual({ [late.person]: '200.00' });
  });

  it('sends what was paid to payroll once, in a file that fits its checksum', async () => {
    const world = worldOf();
    const target = { mode: 'bonus_plus_premium', bonusOutsideOvertime: false, codes: {} };
    await world.set('exports', () => ({ targets: { generic: target } }));
    const { person, proPay } = await simple(world, await world.yard(), 'To payroll');
    await world.approved(proPay);
    expect(await world.paid([person])).toEqual({ [person]: '200.00' });
    const { id: workerId } = await world.mirrored('workers', person);
    await world.done('PUT', `/v1/workers/${workerId}/settings`, { payrollId: '0042' });
    const [statement] = (await world.owner.list(`/v1/statements?workerId=${workerId}`)).filter(({ status }) => status === 'Paid');
    const prepared = await world.done('POST', '/v1/exports', { target: 'generic', statementIds: [statement.id] });
    expect(prepared).toMatchObject({ status: 'Draft', total: '200.00', preflight: [] });
    const made = await world.done('POST', `/v1/exports/${prepared.id}/export`, {});
    const { status, headers, body } = await world.owner.get(`/v1/exports/${made.id}/file`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(createHash('sha256').update(body).digest('hex')).toBe(made.checksum);
    expect(body.split('\r\n')[1]).toContain(`${workerId},0042,`);
    const again = await world.owner.post('/v1/exports', { target: 'generic', statementIds: [statement.id] });
    expect(again).toMatchObject({ status: 409, body: { code: 'already-exported' } });
    const reopened = await world.owner.post(`/v1/statements/${statement.id}/reopen`, { reason: 'the story' });
    expect(reopened).toMatchObject({ status: 409, body: { code: 'already-exported' } });
  });

  // 18 + 20 + 42 hours elsewhere beside 30, 20 and 10 on the ProPay: 48, 40 and 52 hours worked.
  it.each([
    ['by_earned_hours', ['25.00', '11.54']],
    ['equal_weeks', ['16.67', '23.08']],
    ['equal_hours', ['17.14', '25.71']],
  ])('owes the overtime premium of a bonus over three weeks by %s', async (premiumPolicy, premiums) => {
    const world = worldOf();
    const yard = await world.yard({ premiumPolicy });
    const [person] = await yard.people([20]);
    const day = (week: number, at: number, hours: number) => ({
      worker: person!,
      date: addDays('2026-03-02', week * 7 + at),
      hours,
    });
    const bonus = [
      ...[0, 1, 2].map((at) => day(0, at, 10)),
      ...[0, 1].map((at) => day(1, at, 10)),
      ...[0].map((at) => day(2, at, 10)),
    ];
    const elsewhere = [
      ...[3, 4].map((at) => day(0, at, 9)),
      ...[2, 3].map((at) => day(1, at, 10)),
      ...[1, 2, 3, 4, 5].map((at) => day(2, at, 8.4)),
    ];
    const { id } = await yard.job({ name: `Premium ${premiumPolicy}`, hours: 120, time: bonus });
    await yard.job({ name: `Beside ${premiumPolicy}`, time: elsewhere });
    await world.resync();
    const proPay = await world.proPay(id);
    expect(proPay.result).toMatchObject({ savings: '1200.00', workerShare: '600.00' });
    await world.approved(proPay);
    await world.product.host.idle();
    const worker = await world.mirrored('workers', person!);
    const items = await world.owner.list(`/v1/line-items?workerId=${worker.id}`);
    const issued = items.filter((item) => item.type === 'premium');
    expect(issued.map((item) => item.amount).sort()).toEqual([...premiums].sort());
    for (const item of issued) {
      expect(item).toMatchObject({ category: 'ot_premium', premium: { legalBasis: 'flsa_207', label: null } });
      const hours = item.premium.hours.reduce((sum: number, one: Json) => sum + one.seconds, 0);
      expect(hours).toBe(item.premium.totalSeconds);
    }
    const total = 60_000 + issued.reduce((sum, item) => sum + centsOf(item.amount), 0);
    expect(centsOf((await world.paid([person!]))[person!])).toBe(total);
  });

  it('shows a correction of approved time as a difference, moves no money, and takes what somebody accepts', async () => {
    const world = worldOf();
    const yard = await world.yard();
    const { person, ticketIds, proPay } = await simple(world, yard, 'Corrected later');
    const [item] = await world.approved(proPay);
    const entries = await world.owner.list(`/v1/time-entries?jobId=${proPay.jobId}`);
    const change = async (hours: number) => {
      await yard.time(ticketIds[0]!, { worker: person, date: '2026-03-02', hours }, Number(entries[0].sourceId));
      await world.resync();
      return world.proPay(
        Number((await world.owner.get(`/v1/jobs/${proPay.jobId}`)).body.sourceId),
        (one) => one.sourceChange !== null,
      );
    };
    const after = await change(12);
    expect(after).toMatchObject({ status: 'Approved', sourceChange: { state: 'Open', deltaSeconds: 7_200, delta: '-20.00' } });
    expect((await world.owner.get(`/v1/line-items/${item!.id}`)).body).toMatchObject({ status: 'In Process', amount: '200.00' });
    const changes = (await world.owner.get(`/v1/propays/${proPay.id}/source-changes`)).body;
    expect(changes).toMatchObject({ state: 'Open', deltaSeconds: 7_200, delta: '-20.00' });
    expect(changes.records.map((one: Json) => one.id)).toContain(entries[0].id);
    await world.done('POST', `/v1/propays/${proPay.id}/source-changes/accept`, {
      inputsVersion: changes.inputsVersion,
      reason: 'the foreman confirmed the hours',
    });
    expect(await world.paid([person])).toEqual({ [person]: '180.00' });
  });

  it('pays a goal by the one tier that was reached', async () => {
    const world = worldOf();
    const yard = await world.yard();
    const people = await yard.people([20, 20, 20]);
    await world.resync();
    const workers = await Promise.all(people.map((one) => world.mirrored('workers', one)));
    const manager = await world.mirrored('workers', 512);
    const template = await world.done('POST', '/v1/pro-goal-templates', {
      name: 'Inspections passed',
      scope: { type: 'tenant' },
      period: { startDate: '2026-06-01', endDate: '2026-06-30' },
      participants: { type: 'named', workerIds: workers.map((one) => one.id) },
      metric: { source: 'manual', name: 'Inspections passed', unit: 'bp' },
      tiers: [
        { index: 0, type: 'between', min: 9_000, max: 9_499, reward: '100.00' },
        { index: 1, type: 'gte', min: 9_500, reward: '200.00' },
      ],
      managerId: manager.id,
    });
    await world.changed('POST', `/v1/pro-goal-templates/${template.id}/approve`, {});
    const goals = await world.owner.list(`/v1/pro-goals?templateId=${template.id}`);
    const goal = goals[0] ?? (await world.done('POST', '/v1/pro-goals', { templateId: template.id, periodStart: '2026-06-01' }));
    const results = await world.changed('PUT', `/v1/pro-goals/${goal.id}/results`, {
      values: workers.map((one, at) => ({ workerId: one.id, value: [9_200, 9_600, 8_000][at] })),
    });
    expect(results.values.map((one: Json) => one.tierIndex).sort()).toEqual([0, 1, null].sort());
    const approved = await world.done('POST', `/v1/pro-goals/${goal.id}/approve`, { inputsVersion: results.inputsVersion });
    expect(approved).toMatchObject({ status: 'Approved' });
    expect(await world.paid(people)).toEqual({ [people[0]!]: '100.00', [people[1]!]: '200.00' });
  });

  it('approves a group as a whole: what one job saved makes up for the other', async () => {
    const world = worldOf();
    const yard = await world.yard({ budgetType: 'labor_budget', pool: { splitEnabled: false } });
    const people = await yard.people([20, 20]);
    const hours = (x: number, y: number, date: string) => [
      { worker: people[0]!, date, hours: x },
      { worker: people[1]!, date, hours: y },
    ];
    const under = await yard.job({ name: 'Under', labor: 660, routeId: 22, time: hours(11, 9, '2026-03-03') });
    const over = await yard.job({ name: 'Over', labor: 300, routeId: 22, time: hours(10, 10, '2026-03-04') });
    await world.resync();
    const members = [await world.proPay(under.id), await world.proPay(over.id)];
    expect(members.map((one) => one.result.savings)).toEqual(['260.00', '-100.00']);
    const group = await world.done('POST', '/v1/groups', { propayIds: members.map((one) => one.id) });
    const alone = await world.owner.post(`/v1/propays/${members[0].id}/approve`, { inputsVersion: members[0].inputsVersion });
    expect(alone).toMatchObject({ status: 409, body: { code: 'member-of-group' } });
    await world.product.host.idle();
    const whole = (await world.owner.get(`/v1/groups/${group.id}`)).body;
    expect(whole.result).toMatchObject({ savings: '160.00', workerShare: '160.00' });
    const approved = await world.done('POST', `/v1/groups/${group.id}/approve`, { inputsVersion: whole.inputsVersion });
    expect(approved).toMatchObject({ status: 'Approved' });
    for (const { id } of members) expect((await world.owner.get(`/v1/propays/${id}`)).body).toMatchObject({ status: 'Approved' });
    expect(await world.paid(people)).toEqual({ [people[0]!]: '84.00', [people[1]!]: '76.00' });
    await world.product.host.idle();
    expect((await world.owner.get(`/v1/groups/${group.id}`)).body).toMatchObject({ status: 'Paid' });
  });

  it('takes the cost of rework back: from what is held for warranty first, then from bonuses', async () => {
    const world = worldOf();
    const yard = await world.yard({ budgetType: 'labor_budget', pool: { warrantyBp: 2_000, warrantyDays: 365 } });
    const people = await yard.people([20, 20]);
    const hours = (x: number, y: number) =>
      [x, y].flatMap((total, at) =>
        Array.from({ length: Math.ceil(total / 10) }, (_, day) => ({
          worker: people[at]!,
          date: addDays('2026-03-02', day),
          hours: Math.min(10, total - day * 10),
        })),
      );
    const original = await yard.job({ name: 'Patio', labor: 1_200, time: hours(25, 15) });
    await world.resync();
    const proPay = await world.proPay(original.id);
    expect(await world.payoutsOf(proPay, people)).toEqual(['125.00', '75.00']);
    await world.approved(proPay);
    const rework = await yard.job({ name: 'Patio again', time: [{ worker: people[1]!, date: '2026-03-20', hours: 7.5 }] });
    await world.resync();
    const again = await world.mirrored('jobs', rework.id);
    await world.done('PUT', `/v1/jobs/${again.id}/callback-of`, { jobId: proPay.jobId });
    await world.product.host.idle();
    const callback = (await world.owner.list('/v1/callbacks')).find((one) => JSON.stringify(one).includes(again.id));
    expect(callback).toMatchObject({ state: 'Applied', difference: '75.00', reworkCost: '150.00' });
    const items = (await world.owner.list(`/v1/line-items?propayId=${proPay.id}`)).filter((item) => item.status !== 'Voided');
    expect(items.filter((item) => item.part === 'warranty')).toEqual([]);
    // 75.00 by 125 and 75 leaves half a cent on each side: it goes to the lower id (B-3).
    const [x, y] = (await Promise.all(people.map((one) => world.mirrored('workers', one)))).map((one) => String(one.id));
    const [ofX, ofY] = x! < y! ? ['-21.88', '-13.12'] : ['-21.87', '-13.13'];
    const taken = items.filter((item) => item.category === 'callback').map((item) => [item.workerId, item.amount]);
    expect(Object.fromEntries(taken)).toEqual({ [x!]: ofX, [y!]: ofY });
    expect(await world.paid(people)).toEqual(
      x! < y! ? { [people[0]!]: '78.12', [people[1]!]: '46.88' } : { [people[0]!]: '78.13', [people[1]!]: '46.87' },
    );
  });
}
