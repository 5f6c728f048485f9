import { readText, tryRead } from '#mirror/read-fields.ts';
import { readId } from './map/read.ts';
import { personRow, userRow } from './wire.ts';

/** What a login adds to the person behind it. */
export interface User {
  readonly email: string | null;
  readonly employeeNumber: string | null;
  readonly jobTitle: string | null;
}

/**
 * Who is who: a person has a party id, and where they log in a user id beside it. The two are joined by the person's `user_id`, else by the
 * user's `contact_id`.
 */
export class People {
  readonly #users = new Map<string, User>();
  readonly #personOf = new Map<string, string>();
  readonly #loginOf = new Map<string, string>();
  readonly #shared = new Set<string>();

  /** `users` and `people`: raw rows of the active and the inactive lists. A row that cannot be read joins nothing. */
  constructor(users: readonly unknown[], people: readonly unknown[]) {
    for (const raw of people) tryRead(() => this.#addPerson(raw));
    for (const raw of users) tryRead(() => this.#addUser(raw));
  }

  user(loginId: string): User | null {
    return this.#users.get(loginId) ?? null;
  }

  /** The person behind a login; null where nobody is known. */
  personOf(loginId: string): string | null {
    return this.#shared.has(loginId) ? null : (this.#personOf.get(loginId) ?? null);
  }

  /** The login that names a person, where the person does not name it. */
  loginOf(personId: string): string | null {
    return this.#loginOf.get(personId) ?? null;
  }

  /** Whether several people name one login. */
  isShared(loginId: string): boolean {
    return this.#shared.has(loginId);
  }

  #addPerson(raw: unknown): void {
    const row = personRow.safeParse(raw);
    if (!row.success) return;
    const [id, loginId] = [readId(row.data.id, 'id'), readId(row.data.user_id, 'user_id')];
    if (id === null || loginId === null) return;
    const other = this.#personOf.get(loginId);
    // The same person may stand in the active and the inactive list, while being moved from one to the other.
    if (other !== undefined && other !== id) this.#shared.add(loginId);
    this.#personOf.set(loginId, id);
  }

  #addUser(raw: unknown): void {
    const row = userRow.safeParse(raw);
    if (!row.success) return;
    const loginId = readId(row.data.id, 'id');
    if (loginId === null) return;
    const contactId = readId(row.data.contact_id, 'contact_id');
    if (contactId !== null && !this.#personOf.has(loginId)) {
      this.#personOf.set(loginId, contactId);
      this.#loginOf.set(contactId, loginId);
    }
    this.#users.set(loginId, {
      email: readText(row.data.email_address, 'email_address'),
      employeeNumber: readText(row.data.employee_id, 'employee_id'),
      jobTitle: readText(row.data.job_title, 'job_title'),
    });
  }
}
