import { type DataClue, type DataType, NAME_CONFIDENCE } from './data-class.ts';

/** Names of columns that speak of what stands in them; weak, because a name is only a name (attack-paths §7.2). */
const COLUMNS: Readonly<Partial<Record<DataType, readonly string[]>>> = {
  pii: [
    'birth_date',
    'birthdate',
    'date_of_birth',
    'dob',
    'driver_license',
    'driver_license_number',
    'email',
    'email_address',
    'first_name',
    'full_name',
    'home_address',
    'last_name',
    'maiden_name',
    'national_id',
    'passport',
    'passport_number',
    'phone',
    'phone_number',
    'social_security_number',
    'ssn',
    'street_address',
    'surname',
    'tax_id',
  ],
  pci: ['card_number', 'cc_number', 'credit_card', 'credit_card_number', 'cvc', 'cvv'],
  phi: ['diagnosis', 'icd10', 'medical_record_number', 'mrn', 'prescription'],
  credentials: [
    'access_token',
    'api_key',
    'passwd',
    'password',
    'password_hash',
    'private_key',
    'refresh_token',
  ],
  financial: ['bank_account', 'bank_account_number', 'iban', 'salary'],
};

/** Types that nobody may lose, also where a name alone tells of them. */
const RESTRICTED: readonly DataType[] = ['pci', 'phi', 'credentials'];

const TOLD_MAX = 6;

/**
 * What the names of a table's columns say that the store holds in which it lies: each counts whole or as the end of a longer
 * one (`billing_email`, `billingEmail`). Null where none of them tells. `table` is its name, for people.
 */
export function columnNamesClue(columns: readonly string[], table: string): DataClue | null {
  const told = columns.flatMap((column) => {
    const type = typeOfColumn(column);
    return type === null ? [] : [{ column: column.slice(0, 60), type }];
  });
  if (told.length === 0) return null;
  const types = [...new Set(told.map(({ type }) => type))];
  const names = told.slice(0, TOLD_MAX).map(({ column }) => `"${column}"`);
  return {
    dataClass: types.some((type) => RESTRICTED.includes(type)) ? 'restricted' : 'confidential',
    types,
    confidence: NAME_CONFIDENCE,
    reason: `the names of columns of the table ${table}: ${names.join(', ')}`,
  };
}

function typeOfColumn(column: string): DataType | null {
  const words = column
    .slice(0, 200)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
  for (const [type, known] of Object.entries(COLUMNS))
    if (known.some((name) => `_${words}`.endsWith(`_${name}`))) return type as DataType;
  return null;
}
