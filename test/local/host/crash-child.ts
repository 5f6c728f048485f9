// A host in a process of its own, for the test that kills it: assembly, engine and work directory come as arguments.
import { startHost } from '#local/host/host.ts';

const [assemblyDir, dynamoEndpoint, workDir, NOTES] = process.argv.slice(2) as [string, string, string, string];
const host = await startHost({ assemblyDir, dynamoEndpoint, workDir, port: 0, schedules: 'manual', environment: { NOTES } });
host.queue('Queue').send('in flight');
await fetch(host.awsEndpoint, {
  method: 'POST',
  headers: { 'x-amz-target': 'AWSEvents.PutEvents', authorization: `Credential=${host.operator.AWS_ACCESS_KEY_ID}/x` },
  body: JSON.stringify({ Entries: [{ Source: 'a', DetailType: 'b', Detail: '{}' }] }),
});
