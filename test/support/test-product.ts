import { type Product, startProduct } from '#local/product.ts';
import { assemblyFolder } from '#tools/synth.ts';

/** The product on a folder, with the recordings' dates and nothing that happens by itself; its stacks were made before the tests began. */
export function startTestProduct(workDir: string): Promise<Product> {
  return startProduct({
    workDir,
    port: 0,
    asRecorded: true,
    resyncQuota: 100_000,
    schedules: 'manual',
    assemblyDir: assemblyFolder,
  });
}
