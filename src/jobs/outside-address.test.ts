import { expect, test } from 'vitest';
import { checkedAddress } from './outside-address.ts';

test.each([
  '127.0.0.1',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '192.0.2.1',
  '::1',
  '::',
  'fe80::1',
  'fd00::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::7f00:1',
  '2002:7f00:1::',
  '2001::1',
  '2001:db8::1',
  'localhost',
])('%s is inside', async (address) => {
  await expect(checkedAddress(address, false)).rejects.toMatchObject({ code: 'forbidden' });
});

test.each(['1.1.1.1', '93.184.216.34', '2606:4700:4700::1111'])('%s is outside', async (address) => {
  expect(await checkedAddress(address, false)).toMatchObject({ address });
});

test('one that is inside is refused however it is written, unless that is allowed', async () => {
  for (const host of ['127.0.0.1', '[::1]', 'localhost', 'localhost.', '[::ffff:127.0.0.1]'])
    await expect(checkedAddress(host, false)).rejects.toMatchObject({ code: 'forbidden' });
  expect(await checkedAddress('127.0.0.1', true)).toEqual({ address: '127.0.0.1', family: 4 });
  expect(await checkedAddress('1.1.1.1', false)).toEqual({ address: '1.1.1.1', family: 4 });
});

test.each([
  '169.254.169.254',
  '169.254.1.1',
  '[fe80::1]',
  '[::ffff:169.254.169.254]',
  '[fd00:ec2::254]',
  '[fd00:0ec2:0::0254]',
  '100.100.100.200',
])('%s is refused even where inside is allowed', async (host) => {
  await expect(checkedAddress(host, true)).rejects.toMatchObject({
    code: 'forbidden',
    message: expect.stringMatching(/hands out credentials/),
  });
});
