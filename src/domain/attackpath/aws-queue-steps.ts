import { EVENT_SOURCE_MAPPING } from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AwsSearch } from './aws-search.ts';
import { configuredGate } from './gate.ts';
import type { State } from './state.ts';
import { shownName } from './step-text.ts';

/** That somebody may send to a queue or topic. */
export function queueState(key: string): State {
  return { asset: key, family: 'queue', capability: 'write' };
}

interface Driven {
  readonly mapping: EstateResource;
  readonly consumer: EstateResource;
}

/**
 * The functions that take what a queue holds, as far as a flaw of them is known that gives whoever words a message more:
 * what they do without one, nobody tells (attack-paths §5.1, shape 52).
 */
export function drivenBy(search: AwsSearch, queue: EstateResource): readonly Driven[] {
  const estate = search.index.accounts.get(queue.account ?? '')?.estate;
  if (estate === undefined) return [];
  const arn = queue.key.slice('aws:'.length);
  return estate.ofType('event-source-mapping').flatMap((mapping) => {
    const { EventSourceArn, FunctionArn, State: state } = estate.facts(EVENT_SOURCE_MAPPING, mapping);
    if (EventSourceArn !== arn || FunctionArn === undefined || /^Disabl/.test(state ?? '')) return [];
    const consumer = search.find(`aws:${functionArn(FunctionArn)}`)?.resource;
    return consumer === undefined || !search.flawed.has(consumer.key) ? [] : [{ mapping, consumer }];
  });
}

/** Without the version or alias behind it. */
function functionArn(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}

/** From a message that somebody worded to the functions that take it. */
export function awsQueueSteps(search: AwsSearch, state: State): void {
  const queue = search.find(state.asset)?.resource;
  if (queue === undefined) return;
  for (const { mapping, consumer } of drivenBy(search, queue)) {
    const [from, to] = [shownName(queue.name), shownName(consumer.name)];
    search.add(
      'drives-consumer',
      state,
      { asset: consumer.key, family: 'workload', capability: 'reach' },
      {
        sentence: `${to} takes every message of ${from}`,
        gates: [
          configuredGate(
            'setting',
            `${mapping.key} check`,
            `have something check the messages of ${from} before ${to} takes them`,
          ),
        ],
        evidence: [evidence(`${consumer.name} is fed by ${queue.name}.`, mapping)],
      },
    );
  }
}
