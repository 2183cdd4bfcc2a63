import { expect, test } from 'vitest';
import type { EstateResource } from '../risk/estate.ts';
import { contextMap } from './context-map.ts';
import { factsOf } from './derive-paths.clouds.test-sample.ts';
import { derivePaths } from './derive-paths.ts';
import type { PathFacts } from './path-facts.ts';
import { ALL_LABS } from './path-world.all-labs.test-sample.ts';
import { CLOUD_LABS } from './path-world.cloud-labs.test-sample.ts';
import { factsOfLab, type Lab } from './path-world.labs.test-sample.ts';
import { SHAPE_LABS } from './path-world.shape-labs.test-sample.ts';
import { waysTo } from './ways-to.ts';

const SHOWN_MAX = 80;
const TAIL = 'x'.repeat(200);

/** What somebody called a thing who wants to deceive whoever reads of it. */
const hostile = (name: string): string => `${name}\u202e\u0007\n${TAIL}`;

const renamed = (each: EstateResource): EstateResource => ({ ...each, name: hostile(each.name) });

function renamedLab(lab: Lab): Lab {
  const { credentials = [], weaknesses = [], pipelines = [], dangling = [], cluster } = lab;
  return {
    ...lab,
    resources: lab.resources.map(renamed),
    credentials: credentials.map((each) => ({
      ...each,
      place: { ...each.place, name: hostile(each.place.name) },
    })),
    weaknesses: weaknesses.map((each) => ({
      ...each,
      name: hostile(each.name),
      flawed: { ...each.flawed, name: hostile(each.flawed.name) },
    })),
    pipelines: pipelines.map((each) => ({
      ...each,
      name: hostile(each.name),
      repository: { ...each.repository, name: hostile(each.repository.name) },
    })),
    dangling: dangling.map((each) => ({
      ...each,
      resource: { ...each.resource, name: hostile(each.resource.name) },
    })),
    ...(cluster === undefined
      ? {}
      : {
          cluster: {
            ...cluster,
            resources: cluster.resources.map(renamed),
            about: { ...cluster.about, name: hostile(cluster.about.name) },
          },
        }),
  };
}

const WORLDS: readonly (readonly [string, () => PathFacts])[] = [
  ...Object.entries(ALL_LABS).map(([name, { lab }]) => [name, () => factsOfLab(renamedLab(lab))] as const),
  ...Object.entries(SHAPE_LABS).map(
    ([name, lab]) => [`shape ${name}`, () => factsOfLab(renamedLab(lab))] as const,
  ),
  ...Object.entries(CLOUD_LABS).map(
    ([name, { estate }]) =>
      [name, () => factsOf({ ...estate, resources: estate.resources.map(renamed) })] as const,
  ),
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
const DECEIVING = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

test.each(WORLDS)('%s: names are cut and cleaned wherever they are shown', (_name, factsIn) => {
  const facts = factsIn();
  const { paths } = derivePaths(facts);
  const texts = [
    ...facts.steps.flatMap(({ sentence, gates, assumptions }) => [
      sentence,
      ...gates.map((gate) => gate.sentence),
      ...assumptions,
    ]),
    ...paths.flatMap((path) => [
      path.title,
      path.why,
      ...path.paths.map(({ target }) => target),
      ...contextMap(path.paths, facts, new Map()).nodes.map(({ name }) => name),
      ...path.targets.flatMap((key) => waysTo(facts, key).ways.map(({ target }) => target)),
      ...contextMap(path.paths, facts, new Map()).edges.map(({ sentence }) => sentence),
    ]),
  ];
  const raw = texts.filter((text) => DECEIVING.test(text) || text.includes('x'.repeat(SHOWN_MAX + 1)));
  expect([...new Set(raw)].slice(0, 5)).toEqual([]);
  expect(facts.steps.length).toBeGreaterThan(0);
});
