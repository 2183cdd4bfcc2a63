import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { step, workload } from './attack-path.test-sample.ts';
import { awsQueueSteps, drivenBy, queueState } from './aws-queue-steps.ts';
import { awsFacts } from './aws-search.test-sample.ts';
import { AwsSearch } from './aws-search.ts';
import { flaw, lambda, regional } from './path-world.labs.test-sample.ts';

const queue = regional('sqs-queue', 'sqs', 'cash', { QueueUrl: 'https://sqs/cash' });
const other = regional('sqs-queue', 'sqs', 'other', { QueueUrl: 'https://sqs/other' });
const charger = lambda('charger', 'charger');

const arnOf = ({ key }: { readonly key: string }): string => key.slice('aws:'.length);

function mapping(more: JsonObject = {}) {
  return regional('event-source-mapping', 'lambda', 'event-source-mapping:m-1', {
    UUID: 'm-1',
    EventSourceArn: arnOf(queue),
    FunctionArn: arnOf(charger),
    State: 'Enabled',
    ...more,
  });
}

/** A search in which these workloads have a flaw that whoever reaches them can use, or words what they ask. */
function search(
  more: JsonObject,
  { reached = [], asking = [] }: { reached?: readonly string[]; asking?: readonly (typeof charger)[] },
): AwsSearch {
  const facts = awsFacts([queue, other, charger, mapping(more)], {});
  return new AwsSearch({
    ...facts,
    given: reached.map((asset) => step('code-exploit', workload('reach', asset), workload('exec', asset))),
    queries: asking.map((on) => flaw('query', on)),
  });
}

const FLAWED = { reached: [charger.key] };

describe('a function takes what a queue holds', () => {
  test.each<[string, JsonObject, Parameters<typeof search>[1], boolean]>([
    ['and has a flaw of its own', {}, FLAWED, true],
    ['and words what it asks by what it takes', {}, { asking: [charger] }, true],
    ['without a flaw that anybody knows', {}, {}, false],
    ['by its alias', { FunctionArn: `${arnOf(charger)}:live` }, FLAWED, true],
    ['by its version', { FunctionArn: `${arnOf(charger)}:7` }, FLAWED, true],
    ['that nobody described', { FunctionArn: `${arnOf(charger)}-2` }, FLAWED, false],
    ['which is not told', { FunctionArn: null }, FLAWED, false],
    ['of another queue', { EventSourceArn: arnOf(other) }, FLAWED, false],
    ['no more', { State: 'Disabled' }, FLAWED, false],
    ['hardly any more', { State: 'Disabling' }, FLAWED, false],
    ['soon', { State: 'Enabling' }, FLAWED, true],
    ['as far as is told', { State: null }, FLAWED, true],
  ])('%s', (_how, more, flaws, isDriven) => {
    const found = drivenBy(search(more, flaws), queue).map(({ consumer }) => consumer.key);
    expect(found).toEqual(isDriven ? [charger.key] : []);
  });

  test('and not what lies in an account that nobody described', () => {
    expect(drivenBy(search({}, FLAWED), { ...queue, account: '222222222222' })).toEqual([]);
    expect(drivenBy(search({}, FLAWED), { ...queue, account: null })).toEqual([]);
  });

  test('which is a step to the function, with a gate and what tells it', () => {
    const found = search({}, FLAWED);
    awsQueueSteps(found, queueState(queue.key));
    expect(found.steps).toMatchObject([
      {
        rule: 'drives-consumer',
        from: { asset: queue.key, family: 'queue', capability: 'write' },
        to: { asset: charger.key, family: 'workload', capability: 'reach' },
        sentence: 'charger takes every message of cash',
        gates: [{ is: 'setting', id: `${mapping().key} check` }],
        evidence: [{ sentence: 'charger is fed by cash.', provenance: 'aws-cli', at: queue.seenAt }],
      },
    ]);
    const nothing = search({}, FLAWED);
    awsQueueSteps(nothing, queueState('aws:arn:aws:sqs:eu-west-1:111111111111:gone'));
    expect(nothing.steps).toEqual([]);
  });
});
