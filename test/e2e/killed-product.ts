import { createInterface } from 'node:readline';
import { startTestProduct } from '#test/support/test-product.ts';

/** Started by the kill test in a process of its own: the product on the folder it is given, until it is killed. Any line asks it to come to rest. */
const [workDir] = process.argv.slice(2);
if (workDir === undefined) throw new Error('a folder to work in is needed');
const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
const product = await startTestProduct(workDir);
say({ url: product.host.url, sources: product.sources, tenants: product.tenants });
for await (const _ of createInterface({ input: process.stdin })) {
  await product.host.idle();
  say({ idle: true });
}
