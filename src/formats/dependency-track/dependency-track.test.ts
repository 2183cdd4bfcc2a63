import { expect, test } from 'vitest';
import { openBytes } from '../reading/open-input.ts';
import { dependencyTrack } from './dependency-track.ts';

async function stateOf(analysis: object): Promise<unknown> {
  const report = {
    project: { name: 'shop' },
    findings: [
      { vulnerability: { vulnId: 'CVE-2026-1' }, component: { purl: 'pkg:npm/cart@1.0.0' }, analysis },
    ],
  };
  const context = { root: null, account: null, region: null, cluster: null };
  for await (const input of openBytes(Buffer.from(JSON.stringify(report)), 'findings.json'))
    for await (const item of dependencyTrack.read(input, context))
      if (item.kind === 'record')
        return item.observations.flatMap((each) => (each.kind === 'finding' ? each.state : []))[0];
  return undefined;
}

test.each([
  ['NOT_SET', false, { is: 'open' }],
  ['EXPLOITABLE', false, { is: 'open' }],
  ['IN_TRIAGE', true, { is: 'suppressed', reason: 'suppressed in Dependency-Track' }],
  ['FALSE_POSITIVE', false, { is: 'suppressed', reason: 'false positive in Dependency-Track' }],
  ['FALSE_POSITIVE', true, { is: 'suppressed', reason: 'false positive in Dependency-Track' }],
  ['NOT_AFFECTED', true, { is: 'ended', why: 'not affected', passed: false }],
  ['RESOLVED', false, { is: 'ended', why: 'resolved', passed: false }],
])('a flaw that was analysed as %s, suppressed %s', async (state, isSuppressed, expected) => {
  expect(await stateOf({ state, isSuppressed })).toEqual(expected);
});
