import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { passwordPorts } from './asked-password.ts';

const linux = (disablePasswordAuthentication?: boolean): JsonObject => ({
  storageProfile: { osDisk: { osType: 'Linux' } },
  osProfile: {
    linuxConfiguration: disablePasswordAuthentication === undefined ? {} : { disablePasswordAuthentication },
  },
});
const windows: JsonObject = { storageProfile: { osDisk: { osType: 'Windows' } } };

test.each<[string, string, JsonObject, readonly number[]]>([
  ['Linux that takes passwords', 'azure-vm', linux(false), [22]],
  ['Linux that takes keys alone', 'azure-vm', linux(true), []],
  ['Linux of which nobody told', 'azure-vm', linux(), []],
  ['Windows', 'azure-vm', windows, [3389]],
  ['a machine without an operating system', 'azure-vm', {}, []],
  ['Windows of a scale set', 'azure-vmss', { virtualMachineProfile: windows }, [3389]],
  ['Linux of a scale set', 'azure-vmss', { virtualMachineProfile: linux(false) }, [22]],
  ['a scale set without a profile', 'azure-vmss', {}, []],
  ['Windows in AWS', 'ec2-instance', { PlatformDetails: 'Windows with SQL Server Standard' }, [3389]],
  ['Linux in AWS', 'ec2-instance', { PlatformDetails: 'Linux/UNIX' }, []],
  ['anything else', 'lambda-function', windows, []],
])('%s asks for a password on', (_what, type, facts, ports) => {
  expect(passwordPorts(type, facts)).toEqual(ports);
});
