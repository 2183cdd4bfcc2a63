import { expect, test } from 'vitest';
import { DAY_MS } from '../../src/base/instant.ts';
import { CONTROLS, controlById } from '../../src/domain/control/control-catalogue.ts';
import type { Condition } from '../../src/domain/inbox/admission-rule.ts';
import { DEFAULT_RULES } from '../../src/domain/inbox/default-rules.ts';
import { INBOX_ORDER } from '../../src/domain/ranking/inbox-order.ts';
import { columnNamesClue } from '../../src/domain/resource/column-names.ts';
import { committersOf } from '../../src/domain/resource/committers.ts';
import { deriveDataClass } from '../../src/domain/resource/data-class.ts';
import { deriveEnvironment, environmentOfWord } from '../../src/domain/resource/environment.ts';
import { deriveOwner } from '../../src/domain/resource/owner.ts';
import { creatorCandidate } from '../../src/domain/resource/resource-creator.ts';
import { sensitiveDataClue } from '../../src/domain/resource/sensitive-data.ts';
import { deriveServices, servicesBehind } from '../../src/domain/resource/service-name.ts';
import { DETECTED_RISKS } from '../../src/domain/risk/detected-risk.ts';
import { attackWindowStart } from '../../src/domain/risk/under-attack.ts';
import {
  adjustVulnerability,
  EPSS_HIGH,
  EPSS_LOW,
  EPSS_YOUNG_DAYS,
  type VulnerabilityContext,
} from '../../src/domain/severity/adjust-vulnerability.ts';
import { parseCvssVector } from '../../src/domain/severity/cvss-vector.ts';
import { EXPLOIT_ABSENCE_DAYS } from '../../src/domain/severity/exploit-state.ts';
import { LOWEST_SCORE, WORD_SCORE } from '../../src/domain/severity/severity.ts';
import { textOf } from './tree.ts';

const page = textOf('docs/reference/defaults.md');
/** What the page says here of the matter whose row begins so. */
function row(matter: string): string {
  const found = page.split('\n').filter((line) => line.startsWith(`| ${matter}`));
  expect(found, matter).toHaveLength(1);
  return found[0] ?? '';
}

const V31 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const V40 = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';
/** The metrics that one known thing sets in a vector: `E:U`. */
function sets(vector: string, known: Partial<VulnerabilityContext>): string {
  const context: VulnerabilityContext = {
    public: 'unknown',
    production: 'unknown',
    exploit: 'unknown',
    epss: null,
    publishedDaysAgo: null,
    ...known,
  };
  const rating = { vector: parseCvssVector(vector), word: null, wordCap: null };
  const { adjustedVector } = adjustVulnerability(rating, context);
  const added = (adjustedVector ?? '').split('/').filter((part) => !vector.split('/').includes(part));
  return added.filter((part) => !part.endsWith(':X')).join('/');
}

const percent = (share: number) => `${share * 100} %`;
const score = (value: number) => value.toFixed(1);
const attackDays = (0 - attackWindowStart(0)) / DAY_MS;
const publishedDays = (condition: Condition): readonly number[] =>
  condition.fact === 'published'
    ? [condition.withinDays]
    : condition.fact === 'any of' || condition.fact === 'all of'
      ? condition.conditions.flatMap(publishedDays)
      : [];
const [emergingDays] = DEFAULT_RULES.flatMap(({ when }) => when.flatMap(publishedDays));
const admitted = CONTROLS.filter(({ inbox }) => inbox).length;
const commits = (count: number, daysAgo: number) =>
  committersOf(
    [
      ...Array.from({ length: count }, () => ({
        at: 0 - daysAgo * DAY_MS,
        author: 'maria@acme.example',
        files: ['a'],
      })),
      { at: 0, author: 'tim@acme.example', files: ['b'] },
    ],
    'git log',
  ).people.length > 0;

const serviceOf = (clues: Parameters<typeof deriveServices>[0]) => deriveServices(clues).confidence;
const ownerOf = (clues: Parameters<typeof deriveOwner>[0]) => deriveOwner(clues).candidates[0]?.confidence;
const ownerAround = (key: string) =>
  ownerOf({ tags: {}, surroundings: [{ what: 'VPC', name: null, tags: { [key]: 'x' } }] });
/** All that tell say the same, each with how sure it is; the person's word decides and stands before them. */
const sureOfEnvironment = (() => {
  const clues = {
    explicit: 'dev',
    tags: { env: 'dev' },
    surroundings: [{ what: 'namespace', name: 'shop-dev', tags: { env: 'dev' } }],
    path: 'envs/dev',
    name: 'cart-dev',
  };
  const told = deriveEnvironment(clues).others.map((each) => /confidence ([\d.]+)/.exec(each)?.[1]);
  const words = ['own tags', 'tags of what it is in', 'their names', 'the path of its file', 'its own name'];
  return ['a person 1', ...words.map((word, index) => `${word} ${told[index]}`)].join(', ');
})();

