import { expect, it } from 'vitest';
import { mapAlert } from './map-alert.ts';

it.each<[number | null, readonly string[], boolean, boolean]>([
  [15, [], false, true],
  [12, ['syslog'], false, true],
  [11, ['syslog'], false, false],
  [11, ['syslog'], true, true],
  [9, ['syslog'], true, false],
  [6, ['web', 'attack'], false, true],
  [5, ['web', 'attack'], false, false],
  [10, ['sshd', 'authentication_failures'], true, true],
  [13, ['vulnerability-detector'], false, false],
  [12, ['sca'], false, false],
  [12, ['ossec', 'syscheck', 'virustotal'], false, true],
  [null, ['attack'], true, false],
])('level %s of %j, technique %s: %s', (level, groups, hasTechnique, isAttack) => {
  const item = mapAlert(
    {
      timestamp: '2026-11-20T10:00:00Z',
      rule: { id: '1', level, groups: [...groups], ...(hasTechnique ? { mitre: { id: ['T1110'] } } : {}) },
      agent: { id: '001', name: 'web' },
    },
    '[0]',
  );
  expect(item).toMatchObject({ kind: 'record', observations: [{ isAttack }] });
});

it('the manager is no target', () => {
  const item = mapAlert(
    {
      timestamp: '2026-11-20T10:00:00Z',
      rule: { id: '1', level: 12 },
      agent: { id: '000', name: 'wazuh', ip: '10.0.0.1' },
    },
    '[0]',
  );
  expect(item).toMatchObject({ observations: [{ resources: [], names: [] }] });
});
