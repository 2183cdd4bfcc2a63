import { expect, test } from 'vitest';
import { CONTROLS } from '../control/control-catalogue.ts';
import { INTERNET, principal, step, store } from './attack-path.test-sample.ts';
import { findingGate } from './gate.ts';
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

test('of several of one control the first issue counts, in whatever order they come', () => {
  const two = ['a', 'b'].map((issueId) => ({ resource: 'bot', control: 'id.user.admin', issueId }));
  expect(issues(...two)).toEqual(['a', null, null]);
  expect(issues(...two.toReversed())).toEqual(['a', null, null]);
});

test('a step that a finding is about stays what it is, with whatever else closes it; one that is a finding itself keeps its own', () => {
  const setting = { fingerprint: 'f', resource: 'bot', control: 'id.user.admin', issueId: 'a' };
  const [gate] = admin.gates;
  const other = findingGate('flaw', 'its own', 'mend the flaw');
  const both = { ...admin, gates: [...admin.gates, other] };
  expect(withToldGates([both], [setting])).toEqual([
    { ...both, gates: [{ ...gate, issueId: 'a', saidBy: 'f', control: 'id.user.admin' }, other] },
  ]);
  const flawed = { ...admin, gates: [other] };
  expect(withToldGates([flawed], [setting])).toEqual([flawed]);
});

test('what is said of a storage account is said of its containers', () => {
  const account = 'azure:/subscriptions/s/resourcegroups/g/providers/microsoft.storage/storageaccounts/shop';
  const container = step('public-data', INTERNET, store(`${account}/blobservices/default/containers/files`));
  expect(settingKeys([container])).toEqual([container.to.asset, account]);
  const setting = { fingerprint: 'f', resource: account, control: 'az.storage.blob-public', issueId: 'a' };
  expect(withToldGates([container], [setting])[0]?.gates[0]).toMatchObject({ issueId: 'a', saidBy: 'f' });
});

test('it asks for what steps rest on, and for controls that there are', () => {
  expect(settingKeys([admin, open, read])).toEqual(['bot', 'exports']);
  const known = new Set(CONTROLS.map(({ id }) => id));
  expect(GATE_CONTROLS.filter((id) => !known.has(id))).toEqual([]);
});
