import { SMALL, SMALL_OTHER, smallSource } from './small-source.ts';

// A source in a process of its own, to be killed: keeps its state in the folder given and tells its address on one line.
const fake = smallSource(
  [
    { id: 'a', dataset: SMALL },
    { id: 'b', dataset: SMALL_OTHER },
  ],
  process.argv[2] ?? null,
);
const run = await fake.start();
process.stdout.write(`${run.url}\n`);
