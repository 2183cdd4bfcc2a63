import { describe, expect, test } from 'vitest';
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
});
