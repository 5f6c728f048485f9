import { randomBytes, randomUUID, scryptSync, timingSafeEqual } from 'node:crypto';
import { openJournal } from '../journal.ts';

/** One user of the pool, as the pool's own file keeps it. */
export type PoolUser = {
  readonly sub: string;
  /** `email`, `email_verified` and `custom:…`, all of them text as in Cognito. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly salt: string;
  readonly passwordHash: string;
};

/** The users of a pool by the address that they sign in with. */
export type Directory = {
  /** Adds a user with a verified address, or changes the one who has it; gives the subject, which stays. */
  put(email: string, change: { password?: string; attributes?: Readonly<Record<string, string>> }): PoolUser;
  byEmail(email: string): PoolUser | undefined;
  bySub(sub: string): PoolUser | undefined;
  /** The user of an address and its password; undefined where either is wrong, after the same time. */
  verify(email: string, password: string): PoolUser | undefined;
  close(): void;
};

// Quick on purpose: what is kept here are passwords of a demo.
const COST = { N: 1024 };

/** Opens the users of a pool, kept in one file. */
export function openDirectory(path: string): Directory {
  const users = openJournal<PoolUser>(path);
  const byEmail = (email: string) => users.get(email.toLowerCase());
  return {
    put: (email, { password, attributes = {} }) => {
      const known = byEmail(email);
      const salt = password === undefined && known ? known.salt : randomBytes(16).toString('hex');
      const secret = password ?? randomBytes(32).toString('hex');
      const user: PoolUser = {
        sub: known?.sub ?? randomUUID(),
        attributes: { ...known?.attributes, ...attributes, email: email.toLowerCase(), email_verified: 'true' },
        salt,
        passwordHash: password === undefined && known ? known.passwordHash : hashOf(secret, salt),
      };
      users.put(email.toLowerCase(), user);
      return user;
    },
    byEmail,
    bySub: (sub) => [...users.entries()].map(([, user]) => user).find((user) => user.sub === sub),
    verify: (email, password) => {
      const user = byEmail(email);
      const given = Buffer.from(hashOf(password, user?.salt ?? 'nobody'), 'hex');
      const right = timingSafeEqual(given, user ? Buffer.from(user.passwordHash, 'hex') : Buffer.alloc(given.length));
      return right ? user : undefined;
    },
    close: () => users.close(),
  };
}

function hashOf(password: string, salt: string): string {
  return scryptSync(password, salt, 32, COST).toString('hex');
}
