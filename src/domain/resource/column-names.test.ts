import { describe, expect, it } from 'vitest';
import { columnNamesClue } from './column-names.ts';

describe('names of columns', () => {
  it.each([
    ['pii', 'email', 'confidential'],
    ['pii', 'billing_email', 'confidential'],
    ['pii', 'CustomerEmailAddress', 'confidential'],
    ['pii', 'date-of-birth', 'confidential'],
    ['financial', 'iban', 'confidential'],
    ['pci', 'credit_card_number', 'restricted'],
    ['phi', 'diagnosis', 'restricted'],
    ['credentials', 'passwordHash', 'restricted'],
  ])('say %s by %s', (type, column, dataClass) => {
    expect(columnNamesClue(['id', column], 'crm.people')).toEqual({
      dataClass,
      types: [type],
      confidence: 0.3,
      reason: `the names of columns of the table crm.people: "${column}"`,
    });
  });

  it.each([
    'id',
    'name',
    'table_name',
    'ip_address',
    'email_sent_at',
    'emails_total',
    'taxonomy',
    'telemail',
    '',
  ])('say nothing by %s', (column) => expect(columnNamesClue([column], 't')).toBeNull());

  it('are told, six of them at most, and the worst type is the class', () => {
    const clue = columnNamesClue(
      ['a_email', 'b_email', 'c_email', 'd_email', 'e_email', 'f_email', 'cvv'],
      't',
    );
    expect(clue).toMatchObject({ dataClass: 'restricted', types: ['pii', 'pci'] });
    expect(clue?.reason).toMatch(/"f_email"$/);
    expect(columnNamesClue([`${'x'.repeat(199)}_email`], 't')).toBeNull();
  });
});
