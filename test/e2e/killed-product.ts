import { startProduct } from '#local/product.ts';

/** Started by the kill test in a process of its own: the product on the folder it is given, until it is killed. */
const [workDir] = process.argv.slice(2);
if (workDir === undefined) throw new Error('a folder to work in is needed');
const product = await startProduct({ workDir, port: 0, asRecorded: true, resyncQuota: 1_000, schedules: 'manual' });
process.stdout.write(`${JSON.stringify({ url: product.host.url, sources: product.sources, tenants: product.tenants })}\n`);
