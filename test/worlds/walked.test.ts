import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planFixes } from '../../src/app/plan-fixes.ts';
import { tryFixes } from '../../src/app/try-fixes.ts';
import { type Ended, run } from '../../src/cli/program.test-world.ts';
import type { AttackPath } from '../../src/domain/attackpath/attack-path.ts';
import type { Gate } from '../../src/domain/attackpath/attack-step.ts';
import { modelOf } from '../../src/domain/attackpath/derive-paths.ts';
import { DETECTED_RISKS } from '../../src/domain/risk/detected-risk.ts';
import { openTestServer, type TestServer } from '../../src/http/server.test-suite.ts';
import { tableRows } from '../support/by-hand-world.ts';
import type { TestInbox } from '../support/test-inbox.ts';
import { CLOSINGS } from './walked/closings.ts';
import { type Change, type Estate, importEstate } from './walked/estate.ts';

const WORLD = join(import.meta.dirname, 'walked');
const LETTERS = {
  publicly_accessible: 'p',
  privileged_access: 'r',
  under_attack: 'a',
  exploit_available: 'e',
  in_production: 'i',
};

let server: TestServer;
let inbox: TestInbox;
let estate: Estate;

beforeAll(async () => {
  server = await openTestServer();
  inbox = server.inbox;
  inbox.clock.set(Date.UTC(2026, 11, 1));
  estate = await importEstate(inbox, WORLD);
});

afterAll(async () => {
  await estate?.remove();
  await server.close();
});

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const nameOf = ({ pivot, targetClass }: Pick<AttackPath, 'pivot' | 'targetClass'>): string =>
  `${pivot.name.replace(/^.*[/:]/, '')} ${targetClass}`;

/** All that an attack path says, but for its texts. */
function toldOf(path: AttackPath): string {
  const { shape, severity, likelihood, entries, targets, resources, services, risks, more } = path;
  const states = DETECTED_RISKS.filter((risk) => risks[risk].state === 'yes');
  return JSON.stringify([
    nameOf(path),
    shape,
    severity,
    likelihood.toFixed(4),
    entries,
    targets,
    resources,
    services,
    states,
    more,
  ]);
}

async function paths(): Promise<readonly AttackPath[]> {
  return (await inbox.ctx.paths.list()).paths.map(({ path }) => path);
}

/** Attack paths in the order of the inbox. */
async function placesOfPaths(of: TestInbox): Promise<readonly (readonly [id: string, severity: string])[]> {
  const rows = await of.list({ all: false });
  return rows.flatMap(({ id, type, severity }) => (type === 'attack_path' ? [[id, severity] as const] : []));
}

async function gates(): Promise<readonly Gate[]> {
  const { facts } = await inbox.ctx.paths.facts('outside');
  return [...new Map(facts.steps.flatMap((step) => step.gates).map((gate) => [gate.id, gate])).values()];
}

/** What a command prints of the data on this machine, and of a server over the same data. */
async function printed(
  argv: readonly string[],
  at: string,
  token: string,
): Promise<readonly [string, string]> {
  const given = { formats: inbox.ctx.formats, now: () => inbox.clock.now() };
  const openContext = () => Promise.resolve({ ctx: inbox.ctx, close: () => Promise.resolve() });
  const here = await run(argv, { openContext, ...given });
  const there = await run([...argv, '--server', at, '--token', token], given);
  const told = ({ code, out, err }: Ended) => JSON.stringify([code, err, inOrder(out)]);
  return [told(here), told(there)];
}

