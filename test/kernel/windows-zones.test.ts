import { describe, expect, test } from 'vitest';
import { ianaZone, windowsZoneNames } from '#kernel/windows-zones.ts';
import { isZone } from '#kernel/zone.ts';

describe('zone names of sources', () => {
  test.each([
    ['Eastern Standard Time', 'America/New_York'],
    ['Eastern Daylight Time', 'America/New_York'],
    ['US Eastern Standard Time', 'America/Indiana/Indianapolis'],
    ['Central Standard Time', 'America/Chicago'],
    ['Mountain Standard Time', 'America/Denver'],
    ['US Mountain Standard Time', 'America/Phoenix'],
    ['Pacific Standard Time', 'America/Los_Angeles'],
    ['Alaskan Standard Time', 'America/Anchorage'],
    ['Aleutian Standard Time', 'America/Adak'],
    ['Hawaiian Standard Time', 'Pacific/Honolulu'],
    ['Atlantic Standard Time', 'America/Halifax'],
    ['Newfoundland Standard Time', 'America/St_Johns'],
    ['Canada Central Standard Time', 'America/Regina'],
    ['Yukon Standard Time', 'America/Whitehorse'],
    ['SA Western Standard Time', 'America/La_Paz'],
    ['eastern standard time', 'America/New_York'],
    [' Pacific Standard Time ', 'America/Los_Angeles'],
    ['W. Europe Standard Time', 'Europe/Berlin'],
    ['UTC-08', 'Etc/GMT+8'],
  ])('%s is %s', (name, zone) => {
    expect(ianaZone(name)).toBe(zone);
  });

  test.each(['America/Chicago', 'US/Pacific', 'UTC', 'Europe/Berlin'])('an IANA name stays: %s', (name) => {
    expect(ianaZone(name)).toBe(name);
  });

  test.each(['', ' ', 'Somewhere Standard Time', '+05:00', 'GMT-5', 'constructor', '__proto__'])('%j is no zone', (name) => {
    expect(ianaZone(name)).toBeNull();
  });

  test('every name of the table leads to a zone the runtime knows', () => {
    const names = windowsZoneNames();
    expect(names.length).toBeGreaterThanOrEqual(139);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect([name, isZone(ianaZone(name) ?? '')]).toEqual([name, true]);
  });
});
