import { expect, test } from 'vitest';
import { resource } from '../privilege/aws/iam-principal.test-sample.ts';
import { managedCredentials } from './managed-credential.ts';

const secret = (name: string) => `arn:aws:secretsmanager:eu-west-1:111111111111:secret:${name}`;
const database = (name: string, keptIn?: string) =>
  resource('rds-instance', `arn:aws:rds:eu-west-1:111111111111:db:${name}`, {
    DBInstanceIdentifier: name,
    ...(keptIn === undefined ? {} : { MasterUserSecret: { SecretArn: secret(keptIn) } }),
  });

test('the login of a database lies in the secret that RDS keeps it in, where that was described', () => {
  const credentials = managedCredentials([
    database('orders', 'orders'),
    database('plain'),
    database('unseen', 'unseen'),
    database('told-as-another', 'alias'),
    resource('secret', secret('other'), {}),
    resource('secret', secret('orders'), {}),
    resource('alias', secret('alias'), {}),
  ]);
  expect(credentials.map(({ place, opens }) => [place.key, opens])).toEqual([
    [`aws:${secret('orders')}`, [database('orders').key]],
  ]);
});
