import { expect, test } from 'vitest';
import { assetData, assetOf } from './asset-data.ts';
import { labelIdOf, meaningOfClassification } from './classification-name.ts';

test.each<[string, string | null, boolean]>([
  ['MICROSOFT.PERSONAL.NAME', 'pii', true],
  ['MICROSOFT.PERSONAL.US.PHONE_NUMBER', 'pii', true],
  ['microsoft.personal.date_of_birth', 'pii', true],
  ['MICROSOFT.GOVERNMENT.US.SOCIAL_SECURITY_NUMBER', 'pii', true],
  ['MICROSOFT.GOVERNMENT.BELGIUM.DRIVERS.LICENSE.NUMBER', 'pii', true],
  ['MICROSOFT.GOVERNMENT.AUSTRIA.TAX.IDENTIFICATION.NUMBER', 'pii', true],
  ['MICROSOFT.GOVERNMENT.CITY_NAME', null, false],
  ['MICROSOFT.GOVERNMENT.US.STATE', null, false],
  ['MICROSOFT.GOVERNMENT.AUSTRALIA.COMPANY.NUMBER', null, false],
  ['MICROSOFT.GOVERNMENT.AUSTRALIA.BUSINESS.NUMBER', null, false],
  ['MICROSOFT.GOVERNMENT.UK.NATIONAL_HEALTH_SERVICE_NUMBER', 'phi', true],
  ['MICROSOFT.PERSONAL.HEALTH_INSURANCE', 'phi', true],
  ['MICROSOFT.FINANCIAL.CREDIT_CARD_NUMBER', 'pci', true],
  ['MICROSOFT.FINANCIAL.EU.DEBIT_CARD_NUMBER', 'pci', true],
  ['MICROSOFT.FINANCIAL.US.ABA_ROUTING_NUMBER', 'financial', true],
  ['MICROSOFT.SECURITY.COMMON_PASSWORDS', 'credentials', true],
  ['MICROSOFT.MISCELLANEOUS.IPADDRESS', 'telemetry', false],
  ['MICROSOFT.POWERBI.ENDORSEMENT', null, false],
])('the classification %s tells its type', (name, type, isSensitive) => {
  expect(meaningOfClassification(name)).toEqual({ type, isSensitive });
});

test('names that Microsoft does not define are in no table', () => {
  expect(
    ['ACME_PII', 'MICROSOFT.NEW.THING', 'MY.MICROSOFT.PERSONAL.NAME'].map(meaningOfClassification),
  ).toEqual([undefined, undefined, undefined]);
});

/** Class and types of a file with these classifications. */
function told(...classification: string[]) {
  const asset = assetOf({ id: '1', qualifiedName: 's3://acme/a.csv', entityType: 'x', classification });
  const [word] = asset === null ? [] : assetData(asset, new Map());
  return [word?.clue.dataClass, ...(word?.clue.types ?? [])];
}

test('names of an organisation are read by their words, and things that have names and addresses are nobody', () => {
  expect(told('ACME_PII_CUSTOMER')).toEqual(['confidential', 'pii']);
  expect(told('CSA PHI record')).toEqual(['restricted', 'phi']);
  expect(told('Customer Name')).toEqual(['confidential', 'pii']);
  expect(told('Employee_Email_Address')).toEqual(['confidential', 'pii']);
  expect(told('Product_Name')).toEqual([null]);
  expect(told('Server.Address')).toEqual([null]);
  expect(told('Falcon')).toEqual([null]);
  expect(told('MICROSOFT.MISCELLANEOUS.IPADDRESS')).toEqual([null, 'telemetry']);
});

test('a label among classifications is told by its id', () => {
  expect(labelIdOf('Microsoft.Label.9FBDE396_1A24_4C79_8EDF_9254A0F35055')).toBe(
    '9fbde396-1a24-4c79-8edf-9254a0f35055',
  );
  expect(labelIdOf('Microsoft.Label.Other')).toBe(undefined);
});
