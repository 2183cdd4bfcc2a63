import { expect, it } from 'vitest';
import { instance, resource } from '../../../test/support/aws-world.ts';
import { Surroundings } from './surroundings.ts';

const TAGS = { 'aws:ec2launchtemplate:id': 'lt-1', 'aws:ec2launchtemplate:version': '2' };
const template = (version: number, name: string) =>
  resource('launch-template-version', `lt-1/${version}`, {
    LaunchTemplateId: 'lt-1',
    LaunchTemplateName: name,
    VersionNumber: version,
  });

it('names the launch template that an instance was made from, by its version', () => {
  const machine = { ...instance('i-1', { VpcId: null }), tags: TAGS };
  const of = new Surroundings([machine, template(1, 'web-dev'), template(2, 'web-prod')], 'aws:1').of(
    machine,
  );
  expect(of).toEqual([{ what: 'launch template', name: 'web-prod', tags: {} }]);
});

it('names none where the template was not described, or the instance was made by hand', () => {
  const machine = { ...instance('i-1', { VpcId: null }), tags: TAGS };
  expect(new Surroundings([machine, template(1, 'web-dev')], 'aws:1').of(machine)).toEqual([]);
  const plain = { ...machine, tags: {} };
  expect(new Surroundings([plain, template(2, 'web-prod')], 'aws:1').of(plain)).toEqual([]);
});

it('names the account of AWS by its alias where the organisation gives it no name, and the units above it', () => {
  const queue = resource('sqs-queue', 'orders', {});
  const told = [
    resource('account-alias', '1', { Id: '1', Name: 'shop-alias' }),
    resource('organization-name', 'ou-a', { Id: 'ou-a', Name: 'Workloads' }),
    resource('organization-parent', '1', { Child: '1', Parent: 'ou-a' }),
    resource('organization-parent', 'ou-a', { Child: 'ou-a', Parent: 'ou-b' }),
    resource('organization-parent', 'ou-b', { Child: 'ou-b', Parent: 'ou-a' }),
    { ...resource('organization-tags', 'ou-b', { Id: 'ou-b' }), tags: { env: 'prod' } },
  ];
  const units = [
    { what: 'organisational unit', name: 'Workloads', tags: {} },
    { what: 'organisational unit', name: null, tags: { env: 'prod' } },
  ];
  const of = new Surroundings([queue, ...told], 'aws:1').of(queue);
  expect(of.slice(0, 3)).toEqual([{ what: 'account', name: 'shop-alias', tags: {} }, ...units]);
  expect(of).toHaveLength(8);
  const named = resource('organization-name', '1', { Id: '1', Name: 'Shop' });
  expect(new Surroundings([queue, named, ...told], 'aws:1').of(queue)[0]?.name).toBe('Shop');
  expect(new Surroundings([queue, named, ...told], 'aws:2').of(queue)).toEqual([]);
});
