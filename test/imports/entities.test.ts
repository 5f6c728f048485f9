import { describe, expect, it } from 'vitest';
import { canonicalProfile } from '#imports/shipped.ts';
import { importFile } from './importing.ts';

const lines = (...rows: string[]) => `${rows.join('\n')}\n`;
const settings = { statusMap: {}, ignoredStatuses: [], payCodeMap: {}, importWages: true };

describe('canonical files', () => {
  it('of the organisation', async () => {
    const branches = await importFile(
      lines('id,name,code,time_zone,active', '1,North,N,America/Denver,yes', '2,South,,,0'),
      'branches',
    );
    expect(branches.records.map(({ entity, fields }) => [entity, fields])).toEqual([
      ['branch', { name: 'North', code: 'N', zone: 'America/Denver', city: null, active: true, derived: false }],
      ['branch', { name: 'South', code: null, zone: null, city: null, active: false, derived: false }],
    ]);
    expect((await importFile(lines('id,name,time_zone', '1,a,Mars'), 'branches')).reports[0]?.code).toBe('UNKNOWN_WORD');
    expect((await importFile(lines('id,name,active', '1,a,maybe'), 'branches')).reports[0]?.code).toBe('UNKNOWN_WORD');
    const divisions = await importFile(lines('id,name,branch_id', 'd,Lawn,1'), 'divisions');
    expect(divisions.records[0]).toMatchObject({
      entity: 'division',
      fields: { branchId: '1', origin: 'synced', overhead: false },
    });
    const routes = await importFile(lines('id,name,division_id,leader_worker_id', 'r,R1,d,w'), 'routes', {
      derivedBranchId: 'account:x',
    });
    expect(routes.records[0]?.fields).toMatchObject({ branchId: 'account:x', divisionId: 'd', crewLeadId: 'w', memberIds: [] });
    const clients = await importFile(
      lines('id,name,kind,parent_id,address,state', 'c,Ann,,,,', 'p,Yard,property,c,1 Elm,NY'),
      'clients',
    );
    expect(clients.records.map(({ space }) => space)).toEqual(['client', 'property']);
    expect(clients.records[1]?.fields).toMatchObject({ kind: 'property', parentId: 'c', line1: '1 Elm', region: 'NY' });
  });

  it('of workers: employees only, active unless they left', async () => {
    const { records } = await importFile(
      lines(
        'id,first_name,last_name,display_name,email,termination_date,is_employee,role',
        '1,Ann,Lee,,ann@example.com,,,Foreman',
        '2,Bo,Ray,Bobby,,2026-01-31,yes,',
        '3,Cy,Fox,,cy@example.com,,no,',
      ),
      'workers',
    );
    expect(records[0]?.fields).toMatchObject({
      displayName: 'Ann Lee',
      sourceActive: true,
      sourceRole: 'Foreman',
      email: 'ann@example.com',
    });
    expect(records[1]?.fields).toMatchObject({ displayName: 'Bobby', sourceActive: false, terminationDate: '2026-01-31' });
    expect(records[2]).toMatchObject({
      skip: { kind: 'out_of_scope', code: 'not_an_employee' },
      fields: { email: null, firstName: null },
    });
  });

  it('of wages: only where they are imported, never one of zero, never rounded', async () => {
    const text = lines(
      'worker_id,effective_date,hourly_wage,burden_percent',
      'w,2026-01-01,25.5,12.25',
      'w,2026-02-01,0,',
      'v,2026-01-01,20.00001,',
    );
    const { records, reports } = await importFile(text, 'wages');
    expect(records[0]?.fields).toEqual({
      workerId: 'w',
      effectiveFrom: '2026-01-01',
      rateE4: 255_000,
      currency: 'USD',
      burdenBp: 1_225,
    });
    expect(records[1]).toMatchObject({ skip: { code: 'type_not_read', rule: 'built-in' }, warnings: ['wage_not_positive'] });
    expect(reports.map(({ code, line }) => [code, line])).toEqual([['BAD_NUMBER', 4]]);
    const off = await importFile(text, 'wages', { settings: { ...settings, importWages: false } });
    expect(off.records).toHaveLength(3);
    for (const record of off.records)
      expect(record).toMatchObject({ skip: { rule: 'connection.importWages' }, fields: { rateE4: 0, burdenBp: null } });
  });

  it('of jobs: statuses by the words of the file, the profile and the connection', async () => {
    const base = canonicalProfile('jobs');
    const profile = {
      ...base,
      columns: { ...base.columns, status: { ...base.columns.status!, map: { 'Under way': 'in_progress' } } },
    };
    const { records, rows, survey } = await importFile(
      lines(
        'id,name,status',
        '1,a,UNDER WAY',
        '2,b,Scheduled',
        '3,c,In Progress',
        '4,d,Lost',
        '5,e,draft',
        '6,f,On hold',
        '7,g,what',
        '8,h,canceled',
      ),
      profile,
      { settings: { ...settings, statusMap: { lost: 'canceled', 'on hold': 'pending' }, ignoredStatuses: ['ON HOLD'] } },
    );
    expect(
      records.map(({ sourceId, sourceStatus, skip, fields }) => [
        sourceId,
        sourceStatus,
        (fields as { status: string }).status,
        skip?.code ?? null,
      ]),
    ).toEqual([
      ['1', 'UNDER WAY', 'in_progress', null],
      ['2', 'Scheduled', 'pending', null],
      ['3', 'In Progress', 'in_progress', null],
      ['4', 'Lost', 'canceled', 'canceled'],
      ['5', 'draft', 'pending', 'draft'],
      ['6', 'On hold', 'pending', 'ignored_status'],
      ['8', 'canceled', 'canceled', 'canceled'],
    ]);
    expect(rows[6]?.mapped).toEqual({
      kind: 'rejected',
      rejected: { sourceId: '7', reason: 'status_unmapped', field: 'status', value: 'what' },
    });
    expect(survey.unknownWords).toEqual([{ column: 'status', word: 'what', count: 1 }]);
  });

  it('of jobs: a budget comes along where the file has that column, also without a figure', async () => {
    const { records, also } = await importFile(
      lines(
        'id,name,status,budget_hours,revenue,completed_date,recurring,manager_worker_id',
        '1,a,completed,12.5,1000.10,2026-03-05,y,w1',
        '2,b,pending,,,,,',
      ),
      'jobs',
    );
    expect(records[0]?.fields).toMatchObject({
      contractPriceCents: 100_010,
      completedAt: '2026-03-05T05:00:00.000Z',
      recurring: true,
      managerId: 'w1',
    });
    expect(
      also.map(({ entity, fields }) => [
        entity,
        (fields as { jobId: string }).jobId,
        (fields as { budgetSeconds: number }).budgetSeconds,
      ]),
    ).toEqual([
      ['budget_info', '1', 45_000],
      ['budget_info', '2', null],
    ]);
    const plain = await importFile(lines('id,name', '1,a'), 'jobs');
    expect([plain.also, plain.records[0]?.fields]).toMatchObject([[], { status: 'pending' }]);
  });

  it('of milestones and budgets: one budget of a job, whichever file tells of it', async () => {
    const milestones = await importFile(
      lines('id,job_id,name,status,percent_complete,sequence,budget_hours', 'm,1,Phase,completed,62.5,3,4', 'n,,x,pending,,,'),
      'milestones',
    );
    expect(milestones.records).toHaveLength(1);
    expect(milestones.records[0]?.fields).toMatchObject({
      kind: 'task',
      review: 'pending_review',
      percentBp: 6_250,
      sequence: 3,
      jobId: '1',
    });
    expect(milestones.reports.map(({ code, column }) => [code, column])).toEqual([['MISSING_VALUE', 'job_id']]);
    const budgets = await importFile(
      lines('job_id,milestone_id,hours,labor_amount,rate,quantity', '1,m,4,100.5,2.1234,3', '2,,,,,'),
      'budgets',
    );
    expect(budgets.records[0]?.sourceId).toBe(milestones.also[0]?.sourceId);
    expect(budgets.records[0]?.sourceId).toMatch(/^drv1:[\w-]{43}$/);
    expect(budgets.records[0]?.fields).toMatchObject({
      budgetSeconds: 14_400,
      laborAmountCents: 10_050,
      rateE4: 21_234,
      quantityE4: 30_000,
    });
    const jobs = await importFile(lines('id,name,budget_hours', '2,a,1'), 'jobs');
    expect(jobs.also[0]?.sourceId).toBe(budgets.records[1]?.sourceId);
    expect((await importFile(lines('id,job_id,name,percent_complete', 'm,1,a,100.01'), 'milestones')).reports[0]?.code).toBe(
      'OUT_OF_RANGE',
    );
  });

  it('of materials', async () => {
    const { records } = await importFile(
      lines('milestone_id,item_id,name,unit,allocated,installed,unit_value', 'm,i,Mulch,yd,12.5,,30'),
      'materials',
    );
    expect(records[0]).toMatchObject({
      entity: 'material_allocation',
      sourceId: expect.stringMatching(/^drv1:/),
      fields: { milestoneId: 'm', item: 'i', allocatedE4: 125_000, installedE4: null, unitValueCents: 3_000 },
    });
  });

  it('keeps texts as they are, formulas too', async () => {
    const { records } = await importFile('id,name\n1,"=HYPERLINK(""x"")"\n2,  עברית \u0000 💧 \n', 'branches');
    expect(records.map(({ fields }) => (fields as { name: string }).name)).toEqual(['=HYPERLINK("x")', 'עברית \u0000 💧']);
  });
});
