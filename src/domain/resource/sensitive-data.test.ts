import { expect, test } from 'vitest';
import { sensitiveDataClue } from './sensitive-data.ts';

test.each<[readonly string[], 'low' | 'medium' | 'high' | 'critical', string, readonly string[]]>([
  [['PERSONAL_INFORMATION', 'NAME', 'ADDRESS'], 'medium', 'confidential', ['pii']],
  [['PERSONAL_INFORMATION', 'PASSPORT_NUMBER'], 'high', 'restricted', ['pii']],
  [['PERSONAL_INFORMATION', 'NAME'], 'critical', 'restricted', ['pii']],
  [['FINANCIAL_INFORMATION', 'CREDIT_CARD_NUMBER'], 'low', 'restricted', ['pci', 'financial']],
  [['FINANCIAL_INFORMATION', 'BANK_ACCOUNT_NUMBER'], 'medium', 'confidential', ['financial']],
  [['CREDENTIALS', 'AWS_SECRET_ACCESS_KEY'], 'low', 'restricted', ['credentials']],
  [['USA_HEALTH_INSURANCE_CLAIM_NUMBER'], 'low', 'restricted', ['phi']],
  [['EMAIL_ADDRESS', 'US_SOCIAL_SECURITY_NUMBER'], 'low', 'confidential', ['pii']],
  [['JSON_WEB_TOKEN'], 'low', 'restricted', ['credentials']],
  [['internal project code'], 'low', 'confidential', []],
  [[], 'medium', 'confidential', []],
])('%j of severity %s is %s', (words, severity, dataClass, types) => {
  expect(sensitiveDataClue(words, severity, 'content', 'Macie')).toEqual({
    dataClass,
    types,
    confidence: 0.95,
    reason: 'Macie',
  });
});

test('a label on the whole store says less than a look at what is in it', () => {
  expect(sensitiveDataClue([], null, 'label', 'score').confidence).toBe(0.8);
});

const WORDS: Readonly<Record<string, readonly string[]>> = {
  pci: [
    'CREDIT_CARD',
    'CREDITCARD',
    'CARD_NUMBER',
    'CARD_TRACK',
    'CARD_EXPIRATION',
    'CARD_VERIFICATION',
    'PCI',
    'PAN',
  ],
  phi: ['HEALTH', 'MEDICAL', 'MEDICARE', 'PHI', 'HIPAA', 'HCPCS', 'NATIONAL_DRUG', 'NPI', 'ICD9', 'ICD10'],
  credentials: [
    'CREDENTIAL',
    'SECRET',
    'PRIVATE_KEY',
    'PASSWORD',
    'WEAK_PASSWORD_HASH',
    'AUTH_TOKEN',
    'OAUTH_TOKEN',
    'ACCESS_TOKEN',
    'WEB_TOKEN',
    'SECURITY_TOKEN',
    'BEARER_TOKEN',
    'API_KEY',
    'APIKEY',
    'HTTP_BASIC_AUTH',
    'HTTP_COOKIE',
    'ENCRYPTION_KEY',
  ],
  source: ['SOURCE_CODE', 'SOURCECODE', 'DOCUMENT_TYPE/R&D/SOURCE_CODE'],
  financial: ['FINANCIAL', 'BANK', 'IBAN', 'IBAN_CODE', 'SWIFT', 'ROUTING_NUMBER', 'CRYPTO_WALLET'],
  pii: [
    'PERSONAL',
    'PERSON_NAME',
    'PERSONNAME',
    'FIRST_NAME',
    'FIRSTNAME',
    'LAST_NAME',
    'LASTNAME',
    'NAME',
    'FULL_NAME',
    'EMAIL',
    'PHONE',
    'SSN',
    'SOCIAL_SECURITY',
    'PASSPORT',
    'DRIVER',
    'NATIONAL_ID',
    'NATIONAL_INSURANCE',
    'IDENTIFICATION_NUMBER',
    'TAX',
    'DATE_OF_BIRTH',
    'DOB',
    'STREET_ADDRESS',
    'STREETADDRESS',
    'ADDRESS',
    'HOME_ADDRESS',
    'LATITUDE',
    'VIN',
    'ELECTORAL',
    'PII',
  ],
};

test.each(Object.entries(WORDS).flatMap(([type, words]) => words.map((word) => [word, type])))(
  'the word %s means %s, in any case and with any separators',
  (word, type) => {
    for (const spelled of [word, word.toLowerCase(), word.replaceAll('_', ' '), word.replaceAll('_', '-')])
      expect(sensitiveDataClue([spelled], 'low', 'label', '').types, spelled).toEqual([type]);
  },
);

test.each([
  'NAMESPACE',
  'NAMED',
  'ADDRESSEE',
  'PANEL',
  'PHILIPS',
  'ICD11',
  'SOURCE',
  'VINTAGE',
  'TOKEN',
  'SPAN',
  'DOBERMAN',
])('the word %s means nothing', (word) => {
  expect(sensitiveDataClue([word], 'low', 'label', '').types).toEqual([]);
});
