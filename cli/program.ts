import { Command, CommanderError } from 'commander';
import { auditCommand } from './commands/audit.ts';
import { connectionsCommand, meCommand } from './commands/connections.ts';
import { diagnoseCommand } from './commands/diagnose.ts';
import { explainCommand } from './commands/explain.ts';
import { approveCommand, propaysCommand } from './commands/propays.ts';
import { resyncCommand } from './commands/resync.ts';
import { runsCommand } from './commands/runs.ts';
import { EXIT, runner, type Surroundings } from './run.ts';

/** Runs one command line, given without the program's own name, and sets the exit code. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<void> {
  try {
    await program(surroundings).parseAsync(args, { from: 'user' });
  } catch (error) {
    // Wrong usage, or a call for help: what there is to say of it is said already.
    if (!(error instanceof CommanderError)) throw error;
    surroundings.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage);
  }
}

/** The operator's tool over the HTTPS API. */
function program(surroundings: Surroundings): Command {
  const top = new Command('protiv')
    .description('Protiv from the command line, over its HTTPS API.')
    .option('--url <url>', 'where the API is (PROTIV_URL; default: the demo that runs here)')
    .option('--token <token>', 'who asks (PROTIV_TOKEN; default: a token of the demo)')
    .option('--tenant <name>', 'with the demo: which tenant')
    .option('--as <role>', 'with the demo: owner, admin, manager, crewLead, worker or auditor')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', '\nExit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 the API cannot be reached.')
    .configureOutput({
      writeOut: (text) => surroundings.out(text.trimEnd()),
      writeErr: (text) => surroundings.error(text.trimEnd()),
    })
    .exitOverride();
  const run = runner(top, surroundings);
  const commands = [
    ...[meCommand, connectionsCommand, resyncCommand, runsCommand, diagnoseCommand],
    ...[propaysCommand, explainCommand, approveCommand, auditCommand],
  ];
  for (const add of commands) add(top, run);
  return top;
}
