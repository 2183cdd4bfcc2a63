import { describe, expect, it } from 'vitest';
import { gcp } from '../../../test/support/gcp-world.ts';
import { gcpConditionHolds, nextConditionTime, subjectOf, subjectOfType } from './gcp-condition.ts';

const AT = Date.UTC(2026, 9, 1);
const BORDER = Date.UTC(2026, 9, 10);

describe('the condition of a binding', () => {
  it.each([
    ['gcp-bucket', 'storage.googleapis.com', 'Bucket', 'Object'],
    ['gcp-dataset', 'bigquery.googleapis.com', 'Dataset', 'Table'],
    ['gcp-secret', 'secretmanager.googleapis.com', 'Secret', 'SecretVersion'],
    ['gcp-kms-key', 'cloudkms.googleapis.com', 'CryptoKey', 'CryptoKeyVersion'],
    ['gcp-sql-instance', 'sqladmin.googleapis.com', 'Instance'],
  ])('knows what a %s is called', (type, service, ...kinds) => {
    const holds = (expression: string) => gcpConditionHolds(expression, subjectOfType(type, AT));
    expect(holds(`resource.service == "${service}"`)).toBe('yes');
    expect(holds(`resource.type.startsWith("${service}/")`)).toBe('yes');
    // A right on a store may be used on it and on what is in it, so that one of two types decides nothing.
    for (const kind of kinds)
      expect(holds(`resource.type == "${service}/${kind}"`)).toBe(kinds.length === 1 ? 'yes' : 'unknown');
    expect(holds('resource.type == "compute.googleapis.com/Instance"')).toBe('no');
  });

  it('that is a word says what the word says', () => {
    expect(gcpConditionHolds('true', { at: AT })).toBe('yes');
    expect(gcpConditionHolds('false', { at: AT })).toBe('no');
    expect(gcpConditionHolds('maybe', { at: AT })).toBe('unknown');
  });

  it.each([
    ['<', BORDER, 'no', BORDER],
    ['<=', BORDER, 'yes', BORDER + 1],
    ['>', BORDER, 'no', BORDER + 1],
    ['>=', BORDER, 'yes', BORDER],
  ])('on a time turns where it says: %s', (operator, at, answer, turn) => {
    const expression = `request.time ${operator} timestamp("${new Date(BORDER).toISOString()}")`;
    const facts = { bindings: [{ condition: { title: 't', expression: `true && ${expression}` } }] };
    const holds = (when: number) => gcpConditionHolds(expression, { at: when });
    expect(holds(at)).toBe(answer);
    expect(holds(turn)).not.toBe(holds(turn - 1));
    const turns: number[] = [];
    for (let next = nextConditionTime(facts, AT); next !== null; next = nextConditionTime(facts, next))
      turns.push(next);
    expect(turns).toEqual([BORDER, BORDER + 1]);
  });

  it('on a time that is none, or is behind, turns never', () => {
    expect(
      nextConditionTime({ expression: 'request.time < timestamp("2026-01-01T00:00:00Z")' }, AT),
    ).toBeNull();
    expect(
      nextConditionTime({ condition: { expression: 'request.time < timestamp("soon")' } }, AT),
    ).toBeNull();
  });

  it('by a name is not known of what has none, or is called by none in conditions', () => {
    const expression = 'resource.name.startsWith("projects/_/buckets/other")';
    expect(
      gcpConditionHolds(expression, subjectOf(gcp('gcp-bucket', '//storage.googleapis.com/a'), AT)),
    ).toBe('no');
    const nameless = { ...gcp('gcp-bucket', 'x'), facts: {} };
    expect(gcpConditionHolds(expression, subjectOf(nameless, AT))).toBe('unknown');
    const topic = gcp('gcp-topic', '//pubsub.googleapis.com/projects/p/topics/t');
    expect(gcpConditionHolds(expression, subjectOf(topic, AT))).toBe('unknown');
  });
});
