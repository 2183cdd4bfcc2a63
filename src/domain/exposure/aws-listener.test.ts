import { describe, expect, it } from 'vitest';
import { BALANCED_WEB, FORWARD, LISTENER, listener } from '../../../test/support/aws-balancer.ts';
import { instance, resource, stateOf } from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

describe('rules that tell clients apart by their addresses', () => {
  const machine = instance('i-1', {}, { Association: null });
  const refused = listener(443, 'HTTPS', { Type: 'fixed-response' });

  /** A rule that forwards what meets each of these lists of ranges. */
  function rule(place: number, ...ranges: readonly (readonly string[])[]): EstateResource {
    return resource('listener-rule', `r${place}`, {
      RuleArn: `${LISTENER.replace(':listener/', ':listener-rule/')}/443/${place}`,
      Priority: String(place),
      Conditions: [
        { Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*'] } },
        ...ranges.map((Values) => ({ Field: 'source-ip', SourceIpConfig: { Values: [...Values] } })),
      ],
      Actions: [FORWARD],
    });
  }

  it.each<[string, string, readonly EstateResource[]]>([
    ['an office', 'no', [refused, rule(1, ['45.45.45.0/24'])]],
    ['private ranges', 'no', [refused, rule(1, ['10.0.0.0/8'])]],
    ['half of the internet', 'yes', [refused, rule(1, ['0.0.0.0/1'])]],
    ['both halves, each by a rule', 'yes', [refused, rule(1, ['0.0.0.0/1']), rule(2, ['128.0.0.0/1'])]],
    ['both halves by one rule', 'yes', [refused, rule(1, ['0.0.0.0/1', '128.0.0.0/1'])]],
    ['an office within half of the internet', 'no', [refused, rule(1, ['0.0.0.0/1'], ['45.45.45.0/24'])]],
    ['an office, and everybody by another rule', 'yes', [refused, rule(1, ['45.45.45.0/24']), rule(2)]],
    [
      'an office, and everybody by default',
      'yes',
      [listener(443, 'HTTPS', FORWARD), rule(1, ['45.45.45.0/24'])],
    ],
    ['what cannot be read', 'yes', [refused, rule(1, ['45.45.45.0/24', 'office'])]],
    ['no range', 'yes', [refused, rule(1, [])]],
  ])('%s: %s', (_, state, rules) => {
    expect(stateOf([...BALANCED_WEB, ...rules], machine)).toBe(state);
  });
});
