import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JsonValue } from '#base/json-value.ts';
import { awsCli } from '#formats/aws-cli/aws-cli.ts';
import {
  estateOf,
  type Files,
  filesOf,
  halved,
  numbers,
  rearranged,
  verdictOf,
  withTexts,
  writtenOtherwise,
} from '../../../test/support/metamorphic.ts';
import { evaluateAwsEstate } from './evaluate-aws-estate.ts';

/**
 * The same account told in other ways, from file to verdict (attack-paths §8, metamorphic): what is said of each
 * resource is the same, whatever it is called and whatever stands beside it.
 */
const ACCOUNTS: readonly (readonly [name: string, folder: string])[] = [
  ['the account of the demo', join(import.meta.dirname, '../../../test/worlds/demo/aws/production')],
  [
    'the demo account of CloudMapper',
    join(import.meta.dirname, '../../formats/aws-cli/samples/cloudmapper-demo'),
  ],
];

type Verdicts = ReadonlyMap<string, string>;

async function verdictsOf(files: Files, write?: (value: JsonValue) => string): Promise<Verdicts> {
  const answers = evaluateAwsEstate(await estateOf(awsCli, files, null, write));
  return new Map([...answers].map(([key, risks]) => [key, verdictOf(risks)]));
}

const ID = /\b(i|vpc|subnet|sg|eni|rtb|acl|igw|nat|r|vol)-([0-9a-z]{3,17})\b/g;

/** Each id its letters backwards, each account another one, and the company's name. */
function renamed(text: string): string {
  return text
    .replace(ID, (_, kind: string, id: string) => `${kind}-${[...id].reverse().join('')}`)
    .replace(/(?<!\d)\d{12}(?!\d)/g, (account) =>
      [...account].map((digit) => (Number(digit) * 3 + 1) % 10).join(''),
    )
    .replace(/larkspur/gi, 'zephyros');
}

/** The same network again: other ids in the same account. */
function sibling(text: string): string {
  return text.replace(ID, (_, kind: string, id: string) => `${kind}-f${id}`);
}

const each = (files: Files, change: (value: JsonValue) => JsonValue): Files =>
  Object.fromEntries(Object.entries(files).map(([name, value]) => [name, change(value)]));

describe.each(ACCOUNTS)('%s', (_name, folder) => {
  let files: Files;
  let told: Verdicts;
  beforeAll(async () => {
    files = filesOf(folder);
    told = await verdictsOf(files);
    expect(told.size).toBeGreaterThan(10);
    expect(new Set([...told.values()].map((verdict) => verdict.split('\n')[0])).size).toBeGreaterThan(1);
  });

  it.each([1, 2, 3])('says the same in another order (%i)', async (seed) => {
    const random = numbers(seed);
    const names = Object.keys(files).sort(() => random() - 0.5);
    const shuffled = Object.fromEntries(
      names.map((name) => [name, rearranged(files[name] as JsonValue, random)]),
    );
    expect(await verdictsOf(shuffled)).toEqual(told);
  });

  it('says the same under other names', async () => {
    const others = await verdictsOf(
      Object.fromEntries(
        Object.entries(files).map(([name, value]) => [renamed(name), withTexts(value, renamed)]),
      ),
    );
    const expected = new Map([...told].map(([key, verdict]) => [renamed(key), renamed(verdict)]));
    expect(new Map([...others].map(([key, verdict]) => [key, verdict]))).toEqual(expected);
  });

  it('says the same when it is told in halves, twice, or as another program writes it', async () => {
    expect(await verdictsOf(halved(files))).toEqual(told);
    expect(
      await verdictsOf({
        ...files,
        ...Object.fromEntries(Object.entries(files).map(([name, value]) => [`again-${name}`, value])),
      }),
    ).toEqual(told);
    expect(await verdictsOf(files, writtenOtherwise)).toEqual(told);
  });

  it('says the same of each resource beside others that have nothing to do with it', async () => {
    // What has a name and no id would be the same thing again: networks and their machines alone are doubled.
    const beside = Object.entries(files).filter(([name]) => name.startsWith('ec2-'));
    const more = Object.fromEntries(
      beside.map(([name, value]) => [`beside-${sibling(name)}`, withTexts(value, sibling)]),
    );
    const all = await verdictsOf({ ...files, ...more });
    expect(all.size).toBeGreaterThan(told.size);
    for (const [key, verdict] of told) expect([key, all.get(key)]).toEqual([key, verdict]);
  });

  it('says otherwise when a rule is another one', async () => {
    const opened = each(files, (value) =>
      withTexts(value, (text) =>
        /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(text) && text !== '0.0.0.0/0' ? '8.8.8.8/32' : text,
      ),
    );
    expect(await verdictsOf(opened)).not.toEqual(told);
  });
});
