import { describe, expect, it } from 'vitest';
import type { Audience } from './audience.ts';
import { type ExposureRecord, publicAccessibility } from './exposure-record.ts';
import { closedWay, dormantWay, openWay, unsureWay } from './way-in.ts';

const fact = (sentence: string) => ({ evidence: [{ sentence, provenance: 'aws-cli', at: 0 }] });
const open = (audience: Audience): ExposureRecord => openWay(audience, fact(`open to ${audience}`));
const closed = closedWay(fact('closed'));
const unsure = unsureWay(['what is missing: aws ec2 describe-instances'], fact('perhaps'));
const unsureForSome: ExposureRecord = { ...unsure, audience: 'partner' };

describe('the roll-up of ways in (attack-paths §2.1)', () => {
  it.each<readonly [title: string, state: string, records: readonly ExposureRecord[]]>([
    ['one public way of many', 'yes', [closed, unsure, open('partner'), open('any-azure')]],
    ['named outsiders', 'no', [closed, open('partner')]],
    ['a content network', 'no', [open('cdn-only')]],
    ['members of the organisation', 'no', [open('org'), open('corp')]],
    ['what nobody can tell beside what is closed', 'unknown', [closed, unsure]],
    ['what nobody can tell about named outsiders', 'no', [closed, unsureForSome]],
    ['what does not run', 'no', [dormantWay(fact('stopped'))]],
    ['nothing at all', 'unknown', []],
  ])('of %s: %s', (_title, state, records) => {
    expect(publicAccessibility(records).state).toBe(state);
  });

  it('tells the facts that decide alone', () => {
    const said = (...records: readonly ExposureRecord[]): readonly string[] =>
      publicAccessibility(records).evidence.map(({ sentence }) => sentence);
    expect(said(closed, unsure, open('internet'))).toEqual(['open to internet']);
    expect(said(closed, unsure)).toEqual(['perhaps']);
    expect(said(closed, open('partner'))).toEqual(['closed', 'open to partner']);
  });

  it('asks for what is missing only where that is what decides', () => {
    expect(publicAccessibility([closed, unsure]).missing).toEqual([
      'what is missing: aws ec2 describe-instances',
    ]);
    expect(publicAccessibility([open('internet'), unsure]).missing).toEqual([]);
  });
});
