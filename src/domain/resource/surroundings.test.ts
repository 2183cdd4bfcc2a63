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
