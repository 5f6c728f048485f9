import type { Command } from 'commander';
import { ProtivError, type Refusal } from '#client/protiv-error.ts';
import type { Output } from './output.ts';
import { type GlobalOptions, openSession, type Session, UsageError } from './session.ts';

/** What the process is given: where to write, its variables, and where the demo would have left its file. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly demoFile: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Shows a line that the next one replaces; absent where nobody watches. */
  readonly progress?: (text: string) => void;
  readonly sleep: (ms: number) => Promise<void>;
  exit(code: number): void;
}

export interface CommandContext extends Session {
  readonly output: Output;
  readonly sleep: (ms: number) => Promise<void>;
  /** Ends with the exit code 1 although every request was answered: a run that failed, for example. */
  fail(): void;
}

/** Makes the action of a command: opens the session, tells failures and sets the exit code. */
export type Run = <A extends readonly unknown[]>(
  act: (context: CommandContext, ...given: A) => Promise<void>,
) => (...given: A) => Promise<void>;

/** Exit codes: refused or failed, wrong usage, nobody there. */
export const EXIT = { done: 0, refused: 1, usage: 2, unreachable: 3 } as const;

/** How commands of this program run. */
export function runner(program: Command, surroundings: Surroundings): Run {
  return (act) =>
    async (...given) => {
      const options = program.opts<GlobalOptions>();
      try {
        const session = openSession(options, surroundings.environment, surroundings.demoFile);
        const progress = session.json ? undefined : surroundings.progress;
        const output: Output = { json: session.json, print: surroundings.out, progress: (text) => progress?.(text) };
        const fail = () => surroundings.exit(EXIT.refused);
        await act({ ...session, output, sleep: surroundings.sleep, fail }, ...given);
      } catch (error) {
        tell(error, surroundings);
      }
    };
}

function tell(error: unknown, { error: print, exit }: Surroundings): void {
  if (error instanceof ProtivError) {
    print(refusalText(error.refusal));
    exit(error.status === 0 ? EXIT.unreachable : EXIT.refused);
  } else if (error instanceof UsageError) {
    print(error.message);
    exit(EXIT.usage);
  } else throw error;
}

/** A refusal for people: what, which field, what to do next, and the request to name when asking for help. */
export function refusalText({ code, status, detail, errors, nextAction, requestId }: Refusal): string {
  const fields = (errors ?? []).map((one) => `  ${one.pointer ?? one.parameter ?? ''} ${one.detail} (${one.code})`);
  return [
    `${code}${status === 0 ? '' : ` (${status})`}: ${detail}`,
    ...fields,
    ...(typeof nextAction === 'string' && nextAction !== detail ? [nextAction] : []),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ].join('\n');
}
