import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FindingObservation, Observation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportItem } from '#domain/ports/report-format.ts';
import { membersAsked } from './formats.asked.test-sample.ts';
import { membersIn, type SampleText, sampleText, withoutMembers } from './formats.members.test-sample.ts';
import { formatPage } from './formats.page.test-sample.ts';
import { FORMATS } from './formats.ts';
import { openBytes, openInputs } from './reading/open-input.ts';

/** Holds the page of every format to what its samples hold and what is read from them. */
const CONTEXT: ReadContext = { root: null, account: null, region: null, cluster: null };
const ROOM = import.meta.dirname;
const BESIDE = ['facts.md', 'mapping.md'].map((name) => ({
  name,
  text: readFileSync(join(ROOM, '../../docs/reference', name), 'utf8'),
}));

describe.each(FORMATS.map((format) => [format.id, format] as const))('%s', (id, format) => {
  const folder = join(ROOM, id, 'samples');
  const text = readFileSync(join(ROOM, id, 'README.md'), 'utf8');
  const beside = BESIDE.filter(({ name }) => text.includes(`reference/${name}`)).map((each) => each.text);
  const page = formatPage(text, beside.join('\n'));
  const names = samplesIn(folder);
  const golden = names.flatMap((name) => observationsIn(join(folder, `${name}.expected.json`)));

  test('its page says what an entry is, and how fields are read', () => {
    expect(text).toMatch(/\bentr(?:y|ies)\b|`records`/i);
    expect(text).toMatch(/not read|is read|are read|read as/);
  });

  test('its page gives a reason for whatever it leaves out', () => {
    expect(text.split('\n').filter((line) => /\|\s*not read\W*\|$/i.test(line))).toEqual([]);
  });

  test('its page tells what findings of it are named after and where they are', () => {
    const findings = golden.filter((each) => each.kind === 'finding');
    expect(identityRows(findings).filter((row) => !text.includes(row))).toEqual([]);
  });

  test('its page has every severity that it gives in the table of severities, and none where it gives none', () => {
    const rated = golden.filter((each) => each.kind === 'finding' || each.kind === 'signal');
    const section = text.split(/^## /m).find((each) => /^[^\n]*severity\n/i.test(each)) ?? '';
    const rows = section.split('\n').filter((line) => line.startsWith('|'));
    if (rated.some(({ kind }) => kind === 'signal')) expect(text).toContain('## Identity of its signals');
    if (rated.length === 0) expect(section).toContain('None: it gives no findings');
    else expect(rows.length).toBeGreaterThan(2);
    const given = new Set(rated.map(({ severity }) => severity ?? 'unrated'));
    const told = rows.join('\n');
    expect(
      [...given].filter(
        (word) => word !== 'unrated' && !new RegExp(`\\b${word}\\b|the same`, 'i').test(told),
      ),
    ).toEqual([]);
  });

  test('its page names what is in its samples, or says why it is not read', async () => {
    const silent = new Set<string>();
    for (const name of names)
      for (const path of membersIn((await textOf(join(folder, name)))?.values ?? []))
        if (
          !path.some((_, depth) => page.leavesOut(path.slice(0, depth + 1))) &&
          !page.names(path.at(-1) as string) &&
          !page.variesBelow(path.slice(0, -1))
        )
          silent.add(path.join('.'));
    expect([...silent]).toEqual([]);
  });

  test('its page names every member that its code asks for', () => {
    const code = readdirSync(join(ROOM, id))
      .filter((name) => name.endsWith('.ts') && !name.includes('.test'))
      .map((name) => readFileSync(join(ROOM, id, name), 'utf8'));
    expect([...membersAsked(code.join('\n'))].filter((member) => !page.names(member))).toEqual([]);
  });

  test('nothing changes without what its page says is not read', async () => {
    for (const name of names) {
      const sample = await textOf(join(folder, name));
      if (sample === null) continue;
      const kept = withoutMembers(sample.values, page.leavesOut);
      const read = (values: SampleText['values']) => readOf(format, sample.write(values));
      expect({ name, read: await read(kept) }).toEqual({ name, read: await read(sample.values) });
    }
  });
});

function observationsIn(golden: string): readonly Observation[] {
  if (!existsSync(golden)) return [];
  const items: readonly ReportItem[] = JSON.parse(readFileSync(golden, 'utf8'));
  return items.flatMap((item) => (item.kind === 'record' || item.kind === 'beside' ? item.observations : []));
}

/** The rows of the table *Identity* of a format's page, as its samples give them. */
function identityRows(findings: readonly FindingObservation[]): readonly string[] {
  const resources = new Map<string, Set<string>>();
  for (const { type, subject, place, resource } of findings) {
    const named = subject.is === 'advisory' ? 'advisory' : '`tool:check`';
    const where = place.is === 'none' ? 'none' : place.is;
    const key = `| ${type} | ${named} | ${where} |`;
    resources.set(key, (resources.get(key) ?? new Set()).add(resource.kind));
  }
  return [...resources].map(([key, kinds]) => `${key} ${[...kinds].sort().join(', ')} |`).sort();
}

function samplesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name !== 'ORIGIN.md' && name !== 'counts.json' && !name.endsWith('.expected.json'))
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(folder.length + 1))
    .sort();
}

async function textOf(path: string): Promise<SampleText | null> {
  const chunks: Uint8Array[] = [];
  for await (const input of openInputs(path, path.slice(path.lastIndexOf('/') + 1))) {
    for await (const chunk of input.open()) chunks.push(chunk);
    break;
  }
  return sampleText(Buffer.concat(chunks));
}

async function readOf(format: ReportFormat, bytes: Buffer): Promise<readonly unknown[]> {
  const input = {
    name: 'report',
    open: async function* () {
      for await (const each of openBytes(bytes, 'report')) yield* each.open();
    },
  };
  const items: unknown[] = [];
  try {
    for await (const item of format.read(input, CONTEXT)) items.push(item);
  } catch (error) {
    items.push(error);
  }
  return items;
}
