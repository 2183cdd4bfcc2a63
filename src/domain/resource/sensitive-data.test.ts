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
