import { describe, expect, test } from 'vitest';
import { configuredGate, findingGate } from './gate.ts';
import type { PipelineFlaw } from './path-facts.ts';
import { givenSteps } from './path-world.ts';
import { BUILDS_MAX, pipelineSteps } from './pipeline-steps.ts';

const flaw = (kind: PipelineFlaw['kind']): PipelineFlaw => ({
  kind,
  fingerprint: 'flaw',
  issueId: 'issue',
  repository: { key: 'repo:github.com/acme/shop', kind: 'repository', name: 'acme/shop' },
  name: 'a flaw',
  words: 'it lets somebody in',
  probability: 0.8,
  evidence: [],
});

describe('a pipeline', () => {
  test('leads to what runs what it builds, up to a number, and counts the rest', () => {
    const run = (count: number) => {
      const keys = Array.from({ length: count }, (_, at) => `workload-${at}`);
      const builds = new Map([['repo:github.com/acme/shop', keys]]);
      const { steps, leftOut } = pipelineSteps([flaw('checkout'), flaw('package')], builds, new Map());
      return [steps.filter(({ rule }) => rule === 'pushes-image').length, leftOut];
    };
    expect(run(2)).toEqual([2, 0]);
    expect(run(BUILDS_MAX)).toEqual([BUILDS_MAX, 0]);
    expect(run(BUILDS_MAX + 3)).toEqual([BUILDS_MAX, 3]);
  });

  test('tells how much was left out for its number', () => {
    const keys = Array.from({ length: BUILDS_MAX + 1 }, (_, at) => `workload-${at}`);
    const world = { assets: new Map(), weaknesses: [], credentials: [], clusters: [] };
    const builds = new Map([['repo:github.com/acme/shop', keys]]);
    const notes = (lens: 'outside' | 'insider') =>
      givenSteps({ ...world, lens, pipelines: [flaw('checkout')], builds }).notes;
    expect(notes('outside')).toEqual(['1 workload beyond the first 64 of a repository is left out.']);
    expect(notes('insider')).toEqual([]);
  });

  test('that takes a bad package is entered by its supply chain', () => {
    const told = (kind: PipelineFlaw['kind']) =>
      pipelineSteps([flaw(kind)], new Map(), new Map()).steps.map(({ technique, assumptions }) => [
        technique,
        assumptions.length,
      ]);
    expect(told('package')).toEqual([['T1195.001', 1]]);
    expect(told('checkout')).not.toEqual([['T1195.001', expect.anything()]]);
  });

  test('says of each step what tells it, what closes it and what it takes for granted', () => {
    const evidence = [
      { sentence: 'The workflow checks out what strangers send.', provenance: 'zizmor', at: 5 },
    ];
    const builds = new Map([['repo:github.com/acme/shop', ['workload']]]);
    const { steps } = pipelineSteps([{ ...flaw('checkout'), evidence }], builds, new Map());
    expect(steps).toEqual([
      {
        rule: 'pipeline-flaw',
        kind: 'checkout',
        from: expect.objectContaining({ asset: 'internet' }),
        to: { asset: 'repo:github.com/acme/shop', family: 'repository', capability: 'write' },
        probability: 0.8,
        sentence: 'acme/shop has a flaw: it lets somebody in',
        gates: [findingGate('flaw', 'issue', 'mend a flaw in acme/shop')],
        evidence,
        assumptions: [],
        technique: 'T1195.002',
        flawed: { key: 'repo:github.com/acme/shop', kind: 'repository', name: 'acme/shop' },
      },
      {
        rule: 'pushes-image',
        kind: 'built',
        from: { asset: 'repo:github.com/acme/shop', family: 'repository', capability: 'write' },
        to: { asset: 'workload', family: 'workload', capability: 'exec' },
        probability: 0.5,
        sentence: 'workload runs an image that the pipeline of acme/shop builds',
        gates: [
          configuredGate(
            'setting',
            'repo:github.com/acme/shop builds workload',
            'let somebody approve what the pipeline of acme/shop builds before workload runs it',
          ),
        ],
        evidence: [
          {
            sentence: 'The image that workload runs says that it was built from acme/shop.',
            provenance: 'label of the image',
            at: null,
          },
        ],
        assumptions: ['What runs the image takes the next one that is built.'],
        technique: 'T1525',
      },
    ]);
  });
});
