import { expect, test } from 'vitest';
import { CONTROLS } from '../control/control-catalogue.ts';
import { INTERNET, principal, step, store } from './attack-path.test-sample.ts';
import { GATE_CONTROLS, settingKeys, type ToldSetting, withToldGates } from './told-gates.ts';

const admin = step('administrator', principal('bot'), {
  asset: 'account',
  family: 'account',
  capability: 'admin',
});
const open = step('public-data', INTERNET, store('exports'));
const read = step('reads-data', principal('bot'), store('exports'));

const issues = (...settings: readonly Omit<ToldSetting, 'fingerprint'>[]) =>
  withToldGates(
    [admin, open, read],
    settings.map((setting) => ({ ...setting, fingerprint: `of ${setting.issueId}` })),
  ).map(({ gates }) => {
    const [gate] = gates;
    expect(gate?.saidBy).toBe(gate?.issueId === null ? undefined : `of ${gate?.issueId}`);
    return gate?.issueId ?? null;
  });

test('a setting that a finding is about has its issue, at the end of the step that it is one of', () => {
  expect(issues({ resource: 'bot', control: 'id.user.admin', issueId: 'a' })).toEqual(['a', null, null]);
  expect(issues({ resource: 'exports', control: 's3.public-read', issueId: 'b' })).toEqual([null, 'b', null]);
});

test('a finding about something else, or somewhere else, tells nothing', () => {
  expect(issues({ resource: 'bot', control: 's3.public-read', issueId: 'a' })).toEqual([null, null, null]);
  expect(issues({ resource: 'other', control: 'id.user.admin', issueId: 'a' })).toEqual([null, null, null]);
});

test('of several the first by control counts, in whatever order they come', () => {
  const two = [
    { resource: 'bot', control: 'id.role.admin', issueId: 'a' },
    { resource: 'bot', control: 'id.user.admin', issueId: 'b' },
  ];
  expect(issues(...two)).toEqual(['b', null, null]);
  expect(issues(...two.toReversed())).toEqual(['b', null, null]);
});

test('it asks for what steps rest on, and for controls that there are', () => {
  expect(settingKeys([admin, open, read])).toEqual(['bot', 'exports']);
  const known = new Set(CONTROLS.map(({ id }) => id));
  expect(GATE_CONTROLS.filter((id) => !known.has(id))).toEqual([]);
});