test.each<[string, readonly string[]]>([
  [`EPSS at or below ${percent(EPSS_LOW)}`, [`published in the last ${EPSS_YOUNG_DAYS} days`]],
  [`EPSS at or above ${percent(EPSS_HIGH)}`, ['raises the level by one']],
  [
    'Levels',
    [
      `critical from ${score(LOWEST_SCORE.critical)}, high from ${score(LOWEST_SCORE.high)}, medium from ${score(LOWEST_SCORE.medium)}, low from ${LOWEST_SCORE.low}`,
    ],
  ],
  [
    'A word without a vector',
    [
      `critical ${score(WORD_SCORE.critical)}, high ${score(WORD_SCORE.high)}, medium ${score(WORD_SCORE.medium)}, low ${score(WORD_SCORE.low)}, info ${WORD_SCORE.info}`,
    ],
  ],
  [
    'Exploit in the vector',
    [
      `weaponised \`${sets(V31, { exploit: 'weaponised' })}\` (4.0: \`${sets(V40, { exploit: 'weaponised' })}\`)`,
      `proof of concept \`${sets(V31, { exploit: 'poc' })}\`, none \`${sets(V31, { exploit: 'none' })}\``,
    ],
  ],
  ['Production in the vector', [`*no* \`${sets(V31, { production: 'no' })}\``]],
  ['Public accessibility in the vector', [`*no* \`${sets(V31, { public: 'no' })}\``]],
  [
    'Order',
    [
      INBOX_ORDER.map(
        ({ name }) =>
          ({
            severity: 'severity',
            'detected risks': 'the number of risks',
            impact: 'distinct resources and services together',
          })[name],
      ).join(', then '),
    ],
  ],
  [
    'A role with administrator rights, a group with them',
    [`${controlById('id.role.admin')?.severity}, ${controlById('id.group.admin')?.severity}:`],
  ],
  ['A role that everyone may assume', [`| ${controlById('id.role.trust-any')?.severity}:`]],
  ['First version of the metadata service', [`| ${controlById('ec2.imdsv1')?.severity}:`]],
  ['Guests of an identity pool', [`| ${controlById('id.cognito.guest')?.severity}:`]],
  ['Public blobs in Azure, anonymous requests', [`| ${controlById('az.storage.blob-public')?.severity} |`]],
  ['API of an AKS cluster open to everyone', [`| ${controlById('az.aks.public')?.severity} |`]],
  [`Exploit-DB or NVD is older than ${EXPLOIT_ABSENCE_DAYS} days`, []],
  ['Exploit available: *no*', [`read within ${EXPLOIT_ABSENCE_DAYS} days`]],
  ['`default.known-exploited`', [`known for ${EXPLOIT_ABSENCE_DAYS} days`]],
  ['Under attack: *no*', [`reported in the last ${attackDays} days`]],
  ['Under attack: window', [`exactly ${attackDays} days ago counts`]],
  ['`default.emerging`', [`published within ${emergingDays} days`]],
  ['`default.misconfiguration`, `default.identity_risk`', [`${admitted} of ${CONTROLS.length}`]],
  [
    'Which detected risks count',
    [
      ['', '', '', '', '', 'five'][DETECTED_RISKS.length] ?? 'none',
      ...DETECTED_RISKS.map((risk) => risk.replaceAll('_', ' ')),
    ],
  ],
  [
    'What a store holds',
    [
      `${sensitiveDataClue([], null, 'content', '').confidence}`,
      `${sensitiveDataClue([], null, 'label', '').confidence}`,
      `tags (${deriveDataClass({ pii: 'true' }, '').clues[0]?.confidence})`,
      'its name and the names of columns',
      `which rest on names: ${columnNamesClue(['email'], 't')?.confidence})`,
    ],
  ],
  [
    'How sure each word is',
    [
      `of an environment: ${sureOfEnvironment}.`,
      `Of a service: a person ${serviceOf({ declared: ['x'], tags: {} })}, tags, a catalogue and the name in ECS ${serviceOf({ tags: { service: 'x' } })}, the repository of the image and what it leads to ${servicesBehind(['x']).confidence}.`,
      `tags, preferences and catalogues ${ownerOf({ tags: { team: 'x' } })} (OpsLevel`,
      `\`product\` and \`cost-center\` ${ownerOf({ tags: { product: 'x' } })}, what it is in ${ownerAround('team')} (what that is sold as, who pays for it or made it ${ownerAround('product')}).`,
    ],
  ],
  ['Owner', [`a hint behind all of them (${creatorCandidate('maria', 'RunInstances', 0).confidence})`]],
])('the page says of "%s" what the code does', (matter, words) => {
  const said = row(matter);
  expect(words.filter((each) => !said.includes(each))).toEqual([]);
});

test('the page names every default rule, and no other', () => {
  const named = new Set([...page.matchAll(/`(default\.[a-z_-]+)`/g)].map(([, id]) => id));
  // The rules of types are named with their types: `default.` and the type.
  expect([...named].toSorted()).toEqual(DEFAULT_RULES.map(({ id }) => id).toSorted());
});

test('the words of the page for production mean it, and those that it rules out do not', () => {
  const said = row('Which words mean production');
  for (const word of ['prod', 'production', 'prd', 'live', 'p']) {
    expect(said).toContain(`\`${word}\``);
    expect(environmentOfWord(word.toUpperCase())).toBe('production');
  }
  for (const word of ['nonprod', 'pre-prod', 'prod-like']) {
    expect(row('What names an environment')).toContain(`\`${word}\``);
    expect(deriveEnvironment({ tags: { env: word } }).production).toBe('no');
  }
  expect(
    ['api-prod-2', 'api-production-2', 'api-prd-2', 'api-live-2'].map(
      (name) => deriveEnvironment({ tags: {}, name }).production,
    ),
  ).toEqual(['yes', 'yes', 'yes', 'unknown']);
});

test('committers own from as many commits, in as many days, as the page says', () => {
  expect(row('Owner')).toContain('at least three commits in 180 days: 0.5');
  expect([commits(2, 1), commits(3, 1), commits(3, 180), commits(3, 181)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('what says who pays or what is sold stands behind everybody who is named', () => {
  expect(row('Owner')).toContain(
    '`product` and `cost-center` say what is sold and who pays and stand behind everybody who is named',
  );
  const [first] = deriveOwner({
    tags: { product: 'shop' },
    declared: [{ name: 'team', confidence: 0.7, reason: 'x' }],
  }).candidates;
  expect(first?.name).toBe('team');
});
