import type * as z from 'zod/mini';
import { readProfile } from '#imports/profile.ts';
import { SHIPPED_PROFILES } from '#imports/shipped.ts';
import type { FileProfile } from '#model/connection.ts';
import { ApiProblem, invalidField } from '../../problem.ts';
import type { fileProfileChange } from './shapes.ts';

/**
 * The layouts of a file source as they are kept: whole, checked, one for each kind of file (M-74). A shipped one is kept as its document,
 * so that it can be looked at and changed. Refuses what the grammar does not know, by the field; and a changed layout under the version of
 * the former one, since an import names the version it was read by.
 */
export function readFileProfiles(
  given: z.infer<typeof fileProfileChange>,
  before: readonly FileProfile[],
  pointer = '/settings/fileProfile',
): readonly FileProfile[] {
  const isList = Array.isArray(given);
  const profiles = (isList ? given : [given]).map((one, at) => {
    const place = isList ? `${pointer}/${at}` : pointer;
    const profile = typeof one === 'string' ? shipped(one, place) : checked(one, place);
    requireNewVersion(profile, before, place);
    return profile;
  });
  const twice = profiles.findIndex((one, at) => profiles.findIndex(({ entity }) => entity === one.entity) < at);
  if (twice >= 0) throw invalidField(`${pointer}/${twice}/entity`, 'has a layout already in this list', 'duplicate');
  return profiles;
}

function shipped(name: string, pointer: string): FileProfile {
  const profile = SHIPPED_PROFILES.find((one) => one.profile === name);
  if (profile === undefined)
    throw invalidField(
      pointer,
      `no such layout is shipped; there are ${SHIPPED_PROFILES.map((one) => one.profile).join(', ')}`,
      'unknown',
    );
  return profile;
}

function checked(document: unknown, pointer: string): FileProfile {
  const read = readProfile(document);
  if ('profile' in read) return read.profile;
  const errors = read.problems
    .slice(0, 20)
    .map((one) => ({ pointer: `${pointer}${one.pointer}`, code: 'invalid', detail: one.detail }));
  throw new ApiProblem('invalid-body', { detail: 'The layout does not fit its grammar.', errors });
}

function requireNewVersion(profile: FileProfile, before: readonly FileProfile[], pointer: string): void {
  const former = before.find((one) => one.profile === profile.profile && one.entity === profile.entity);
  if (former === undefined || JSON.stringify(former) === JSON.stringify(profile) || profile.version > former.version) return;
  throw invalidField(`${pointer}/version`, `must be above ${former.version}: the layout has changed`);
}
