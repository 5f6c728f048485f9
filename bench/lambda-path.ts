import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { createApi } from '#functions/api/api.ts';
import { tableRoutes } from '#functions/api/routes.ts';
import { inputsHandler } from '#functions/bonus/on-inputs/handle.ts';
import { encodeMessages } from '#functions/bonus/on-inputs/messages.ts';
import { systemPorts } from '#platform/ports.ts';
import { openTable } from '#store/table.ts';
import { localClientConfig } from '#test/support/dynamodb.ts';
import { bodyJson, httpEvent } from '#test/support/http-event.ts';
import type { LambdaStep, LambdaTask } from './lambda.ts';

/** The child of `lambda.ts`: walks one large ProPay through the functions and reports memory and CPU time after each step. */
process.once('message', (task: LambdaTask) => void walk(task));

async function walk(task: LambdaTask): Promise<void> {
  const { tenantId, tokenId, proPayId } = task;
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(localClientConfig(task.endpoint)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const system = { ...systemPorts(), now: () => task.now };
  const ports = { ...system, table: openTable({ ...system, client, tableName: task.tableName }), log: () => {} };
  const onInputs = inputsHandler({ ...ports, later: { send: async () => {} } });
  const api = createApi({ routes: tableRoutes, ports });
  const call = async (method: string, path: string, body?: object) => {
    const headers = { 'accept-encoding': 'gzip', 'idempotency-key': path };
    const response = await api(httpEvent(method, path, { body, headers, caller: { tenantId, tokenId } }), {} as Context);
    if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode} ${JSON.stringify(bodyJson(response))}`);
    return response;
  };

  await report('recalculated', async () => {
    const [body] = encodeMessages({ tenantId, targets: [{ jobId: task.jobId, milestoneId: null }], jobIds: [] });
    const { batchItemFailures } = await onInputs({ Records: [{ messageId: '1', body: body!, eventSource: 'aws:sqs' }] }, 'bench');
    if (batchItemFailures.length > 0) throw new Error('the recalculation failed');
    return '';
  });
  const path = `/v1/propays/${proPayId}`;
  await report('explained, every step and entry', async () => (await call('GET', `${path}/explain`)).body);
  const { inputsVersion } = bodyJson<{ inputsVersion: string }>(await call('GET', path));
  await report(
    'approved, with its snapshot',
    async () =>
      (
        await call('POST', `${path}/approve`, {
          inputsVersion,
          accept: [{ code: 'stale-data', reason: 'bench' }],
        })
      ).body,
  );
  await report('explained from its snapshot', async () => (await call('GET', `${path}/explain`)).body);
  client.destroy();
  process.disconnect();
}

async function report(step: string, act: () => Promise<string>): Promise<void> {
  const start = process.cpuUsage();
  const answer = await act();
  const { user, system } = process.cpuUsage(start);
  const done: LambdaStep = {
    step,
    cpuMs: Math.round((user + system) / 1000),
    heapMb: Math.round(process.memoryUsage().heapUsed / 2 ** 20),
    peakRssMb: Math.round(process.resourceUsage().maxRSS / 1024),
    answerMb: answer.length / 2 ** 20,
  };
  process.send?.(done);
}
