// An engine in a process of its own, for tests that kill it. Takes the directory; tells its endpoint on the first line.
import { startDynamoDb } from '#local/dynamodb/index.ts';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: engine-process.ts <directory>');
const engine = await startDynamoDb({ path });
process.stdout.write(`${engine.endpoint}\n`);
