import names from './windows-zones.json' with { type: 'json' };
import { isZone } from './zone.ts';

/**
 * Windows time zone names and the IANA zone each stands for when no country is known. A Windows "Standard Time" name means the zone as a
 * whole, daylight saving included, save where it says so ("US Mountain Standard Time" is Arizona). Lower-case Windows name → IANA name;
 * built on the first question, because most runs never ask.
 */
let byWindowsName: ReadonlyMap<string, string> | null = null;

function windowsNames(): ReadonlyMap<string, string> {
  byWindowsName ??= new Map(Object.entries(names).map(([name, zone]) => [name.toLowerCase(), zone]));
  return byWindowsName;
}

/**
 * The IANA zone a source means by a name, which may be an IANA name (returned as it is) or a Windows one ("Eastern Standard Time",
 * also spelt "Eastern Daylight Time"; letter case is ignored). Null when the name is neither.
 */
export function ianaZone(name: string): string | null {
  let zone = meant.get(name);
  if (zone === undefined) {
    zone = findZone(name);
    if (meant.size >= MAX_MEANT) meant.clear();
    meant.set(name, zone);
  }
  return zone;
}

/** What names meant that were asked for before; sources repeat one on every row. */
const meant = new Map<string, string | null>();
const MAX_MEANT = 1000;

function findZone(name: string): string | null {
  const trimmed = name.trim();
  if (isZone(trimmed)) return trimmed;
  const known = windowsNames();
  const key = trimmed.toLowerCase();
  return known.get(key) ?? known.get(key.replace(' daylight time', ' standard time')) ?? null;
}

/** The Windows names of the table in lower case, for checks of the table itself. */
export function windowsZoneNames(): string[] {
  return [...windowsNames().keys()];
}