/** JSON with the members of its objects in one order, as which comes first says nothing; any other text as it is. */
function inOrder(text: string): unknown {
  const sorted = (_name: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return text.startsWith('{') || text.startsWith('[') ? JSON.stringify(JSON.parse(text), sorted) : text;
}

describe('an estate whose attack paths were walked by hand', () => {
  it('is told in the same words here and by a server: paths, maps, why, what is within reach, and plans', async () => {
    const at = await server.app.listen({ port: 0, host: '127.0.0.1' });
    const { authorization } = await server.tokenOf('bob', 'read');
    const token = authorization.replace('Bearer ', '');
    const { paths: listed } = await inbox.ctx.paths.list();
    const lines = [
      ['paths'],
      ['paths', 'fix-plan'],
      ['paths', 'fix-plan', '--cheapest'],
      ['paths', 'what-if', 'CVE-2026-4007', 'CVE-2026-4008'],
      ['paths', 'who-can-reach', 'tw-customers'],
      ['paths', 'blast-radius', 'CVE-2026-4001'],
      ...listed.flatMap(({ issueId }) => [
        ['paths', '--map', issueId],
        ['paths', 'blast-radius', issueId],
        ['why', issueId],
      ]),
    ];
    for (const line of lines)
      for (const flags of [[], ['--json']]) {
        // A token may ask so often a minute.
        inbox.clock.set(inbox.clock.now() + 60_000);
        const [here, there] = await printed([...line, ...flags], at, token);
        expect([line, there]).toEqual([line, here]);
        expect(here.startsWith('[0,"",')).toBe(true);
      }
  });

  it('has these paths and no others, each for its reason', async () => {
    const rows = (await tableRows(join(WORLD, 'paths.md'))).map((row) => row.slice(0, 10));
    const told = (await paths()).map((path) => [
      nameOf(path),
      path.shape,
      path.severity,
      percent(path.likelihood),
      String(path.paths[0]?.steps.length),
      String(path.entries),
      String(path.targets.length),
      DETECTED_RISKS.flatMap((risk) => (path.risks[risk].state === 'yes' ? [LETTERS[risk]] : []))
        .sort()
        .join(' '),
      String(path.resources.length),
      String(path.services.length),
    ]);
    const sorted = (all: readonly (readonly string[])[]) =>
      all
        .map((row) =>
          row
            .map((cell) => (/^[a-z]( [a-z])*$/.test(cell) ? cell.split(' ').sort().join(' ') : cell))
            .join(' | '),
        )
        .sort();
    expect(sorted(told)).toEqual(sorted(rows));
  });

  it('tells of each step what it rests on and since when, by which technique, and what closes it', async () => {
    const steps = (await paths()).flatMap((path) => path.paths.flatMap((way) => way.steps));
    const lacks = steps.filter(
      ({ evidence, gates: own, technique, sentence }) =>
        evidence.length === 0 ||
        evidence.some((fact) => fact.provenance === '' || fact.sentence === '') ||
        own.length === 0 ||
        technique === null ||
        sentence === '',
    );
    expect(lacks.map(({ sentence }) => sentence)).toEqual([]);
    // Reports of secrets say of no time when they looked.
    const timeless = steps.flatMap(({ evidence }) => evidence).filter(({ at }) => at === null);
    expect([...new Set(timeless.map(({ provenance }) => provenance))].sort()).toEqual([
      'github',
      'trufflehog',
    ]);
  });

  it('is mended in this order', async () => {
    const rows = (await tableRows(join(WORLD, 'plan.md'))).map((row) => row.slice(0, 4));
    const { fixes } = await planFixes(inbox.ctx);
    const told = fixes.map(({ gate, share, targetsCut, left }) => [
      rows.map(([fix = '']) => fix).find((fix) => gate.sentence.includes(fix)) ?? gate.sentence,
      percent(share),
      String(targetsCut),
      String(left),
    ]);
    expect(told).toEqual(rows);
  });

  it('loses what one gate takes, and nothing else', async () => {
    const all = await gates();
    for (const [fix = '', resolves = '', reduces = ''] of await tableRows(join(WORLD, 'effects.md'))) {
      const [gate, ...others] = all.filter(({ sentence }) => sentence.startsWith(fix));
      expect([fix, gate?.sentence.startsWith(fix), others.length]).toEqual([fix, true, 0]);
      const { paths: changed } = await tryFixes(inbox.ctx, { words: [gate?.id ?? ''] });
      const of = (effect: string) =>
        changed
          .filter((each) => each.effect === effect && each.before !== null)
          .map(({ before }) => nameOf(before as AttackPath))
          .sort();
      const wanted = (cell: string) => (cell === '-' ? [] : cell.split('; ').sort());
      expect([fix, of('resolves'), of('reduces')]).toEqual([fix, wanted(resolves), wanted(reduces)]);
    }
  });

  it('is after each step of the plan as it was projected, and in the end there is no path', async () => {
    const { fixes } = await planFixes(inbox.ctx);
    const done: Change[] = [];
    for (const [step, { gate, left }] of fixes.entries()) {
      const { facts } = await inbox.ctx.paths.facts('outside');
      const said = modelOf(facts).derive([gate.id]).paths.map(toldOf);
      const tried = await tryFixes(inbox.ctx, { words: [gate.fix] });
      const found = CLOSINGS.filter(([start]) => gate.sentence.startsWith(start));
      expect([gate.sentence, found.length]).toEqual([gate.sentence, 1]);
      done.push(...found.flatMap(([, changes]) => changes));
      await estate.become(done);
      const now = await paths();
      expect([gate.sentence, now.map(toldOf).sort()]).toEqual([gate.sentence, said.sort()]);
      expect([gate.sentence, now.length]).toEqual([gate.sentence, left]);
      expect(await placesOfPaths(inbox)).toEqual(
        tried.inbox.flatMap(({ id, type, severity }) => (type === 'attack_path' ? [[id, severity]] : [])),
      );
      // What is left is planned as it was before.
      const { fixes: rest } = await planFixes(inbox.ctx);
      expect(rest.map((fix) => fix.gate.id)).toEqual(fixes.slice(step + 1).map((fix) => fix.gate.id));
    }
    expect(await paths()).toEqual([]);
    const { rows } = await inbox.database.pool.query<{ status: string }>(
      "select distinct status from issue where type = 'attack_path'",
    );
    expect(rows).toEqual([{ status: 'resolved' }]);
    await estate.become([]);
  });

  it('is after each change of its files what was said of closing the gate, and in the end as before', async () => {
    const before = (await paths()).map(toldOf);
    const all = await gates();
    const { facts } = await inbox.ctx.paths.facts('outside');
    const wrong: unknown[] = [];
    const met = CLOSINGS.map(([start]) => all.filter(({ sentence }) => sentence.startsWith(start)));
    expect(met.filter((each) => each.length !== 1)).toEqual([]);
    for (const [index, [start, changes]] of CLOSINGS.entries()) {
      const said = modelOf(facts)
        .derive(met[index]?.map(({ id }) => id))
        .paths.map(toldOf);
      await estate.become(changes);
      const is = (await paths()).map(toldOf);
      const [more, less] = [
        is.filter((each) => !said.includes(each)),
        said.filter((each) => !is.includes(each)),
      ];
      if (more.length + less.length > 0) wrong.push({ start, more, less });
    }
    await estate.become([]);
    expect(wrong).toEqual([]);
    expect((await paths()).map(toldOf)).toEqual(before);
  });
});
